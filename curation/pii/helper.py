"""A process that searches batches of messages for another one; it is no command for people.

    python -m curation.pii.helper

The first line on stdin holds the rules; once the detector is built, a line says so on stdout. Then
each line on stdin is a number and a batch of runs, answered by a line with the number and what was
found. All lines are JSON. It ends with its stdin, so it never outlives the process that started it.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from typing import IO

from curation.model import DetectionRules
from curation.pii.detector import Detector
from curation.pii.parallel import packed


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer batch after batch until there are no more questions."""

    def send(message: object) -> None:
        answers.write(json.dumps(message).encode("ascii") + b"\n")
        answers.flush()

    detector = Detector(DetectionRules.from_json(next(questions).decode("ascii")))
    # What is here now stays: the garbage collector need not look through it again and again.
    gc.freeze()
    send("ready")
    for line in questions:
        number, runs = json.loads(line)
        send([number, packed(detector.detect_runs(runs))])


if __name__ == "__main__":
    # Ctrl-C reaches this process too; the one that started it decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
