"""Message table -> conversations."""

from __future__ import annotations

from curation.conversations.split import in_time_order, split_conversations

__all__ = ["in_time_order", "split_conversations"]
