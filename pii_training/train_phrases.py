"""Trains the model of phrases that open something.

    python pii_training/train_phrases.py

It writes `curation/pii/data/phrases.json`: the same texts give the same weights.
`leave_out.py` says how well that does on authors whose texts it never saw.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.pii.recognizers import phrases as phrase_model
from curation.pii.recognizers.phrase_candidates import phrases
from curation.pii.recognizers.phrase_features import features
from pii_training.scoring import Task, run

if TYPE_CHECKING:
    from benchmarks.evaluation_set import Mark
    from curation.pii.recognizers.secret_candidates import Candidate


def covers(found: Candidate, mark: Mark) -> bool:
    """Tell whether more than half of both is the same."""
    both = min(found.end, mark.end) - max(found.start, mark.start)
    return 2 * both > max(found.end - found.start, mark.end - mark.start)


TASK: Final = Task(phrase_model, phrases, features, covers)

if __name__ == "__main__":
    run(TASK, __doc__.splitlines()[0] if __doc__ else None)
