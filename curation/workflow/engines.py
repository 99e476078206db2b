"""Who does the work of a bulk job: this process, workers on this machine, or those of a scheduler.

Only the parent reads and writes the workspace. What it stores of a partition, and the mark that
says so, are one transaction, in the order of the partitions: so nothing is doubled or lost,
whoever dies, and what is stored is what one process stores, to the byte.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from curation.bulk import LocalWorkers, SchedulerWorkers
from curation.store.files import safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.bulk import Engine, Scheduler
    from curation.store import Workspace


@contextmanager
def bulk_engine(
    workspace: Workspace | None = None, scheduler: Scheduler | None = None
) -> Iterator[Engine]:
    """Give who works for the jobs of the block, one after the other.

    Without a scheduler these are workers on this machine once a job is large enough, if Dask is
    installed. Raises EngineError where it is not and a scheduler was named.
    """
    engine: Engine
    if scheduler is not None:
        engine = SchedulerWorkers(scheduler)
    else:
        path = None if workspace is None else safety.database_path(workspace.engine)
        engine = LocalWorkers(None if path is None else path.parent)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def given_or_own(workspace: Workspace, engine: Engine | None) -> Iterator[Engine]:
    """Give `engine`, or one of the block's own where there is none."""
    if engine is not None:
        yield engine
        return
    with bulk_engine(workspace) as own:
        yield own
