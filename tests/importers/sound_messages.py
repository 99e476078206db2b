"""What holds for the messages of any file that could be read, however broken it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.model import MESSAGE_COLUMNS, Kind

if TYPE_CHECKING:
    import pandas as pd


def assert_sound(messages: pd.DataFrame) -> None:
    """Fail unless this is a table of messages: its columns, kinds and texts are what they say."""
    assert dict(messages.dtypes.astype(str)) == MESSAGE_COLUMNS
    assert messages["kind"].isin([kind.value for kind in Kind]).all()
    for column in ("chat", "sender", "sender_name", "text"):
        assert messages[column].notna().all(), column
        messages[column].str.encode("utf-8")  # no half characters
    unspoken = messages["kind"].isin(["system", "recall", "poke"])
    assert not messages.loc[unspoken, "is_me"].fillna(value=True).any()
    assert (messages.loc[messages["kind"] == "recall", "text"] == "[已撤回]").all()
