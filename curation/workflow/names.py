"""Names of the people in the chats, for the search for private data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation import cleaning, store
from curation.store import names
from curation.workflow.personas import load_persona
from curation.workflow.roles import for_who_sees_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from curation.model import SourceFile
    from curation.store import Workspace

_ID = re.compile(r"(?=.*[\d_@-])[A-Za-z0-9_@.-]{5,}", re.ASCII)
"""How ids look: Latin letters and digits with at least one digit, `_`, `@` or `-`. An id made of
letters alone counts as a name."""

WRITTEN_CHAT: Final = "手写对话"
MBTI_CHAT: Final = "MBTI"
"""Chats that hold what has no partner."""

_SHORTEST: Final = 2  # characters; one character stands in too many words

_GENERIC: Final = frozenset(
    (
        *("我", "你", "他", "她", "对方", "自己", "本人", "系统", "系统消息", "未知", "群聊"),
        *("未知用户", "未命名", "匿名", "匿名消息", "群友", "群主", "好友", "朋友", "微信用户"),
        *("me", "you", "user", "assistant", "system", "human", "gpt", "bot", "unknown", "tool"),
        *("self", "other", "sender", "friend", "group", "chat", "messages", "none", "null", "nan"),
        *("function", "observation", "function_call", "deleted account", "anonymous"),
        # Chats without a title are called after their file, and that often after its app.
        *("微信", "wechat", "qq", "whatsapp", "telegram", "line", "discord", "imessage", "sms"),
        *("聊天记录", "聊天", "导出", "_chat", "chats", "export", "exported", "result", "data"),
        # Words for relatives are how one speaks of them, not who they are.
        *("爸", "妈", "爸爸", "妈妈", "老爸", "老妈", "爹", "娘", "父亲", "母亲", "爷爷", "奶奶"),
        *("外公", "外婆", "姥姥", "姥爷", "哥", "哥哥", "姐", "姐姐", "弟弟", "妹妹", "老婆"),
        *("老公", "媳妇", "丈夫", "妻子", "儿子", "女儿", "宝宝", "宝贝", "叔叔", "阿姨", "舅舅"),
        *("姑姑", "姨妈", "伯伯", "婶婶", "表哥", "表姐", "表弟", "表妹", "堂哥", "堂姐", "亲爱的"),
        *("老师", "老板", "同学", "同事", "男朋友", "女朋友", "男友", "女友", "闺蜜", "mom", "dad"),
        # Chats that hold what was written here.
        *(WRITTEN_CHAT, MBTI_CHAT.lower()),
        *("文件传输助手", "filehelper", "微信团队", "weixin", "家人群", "一家人", "相亲相爱一家人"),
    )
)
"""Words that are no name: roles, kinds of people, helpers of the app. Compared in lower case."""


@for_who_sees_all
def known_names(workspace: Workspace) -> tuple[str, ...]:
    """Return the names, nicknames, group cards and ids of people in the chats, in order.

    The persona's own name is among them; what groups are called is not. Words that everybody
    uses, such as `我` or `妈妈`, and single characters are left out.
    """
    with workspace.read() as connection:
        found = names.all_names(connection)
    found.add(load_persona(workspace).name)
    return tuple(sorted(name for name in _clean(found) if _tells(name)))


def partners(workspace: Workspace) -> list[str]:
    """Return the names of all chats that have a partner, by name."""
    return [name for name in store.chat_names(workspace) if name not in (WRITTEN_CHAT, MBTI_CHAT)]


def keep(connection: Connection, sources: Iterable[SourceFile]) -> None:
    """Remember the names in files that are neither a chat's nor a speaker's."""
    found: set[str] = set()
    for source in sources:
        found |= set(source.known_names) | set(source.chat_ids.values())
        for key, others in source.aliases.items():
            found |= {key, *others}
    kinds = {
        name: "id" if _ID.fullmatch(name) else "name"
        for name in sorted(_clean(found))
        if _tells(name)
    }
    names.add(connection, kinds)


def _clean(found: Iterable[str]) -> set[str]:
    return {cleaning.clean_text(name).strip() for name in found}


def _tells(name: str) -> bool:
    return len(name) >= _SHORTEST and name.lower() not in _GENERIC
