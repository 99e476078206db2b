"""A folder that `datasets.load_dataset` takes as it is: Parquet with its types, and a card.

Parquet holds the type of each column, so that nothing is guessed on loading. `load_dataset` keeps
what it loaded under the folder's name and card, not under its files: without a digest of those in
the card, a newer dataset in a folder of the same name would be loaded as the older one.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from curation.errors import N_, BadFileError
from curation.exporters.files import atomic_bytes_writer
from curation.exporters.format import Format
from curation.exporters.layouts import no_rows
from curation.exporters.messages import Messages
from curation.exporters.recipes import yaml_front

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from curation.exporters.format import Parts
    from curation.exporters.layouts import Row

_MESSAGES: Final = Messages()
_FOLDER: Final = "huggingface"
_TRAIN: Final = "data/train.parquet"
_VALIDATION: Final = "data/validation.parquet"
_SCHEMA: Final = pa.schema(
    [
        pa.field(
            "messages",
            pa.list_(pa.struct([pa.field("role", pa.string()), pa.field("content", pa.string())])),
        )
    ]
)
# Arrow tells damage in many ways; some of them are errors of the operating system by name.
_DAMAGED: Final = (pa.ArrowException, OSError, UnicodeDecodeError)
_OWN_NOTE: Final = b"ARROW:schema"
_AT_ONCE: Final = 500
_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
)
_BODY: Final = """
# 人设对话数据集 · Persona dialogues

用如我（Ruwo）从本人的聊天记录整理而成，找到的隐私信息已按本人的决定处理。没有哪种检测能找全：请仅在本机或
私有仓库中使用。

Made with Ruwo from a person's own chats; the private details that were found were dealt with as the
person decided. No search finds everything: keep it on your own machine or in a private repository.

Each row is one conversation: `messages` is a list of `role` (`system`, `user`, `assistant`) and
`content`. The first message is the system text; then `user` and `assistant` alternate, and
`assistant` has the last word.

```python
from datasets import load_dataset

dataset = load_dataset("path/to/this/folder")
```
"""


class ParquetRows:
    """Rows of messages in a Parquet file, some hundreds in memory at a time."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """See `Layout`."""
        count = 0
        waiting = iter(rows)
        with atomic_bytes_writer(path) as file, pq.ParquetWriter(file, _SCHEMA) as writer:
            while batch := list(islice(waiting, _AT_ONCE)):
                writer.write_table(pa.Table.from_pylist(batch, schema=_SCHEMA))
                count += len(batch)
            if not count:
                raise no_rows()
        return count

    def read(self, path: Path) -> Generator[Row]:
        """See `Layout`."""
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=_AT_ONCE):
                    yield from batch.to_pylist()
        except _DAMAGED as exc:
            raise BadFileError(path, N_("the file cannot be read")) from exc

    def problem(self, path: Path) -> str:
        """See `Layout`."""
        try:
            with pq.ParquetFile(path) as file:
                notes = file.metadata.metadata or {}
                if not file.schema_arrow.equals(_SCHEMA):
                    return "the file has other columns than messages of role and content"
                return "the file holds more than its rows" if set(notes) - {_OWN_NOTE} else ""
        except _DAMAGED:
            return "the file is not Parquet"


def _card(parts: Parts) -> str:
    total = parts.train + parts.validation
    size = next((name for limit, name in _SIZES if total < limit), "n>1M")
    counts = {"train": parts.train, "validation": parts.validation}
    splits = [split for split, count in counts.items() if count]
    paths = {"train": _TRAIN, "validation": _VALIDATION}
    head: dict[str, Any] = {
        "language": ["zh"],
        "task_categories": ["text-generation"],
        "size_categories": [size],
        "tags": ["conversational", "persona"],
        "pretty_name": "Persona dialogues",
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": split, "path": paths[split]} for split in splits],
            }
        ],
        "dataset_info": {
            "description": f"sha256:{parts.content}",
            "features": [
                {
                    "name": "messages",
                    "list": [{"name": name, "dtype": "string"} for name in ("role", "content")],
                }
            ],
        },
    }
    sizes = "".join(f"- {split}: {counts[split]}\n" for split in splits)
    return f"{yaml_front(head)}{_BODY}\n{sizes}"


HUGGING_FACE: Final = Format(
    name="huggingface",
    train=f"{_FOLDER}/{_TRAIN}",
    validation=f"{_FOLDER}/{_VALIDATION}",
    layout=ParquetRows(),
    encode=_MESSAGES.encode,
    decode=_MESSAGES.decode,
    companions={f"{_FOLDER}/README.md": _card},
    rules=(),
    tells_content=True,
)
