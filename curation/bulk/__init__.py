"""Work that is mapped over partitions: in this process, or by the workers of Dask.

This package knows nothing of rooms. A room says what is done to a partition (`Work`), the workflow
reads partitions and writes results, and an engine says who works. Results come back in the order of
the partitions, whoever worked, so that what is stored does not depend on the engine.
"""

from curation.bulk.engines import Engine, Here, LocalWorkers
from curation.bulk.scheduler import Scheduler, SchedulerWorkers
from curation.bulk.work import JSON, PICKLE, Codec, Work, no_sign

__all__ = [
    "JSON",
    "PICKLE",
    "Codec",
    "Engine",
    "Here",
    "LocalWorkers",
    "Scheduler",
    "SchedulerWorkers",
    "Work",
    "no_sign",
]
