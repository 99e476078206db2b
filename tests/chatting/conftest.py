"""Services to talk with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model_service import running_service
from tests.spark_service import running_spark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.model_service import Service
    from tests.spark_service import Spark


@pytest.fixture
def spark() -> Iterator[Spark]:
    with running_spark() as running:
        yield running


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running
