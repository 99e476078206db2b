"""Trains the model of passwords and one-time codes.

    python pii_training/train_secrets.py

It writes `curation/pii/data/secrets.json`: the same texts give the same weights.
`leave_out.py` says how well that does on authors whose texts it never saw.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.pii.recognizers import secret_model
from curation.pii.recognizers.secret_candidates import candidates
from curation.pii.recognizers.secret_features import features
from pii_training.scoring import Task, run

TASK: Final = Task(secret_model, candidates, features)

if __name__ == "__main__":
    run(TASK, __doc__.splitlines()[0] if __doc__ else None)
