"""Lists of people that lie beside a chat: account id -> how a person calls them.

Source: PyWxDump writes `users.json` beside every chat it exports (an object by account id, in
older versions a list of such objects); WeClone keeps the file. Without it a chat consists of
account ids only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from curation.errors import N_, BadFileError
from curation.importers.document import open_document
from curation.importers.json_values import name_of, object_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from curation.importers.document import Document

FILE_NAME: Final = "users.json"

_ID_KEYS: Final = ("wxid", "UserName", "username")
_NAME_KEYS: Final = ("remark", "nickname", "account", "Remark", "NickName", "Alias")
"""The name a person gave first, then the one the other gave, then the account's own."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Names of people by account id, the one a person reads first; and what went wrong."""

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def name(self, account: str) -> str:
        """Return how a person calls `account`; the id itself where nobody says."""
        return self.people.get(account, (account,))[0]

    def names(self, accounts: Collection[str]) -> dict[str, str]:
        """Return a name for each account."""
        return {account: self.name(account) for account in accounts}

    def silent(self, speakers: Collection[str]) -> tuple[str, ...]:
        """Return the names of those who are not among the `speakers`."""
        names = (
            name for key, found in self.people.items() if key not in speakers for name in found
        )
        return tuple(dict.fromkeys(names))


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each chat id, the id behind it where two chats have the same name.

    Otherwise two people whom somebody calls the same would become one.
    """
    times = Counter(names.values())
    return {
        chat: f"{name} ({chat})" if times[name] > 1 and name != chat else name
        for chat, name in names.items()
    }


def renamed(column: pa.Array, names: Mapping[str, str]) -> pa.Array:
    """Return a column of ids as names; an id without a name stays."""
    encoded = column.dictionary_encode()
    found = [names.get(value, value) for value in encoded.dictionary.to_pylist()]
    return pa.array(found, type=pa.large_string()).take(encoded.indices)


def contacts_of(value: Any) -> dict[str, tuple[str, ...]]:
    """Return the people of a parsed `users.json` who have a name at all."""
    people: dict[str, tuple[str, ...]] = {}
    for key, person in _entries(value):
        account = next((name for each in _ID_KEYS if (name := name_of(person.get(each)))), key)
        names = (name_of(person.get(each)) for each in _NAME_KEYS)
        found = tuple(dict.fromkeys(name for name in names if name))
        if account and found:
            people[account] = found
    return people


def _entries(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        yield from (("", object_of(person)) for person in value)
    else:
        yield from ((key, object_of(person)) for key, person in object_of(value).items())


def contacts_beside(document: Document) -> Contacts:
    """Return the people listed in the file beside a chat; nobody when there is no such file.

    A list that cannot be read does not keep the chat from being read: a warning tells of it.
    """
    path = document.path.parent / FILE_NAME
    try:
        if document.path.name == FILE_NAME or not path.is_file():
            return Contacts()
    except OSError:  # a folder nobody may look into: as if there was no list
        return Contacts()
    try:
        return Contacts(contacts_of(open_document(path, document.options).json))
    except BadFileError:
        return Contacts(
            warnings=(N_("users.json beside the file cannot be read; names are missing"),)
        )
