"""Values that only the messages around them make private: `8806#` after `单元门还锁着`."""

from curation.pii.bare_values.around import read_around
from curation.pii.bare_values.features import Said
from curation.pii.bare_values.model import ENTITIES

__all__ = ["ENTITIES", "Said", "read_around"]
