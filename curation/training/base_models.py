"""The models that can be tuned, and how much memory of a graphics card each takes.

Parameters, layers and widths are those of the models' own cards and `config.json` files at
huggingface.co/Qwen. Bytes a parameter (2 for LoRA, 18 for full tuning in mixed precision) are those
of "Hardware Requirement" in LLaMA-Factory's README. That table counts the weights of a model alone;
what a longer text takes on top is reckoned here from the size of the vocabulary and the width.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GPU_MEMORY: Final = (0, 6, 8, 12, 16, 24, 48, 80)
"""Gigabytes of the usual graphics cards; 0 stands for none."""

RENTED_MEMORY: Final = 24
"""Gigabytes of the card that is cheapest to rent, for who has none."""

_USABLE: Final = 0.92
"""The share of a card that is free: a screen and the driver take the rest."""

_VOCABULARY: Final = 151_936
_BILLION: Final = 1e9
_BYTES_16_BIT: Final = 2.0
_BYTES_4_BIT: Final = 0.55
"""4-bit weights with the scales of their blocks (QLoRA, arXiv 2305.14314: 4.127 bits each)."""
_BYTES_FULL: Final = 18.0
_BYTES_TRAINED: Final = 16
"""A weight of the adapter: itself, its gradient and two moments of Adam, in 32 bits."""
_BYTES_SAVED: Final = 12
"""A trained weight on the disk: itself and two moments of Adam, in 32 bits."""
_STATES: Final = 5
"""Saved states that lie there at once: three, the best, and the one being written."""
_LOGIT_BYTES: Final = 8
"""For each word of the vocabulary and token of the text: the logit in 32 bits and its gradient."""
_WIDTHS_OF_A_LAYER: Final = 18.5
"""Inputs and outputs of a layer's seven matrices, in widths of the model (Qwen3-8B)."""
_HELD_WIDTHS: Final = 80
"""Bytes held for each token inside the layer that is being worked on, in widths of the model."""
_ALWAYS: Final = 1.0
"""Gigabytes that CUDA and fragments take however small the model is."""


class Method(StrEnum):
    """How a model is tuned."""

    LORA = "lora"
    QLORA = "qlora"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A model to start from: where it is found, how it wants to be spoken to, how large it is.

    `billions` are its parameters; `tied` says that its first and last layer are the same weights.
    """

    name: str
    hub: str
    template: str
    billions: float
    layers: int
    width: int
    tied: bool
    licence: str = "Apache-2.0"

    @property
    def download(self) -> float:
        """Gigabytes to fetch, and to keep on the disk."""
        return self.billions * _BYTES_16_BIT

    @property
    def words(self) -> float:
        """Billions of parameters in the first and the last layer, which stay in 16 bits."""
        return _VOCABULARY * self.width * (1 if self.tied else 2) / _BILLION


def _qwen3(size: str, billions: float, layers: int, width: int, *, tied: bool) -> BaseModel:
    name = f"Qwen3-{size}"
    # Without "nothink" the trainer puts an empty train of thought before every answer.
    return BaseModel(name, f"Qwen/{name}", "qwen3_nothink", billions, layers, width, tied)


def _qwen25(
    size: str, billions: float, layers: int, width: int, *, tied: bool, licence: str = "Apache-2.0"
) -> BaseModel:
    name = f"Qwen2.5-{size}-Instruct"
    return BaseModel(name, f"Qwen/{name}", "qwen", billions, layers, width, tied, licence)


SUGGESTED: Final = (
    _qwen3("0.6B", 0.6, 28, 1024, tied=True),
    _qwen3("1.7B", 1.72, 28, 2048, tied=True),
    _qwen3("4B-Instruct-2507", 4.02, 36, 2560, tied=True),
    _qwen3("8B", 8.19, 36, 4096, tied=False),
    _qwen3("14B", 14.77, 40, 5120, tied=False),
    _qwen3("32B", 32.76, 64, 5120, tied=False),
)
"""Those that a recipe may suggest, the smallest first."""

MODELS: Final = (
    *SUGGESTED,
    _qwen25("0.5B", 0.49, 24, 896, tied=True),
    _qwen25("1.5B", 1.54, 28, 1536, tied=True),
    _qwen25("7B", 7.62, 28, 3584, tied=False),
    _qwen25("14B", 14.77, 48, 5120, tied=False),
    _qwen25("32B", 32.76, 64, 5120, tied=False),
    _qwen25("72B", 72.7, 80, 8192, tied=False, licence="Qwen"),
)
"""All that can be chosen."""


def model_named(name: str) -> BaseModel | None:
    """Return the model of that name, None where the table has no such one."""
    return next((each for each in MODELS if each.name == name), None)


def memory_need(
    model: BaseModel, method: Method, cutoff: int, *, rank: int = 16, batch: int = 1
) -> float:
    """Return about how many gigabytes of a card tuning takes, for texts of `cutoff` tokens."""
    match method:
        case Method.FULL:
            weights = model.billions * _BYTES_FULL
            adapter = 0.0
        case Method.LORA:
            weights = model.billions * _BYTES_16_BIT
            adapter = _adapter(model, rank)
        case Method.QLORA:
            body = model.billions - model.words
            weights = model.words * _BYTES_16_BIT + body * _BYTES_4_BIT
            adapter = _adapter(model, rank)
    a_token = _LOGIT_BYTES * _VOCABULARY + (2 * model.layers + _HELD_WIDTHS) * model.width
    return weights + adapter + _ALWAYS + batch * cutoff * a_token / _BILLION


def _adapter(model: BaseModel, rank: int) -> float:
    return _trained(model, rank) * _BYTES_TRAINED


def _trained(model: BaseModel, rank: int) -> float:
    """Return the billions of weights in an adapter of that rank."""
    return rank * model.layers * _WIDTHS_OF_A_LAYER * model.width / _BILLION


def disk_need(model: BaseModel, method: Method, *, rank: int, fetch: bool) -> float:
    """Return about how many gigabytes of the disk a run takes, the model too if it is fetched."""
    weights = model.billions if method is Method.FULL else _trained(model, rank)
    saved = _STATES * weights * _BYTES_SAVED
    return saved + _ALWAYS + (model.download if fetch else 0.0)


def fits(need: float, memory: int, share: float = _USABLE) -> bool:
    """Whether a card of `memory` gigabytes has room for `need` in this share of it."""
    return need <= memory * share
