from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from curation.pii import Detector

if TYPE_CHECKING:
    from collections.abc import Callable


class Found(Protocol):
    def __call__(self, text: str, entity: str = "") -> list[str]: ...


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector()


@pytest.fixture(scope="session")
def found(detector: Detector) -> Callable[..., list[str]]:
    """Return the found pieces of a text, of one entity or of all."""

    def pieces(text: str, entity: str = "") -> list[str]:
        return [
            text[finding.start : finding.end]
            for finding in detector.detect(text)
            if entity in ("", finding.entity)
        ]

    return pieces
