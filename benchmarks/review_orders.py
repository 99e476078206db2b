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

from sqlalchemy import select, update

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from curation import workflow
from curation.model import ConversationFilter, QueueOrder, ReviewOrder, Status
from curation.store.suggestions import refresh_scores
from curation.store.tables import conversation

CHATS = 20
PENDING = ConversationFilter(statuses=(Status.PENDING,))


def decided_workspace(path: Path, conversations: int) -> workflow.Workspace:
    """Return a workspace with so many conversations, a third of them approved."""
    workspace = workflow.open_workspace(fill(path, conversations, chat=conversations // CHATS))
    draw = random.Random(5)
    with workspace.write() as connection:
        ids = list(connection.scalars(select(conversation.c.id)))
        alike = sorted(draw.sample(ids[1:], len(ids) // 10))
        for number in alike:
            connection.execute(
                update(conversation)
                .where(conversation.c.id == number)
                .values(duplicate_of=ids[0], similarity=0.8 + draw.random() / 5)
            )
        refresh_scores(connection, alike)
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
        workspace = decided_workspace(Path(folder) / "w.db", options.conversations)
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
