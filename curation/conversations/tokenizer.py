"""How long texts are to a trainer: counted by its own tokenizer where it is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from curation.conversations.tokens import estimates
from curation.errors import N_, BadFileError, OptionsError, why_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Counter(Protocol):
    """What counts the tokens of texts."""

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        ...


TURN_TOKENS: Final = 5
"""What a chat template writes around a turn or a system text: marks of its begin and end, the
role, line ends. ChatML and Llama 3 need five, others fewer.
"""
_LARGEST: Final = 256 * 2**20


def token_counter(tokenizer: str = "") -> Counter:
    """Return what counts the tokens of texts: a `tokenizer.json` or, without one, an estimate.

    Nothing is downloaded. Raises OptionsError where the package that reads such files is missing,
    BadFileError where the file is none.
    """
    if not tokenizer:
        return estimates
    try:
        # It is not needed without such a file, and brings a dozen packages with it.
        from tokenizers import Tokenizer  # noqa: PLC0415  (optional)
    except ImportError as exc:
        raise OptionsError(
            N_(
                "The package tokenizers is not installed; install it, or leave the tokenizer out"
                " and lengths are estimated."
            )
        ) from exc
    told = _read(Path(tokenizer))
    try:
        loaded = Tokenizer.from_str(told)
    except Exception as exc:  # the package raises nothing more particular
        reason = N_("this is no tokenizer file of the kind tokenizer.json")
        raise BadFileError(tokenizer, reason) from exc
    # A file may say that texts are cut or filled up to a length of its own.
    loaded.no_truncation()
    loaded.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        encoded = loaded.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(each) for each in encoded]

    return count


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadFileError(path, N_("this is no tokenizer file of the kind tokenizer.json"))
        return path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        why = why_of(exc)
        raise BadFileError(path, N_("cannot be read ({why})"), why=why) from exc
    except (UnicodeDecodeError, ValueError) as exc:  # a path may hold a zero character
        reason = N_("this is no tokenizer file of the kind tokenizer.json")
        raise BadFileError(path, reason) from exc
