"""The models that a person can talk with: Spark and OpenAI-compatible services in one list."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from curation import chatting, conversations, endpoints
from curation.chatting import (
    SPARK,
    Limits,
    Options,
    Piece,
    SparkProfile,
    SparkTalker,
    Thinking,
    ThoughtSplitter,
)
from curation.store.settings import get_value, put_value
from curation.workflow.connections import load_connections, secrets_path
from curation.workflow.roles import owners_alone, owners_only

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence

    from curation.chatting import Said, Talker
    from curation.endpoints import Profile
    from curation.store import Workspace

_OPTIONS: Final = "chat.options"
_SPARK: Final = "spark:"
_SERVICE: Final = "service:"


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model to talk with; `key` tells it from all others and stays while its name does."""

    key: str
    name: str
    profile: SparkProfile | Profile

    @property
    def host(self) -> str:
        """The host that what is typed goes to."""
        return self.profile.host

    @property
    def on_this_machine(self) -> bool:
        """Whether the model runs here, so that nothing leaves the machine."""
        return self.profile.on_this_machine

    @property
    def in_the_open(self) -> bool:
        """Whether what is sent goes over a network unencrypted."""
        return self.profile.in_the_open

    @property
    def is_spark(self) -> bool:
        """Whether it is asked by Spark's own protocol."""
        return isinstance(self.profile, SparkProfile)


@owners_alone
def chat_models() -> list[ChatModel]:
    """Return all models to talk with, Spark first; EndpointError where the file is broken."""
    spark = chatting.load_spark(secrets_path())
    return [
        *(ChatModel(_SPARK + each.name, each.name, each) for each in spark),
        *(ChatModel(_SERVICE + each.name, each.name, each) for each in load_connections()),
    ]


@owners_alone
def save_spark(profile: SparkProfile, *, before: str | None = None) -> SparkProfile:
    """Keep a Spark service, in place of that of the name `before`; return it as it was kept.

    EndpointError where it cannot be used or kept.
    """
    return chatting.save_spark(secrets_path(), profile, before=before)


@owners_alone
def forget_spark(name: str) -> None:
    """Remove a Spark service with its keys; EndpointError where the file cannot be written."""
    chatting.forget_spark(secrets_path(), name)


@owners_alone
def try_spark(profile: SparkProfile) -> None:
    """Open a connection to a Spark service, and ask it nothing; EndpointError says why it fails."""
    talker = SparkTalker(profile, Options(), conversations.estimate_tokens)
    try:
        talker.open()
    finally:
        talker.close()


def chat_options(workspace: Workspace, model: ChatModel) -> Options:
    """Return how a model is to answer, as the person last chose."""
    with workspace.read() as connection:
        kept: Mapping[str, Any] = (get_value(connection, _OPTIONS) or {}).get(model.key, {})
    usual = Options(context=SPARK.question) if model.is_spark else Options()
    return replace(
        usual,
        temperature=float(kept.get("temperature", usual.temperature)),
        most_tokens=int(kept.get("most_tokens", usual.most_tokens)),
        context=int(kept.get("context", usual.context)),
        top_k=int(kept.get("top_k", usual.top_k)),
        thinking=Thinking(kept.get("thinking", usual.thinking)),
    )


@owners_only
def save_chat_options(workspace: Workspace, model: ChatModel, options: Options) -> None:
    """Keep how a model is to answer; EndpointError where that makes no sense."""
    checked = chatting.checked_options(options)
    with workspace.write() as connection:
        kept: dict[str, Any] = get_value(connection, _OPTIONS) or {}
        kept[model.key] = asdict(checked)
        put_value(connection, _OPTIONS, kept)


def talker_for(model: ChatModel, options: Options, stopping: threading.Event) -> Talker:
    """Return what talks with a model."""
    if isinstance(model.profile, SparkProfile):
        return SparkTalker(model.profile, options, conversations.estimate_tokens, stopping=stopping)
    return ServiceTalker(model.profile, options, stopping)


class ServiceTalker:
    """A `Talker` for an OpenAI-compatible service."""

    def __init__(self, profile: Profile, options: Options, stopping: threading.Event) -> None:
        self._profile = profile
        self._options = options
        self._client = endpoints.Client(profile, stopping=stopping)

    def open(self) -> None:
        """As of every talker: nothing is known before the first question."""

    def close(self) -> None:
        """As of every talker."""
        self._client.close()

    def answer(self, system: str, history: Sequence[Said]) -> Iterator[Piece]:
        """As of every talker."""
        options = self._options
        limits = Limits(options.context - options.most_tokens, options.context)
        count = conversations.estimate_tokens
        turns = chatting.fitted(system, history, limits, options.most_tokens, count)
        messages = [{"role": "system", "content": system}] if system else []
        messages += [{"role": each.role.value, "content": each.text} for each in turns]
        body = endpoints.chat_body(
            self._profile, messages, options.temperature, options.most_tokens
        )
        splitter = ThoughtSplitter()
        for each in self._client.stream(body):
            said, thought = splitter.feed(each.text)
            if said or thought or each.thought:
                yield Piece(said, each.thought + thought)
        said, thought = splitter.end()
        if said or thought:
            yield Piece(said, thought)
