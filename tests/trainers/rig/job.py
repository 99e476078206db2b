"""How a script of the trainers' environment is told what to do and says what it saw: two files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def answer(work: Callable[[dict[str, Any]], Any]) -> None:
    """Do `work` with the job in the file named first, and write what it returns to the second."""
    job, result = (Path(name) for name in sys.argv[1:])
    found = work(json.loads(job.read_text(encoding="utf-8")))
    result.write_text(json.dumps(found), encoding="utf-8")


def trained_pieces(tokenizer: Any, ids: list[int], trained: list[bool]) -> list[str]:
    """Return the texts that the model learns to say: each run of tokens that `trained` marks."""
    pieces: list[list[int]] = []
    before = False
    for token, learnt in zip(ids, trained, strict=True):
        if learnt and not before:
            pieces.append([])
        if learnt:
            pieces[-1].append(token)
        before = learnt
    return [tokenizer.decode(piece) for piece in pieces]


def seen(tokenizer: Any, ids: list[int], trained: list[bool]) -> dict[str, Any]:
    """Return what a trainer makes of one record: its text, its control tokens, what is learnt.

    `trained` says of each token whether it is learnt; it is empty where all of them are.
    """
    special = set(tokenizer.get_added_vocab().values())
    return {
        "tokens": len(ids),
        "text": tokenizer.decode(ids),
        "special": [tokenizer.convert_ids_to_tokens(token) for token in ids if token in special],
        "learnt": trained_pieces(tokenizer, ids, trained) if trained else [],
    }
