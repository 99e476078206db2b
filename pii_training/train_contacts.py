"""Trains the model of phones and accounts.

    python pii_training/train_contacts.py

It writes `curation/pii/data/contacts.json`: the same texts give the same weights.
`leave_out.py` says how well that does on authors whose texts it never saw.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.pii.recognizers import contact_model
from curation.pii.recognizers.contact_candidates import contacts
from curation.pii.recognizers.contact_features import features
from pii_training.scoring import Task, run

TASK: Final = Task(contact_model, contacts, features)

if __name__ == "__main__":
    run(TASK, __doc__.splitlines()[0] if __doc__ else None)
