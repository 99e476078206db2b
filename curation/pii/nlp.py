"""A blank Chinese spaCy pipeline with the jieba segmenter, run only when somebody asks for tokens.

None of this program's recognizers needs tokens, and segmenting costs more than all of them
together; a third party's recognizer that reads them gets them all the same.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import threading
import warnings
from typing import TYPE_CHECKING, Any, Final

import spacy
from presidio_analyzer import EntityRecognizer, LemmaContextAwareEnhancer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

from curation.pii.entities import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from spacy.tokens import Doc

_WORDS_AS_LEMMAS: Final = "ruwo_words_as_lemmas"
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""What a broken export leaves of an emoji: spaCy cannot encode it."""


class JiebaNlpEngine(SpacyNlpEngine):
    """Presidio's spaCy engine over `spacy.blank("zh")`: no model, nothing downloaded."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])
        self._loading = threading.Lock()

    def load(self) -> None:
        """Build the pipeline; the first call reads jieba's dictionary, about a second."""
        with self._loading:
            if self.nlp is None:
                pipelines = {LANGUAGE: _blank_pipeline()}
                # Presidio declares the attribute as None and nothing else.
                self.nlp = pipelines  # type: ignore[assignment]

    def is_loaded(self) -> bool:
        """Return True: the pipeline is built when its first token is asked for."""
        return True

    def get_supported_languages(self) -> list[str]:
        """Return the one language."""
        return [LANGUAGE]

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return artifacts that are worked out when they are first read."""
        return LazyArtifacts(self, text, language)

    # Presidio's own engine contradicts its base class here.
    def process_batch(  # type: ignore[override]
        self,
        texts: Iterable[Any],
        language: str,
        batch_size: int = 1,  # noqa: ARG002  (nothing is worked out in advance)
        n_process: int = 1,  # noqa: ARG002  (Presidio's signature)
        as_tuples: bool = False,  # noqa: FBT001, FBT002  (Presidio's signature)
    ) -> Generator[Any, Any, None]:
        """Yield each text with its artifacts, as `process_text` gives them, and its context."""
        for each in texts:
            text, *context = each if as_tuples else (each,)
            yield (text, self.process_text(text, language), *context)

    def segment(self, text: str, language: str) -> NlpArtifacts:
        """Return the artifacts of `text`, worked out now."""
        self.load()
        return super().process_text(_LONE_SURROGATE.sub("\ufffd", text), language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Whether spaCy lists `word` as a stop word."""
        self.load()
        return bool(super().is_stopword(word, language))

    def is_punct(self, word: str, language: str) -> bool:
        """Whether `word` is punctuation."""
        self.load()
        return bool(super().is_punct(word, language))


class LazyArtifacts(NlpArtifacts):
    """Presidio's artifacts whose tokens are segmented on first use."""

    def __init__(self, engine: JiebaNlpEngine, text: str, language: str) -> None:
        self.nlp_engine = engine
        self._text = text
        self._language = language

    def __getattr__(self, name: str) -> Any:
        """Work everything out the first time a part is read that is not there yet."""
        if name.startswith("_"):
            raise AttributeError(name)
        done = vars(self.nlp_engine.segment(self._text, self._language))
        vars(self).update(done)
        if name not in done:
            raise AttributeError(name)
        return done[name]


class ContextWhereWanted(LemmaContextAwareEnhancer):
    """Presidio's enhancer, which copies every result, only where a recognizer has context words."""

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results, with the scores raised that their context words support."""
        if not context and not any(recognizer.context for recognizer in recognizers):
            return raw_results
        enhanced: list[RecognizerResult] = super().enhance_using_context(
            text, raw_results, nlp_artifacts, recognizers, context
        )
        return enhanced


def _blank_pipeline() -> spacy.language.Language:
    """Return the pipeline, with jieba kept quiet and out of the shared temporary folder.

    jieba logs to stderr and keeps its dictionary in a file of a fixed name in the temporary folder,
    which on a shared machine anybody could have put there; it is given a folder of its own instead.
    """
    with warnings.catch_warnings():
        # jieba 0.42 imports pkg_resources and holds regexes with invalid escapes.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415  (inside the filter)
    jieba.setLogLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        jieba.dt.tmp_dir = folder
        pipeline = spacy.blank(LANGUAGE, config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    # The limit is for parsers, which need memory for every word; there is none here.
    pipeline.max_length = sys.maxsize
    pipeline.add_pipe(_WORDS_AS_LEMMAS)
    return pipeline


@spacy.language.Language.component(_WORDS_AS_LEMMAS)
def _words_as_lemmas(doc: Doc) -> Doc:
    """Give every word itself as lemma: Presidio compares context words with lemmas only."""
    for token in doc:
        token.lemma_ = token.text
    return doc
