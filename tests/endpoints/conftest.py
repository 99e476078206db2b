"""A service to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model_service import running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.model_service import Service


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running
