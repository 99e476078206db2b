"""Stands for torchaudio in the trainers' environment: imported there, never used for texts."""

__version__ = "0"
