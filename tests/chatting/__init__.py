"""Talks with models, and what goes wrong in them."""
