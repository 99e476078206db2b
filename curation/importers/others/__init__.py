"""Exports of other platforms, the interchange format ChatLab, and datasets."""
