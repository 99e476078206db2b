"""Pieces of the screen with a browser half of their own."""
