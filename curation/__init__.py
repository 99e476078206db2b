"""如我 Ruwo: from a person's own chats to a clean persona dataset."""
