"""What the window of the review queue costs in each order, with 100,000 conversations.

    python benchmarks/review_orders.py [--conversations 100000] [--runs 40]

Fills a workspace with invented conversations of ten messages in twenty chats; one in five holds an
undecided finding, one in ten is nearly the same as another. Then it asks for the window (the
conversation on screen, six to come, two before, the position, what is left) at places all over
the queue, in each order. Prints medians and 95th percentiles by the clock, medians by processor
time, and what the longest order costs against the plain one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from sqlalchemy import func, insert, select, update

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from curation import workflow
from curation.model import ConversationFilter, Decision, QueueOrder, ReviewOrder, Status
from curation.store import derived, imports
from curation.store.suggestions import refresh_scores
from curation.store.tables import conversation, finding, message

CHATS = 20
LINES = 10
PENDING = ConversationFilter(statuses=(Status.PENDING,))
WORDS = ("在吗", "在呀(*^▽^*)", "今天好累", "哈哈哈哈[旺柴]", "我的号码是13812345678")
ENTITIES = ("PHONE_NUMBER", "PASSWORD", "PERSON", "OTP_CODE")


def fill(path: Path, conversations: int) -> workflow.Workspace:
    """Return a workspace with so many conversations."""
    workspace = workflow.open_workspace(path)
    each = conversations // CHATS
    draw = random.Random(5)
    for chat in range(CHATS):
        number = np.repeat(np.arange(each), LINES)
        line = np.tile(np.arange(LINES), each)
        table = pd.DataFrame(
            {
                "conversation": number,
                "side": np.where(line % 2 == 0, "other", "me"),
                "text": [WORDS[at % len(WORDS)] for at in line],
                "seconds": 1_600_000_000 + number * 7200 + chat * 60 + line * 20,
            }
        ).assign(source_id=None, reply_to=None, reply_id=None, kind="text")
        table["sender"] = table["side"]
        table["sender_name"] = table["side"]
        with workspace.write(bulk=True) as connection:
            source = imports.add_source_file(
                connection, name=f"{chat}.csv", file_format="x", messages=len(table), added=0
            )
            ready = table.assign(source_file_id=source).astype({"seconds": "Int64"})
            imports.add_conversations(connection, imports.chat_id(connection, f"友{chat}"), ready)
    with workspace.write() as connection:
        ids = list(connection.scalars(select(conversation.c.id)))
        risky = sorted(draw.sample(ids, len(ids) // 5))
        firsts = dict(
            connection.execute(
                select(message.c.conversation_id, func.min(message.c.id)).group_by(
                    message.c.conversation_id
                )
            ).all()
        )
        blank = {"start": 0, "end": 2, "score": 0.9, "recognizer": "x", "why": ""}
        connection.execute(
            insert(finding),
            [
                {
                    "message_id": firsts[number],
                    "entity": ENTITIES[number % len(ENTITIES)],
                    "value": str(number),
                    "decision": Decision.PENDING.value,
                    **blank,
                }
                for number in risky
            ],
        )
        derived.refresh(connection, risky)
        alike = sorted(draw.sample(ids[1:], len(ids) // 10))
        for number in alike:
            connection.execute(
                update(conversation)
                .where(conversation.c.id == number)
                .values(duplicate_of=ids[0], similarity=0.8 + draw.random() / 5)
            )
        refresh_scores(connection, alike)
        connection.execute(update(conversation).values(scanned=True))
        decided = draw.sample(ids, len(ids) // 3)
        for start in range(0, len(decided), 500):
            some = conversation.c.id.in_(decided[start : start + 500])
            connection.execute(update(conversation).where(some).values(status="approved"))
    return workspace


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    draw = random.Random(9)
    orders = [
        QueueOrder(by, draw.randrange(2**31) if by is ReviewOrder.RANDOM else 0)
        for by in ReviewOrder
    ]
    with TemporaryDirectory() as folder:
        workspace = fill(Path(folder) / "w.db", options.conversations)
        with workspace.read() as connection:
            ids = list(
                connection.scalars(
                    select(conversation.c.id).where(conversation.c.status == "pending")
                )
            )
        times: dict[ReviewOrder, list[tuple[float, float]]] = {order.by: [] for order in orders}
        for run in range(options.runs + 3):
            at = draw.choice(ids)
            for order in orders:
                start, busy = time.perf_counter(), time.process_time()
                window = workflow.review_window(workspace, PENDING, at=at, order=order)
                spent = ((time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000)
                assert window.at == at
                if run >= 3:  # the first ones warm up
                    times[order.by].append(spent)
        workspace.close()
    print(f"{options.conversations:,} conversations, {options.runs} windows in each order")
    middle: dict[ReviewOrder, float] = {}
    for by, taken in times.items():
        clock, processor = zip(*taken, strict=True)
        middle[by] = statistics.median(processor)
        slow = statistics.quantiles(clock, n=20)[-1]
        print(
            f"{by.value:>10}: median {statistics.median(clock):5.1f} ms by the clock "
            f"(95 % within {slow:5.1f}), {middle[by]:5.1f} ms by processor time"
        )
    print(
        f"slowest median by processor time {max(middle.values()):.1f} ms (goal: at most 10), "
        f"{max(middle.values()) / middle[ReviewOrder.CHAT]:.2f} times the plain order's"
    )


if __name__ == "__main__":
    main()
