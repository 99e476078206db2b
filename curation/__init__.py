"""如我 Ruwo: from a person's own chats to a clean persona dataset."""

from typing import Final

__version__: Final = "0.1.0"
