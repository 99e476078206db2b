"""Values that only the messages around them make private: `8806#` after `单元门还锁着`."""

from curation.pii.bare_values.around import read_around
from curation.pii.bare_values.candidates import ENTITIES
from curation.pii.bare_values.features import Said

__all__ = ["ENTITIES", "Said", "read_around"]
