"""Numbers in the rules of a day that belong to the rules, not to a chain."""

from __future__ import annotations

from typing import Literal

Precision = Literal["float32", "float64"]

# A stock position this close to its target (relative) is on target: rounding must not start orders.
ON_TARGET: dict[Precision, float] = {"float32": 1e-5, "float64": 1e-9}

# Negative stocks this small (relative to target, a day's output and requests) are rounding: they
# are clipped and counted.
ROUND_OFF: dict[Precision, float] = {"float32": 1e-5, "float64": 1e-9}

# Base identities must hold to this relative tolerance.
IDENTITY: dict[Precision, float] = {"float32": 1e-5, "float64": 1e-9}

# Missing goods are reordered from those who owe them; every supplier counts as owing at least this
# many days of its planned deliveries. Without the floor a rounding error of 1e-7 t "owed" by one
# supplier would draw the whole reorder to it.
OWED_FLOOR_DAYS = 0.01

# A final producer below this share of its wanted output, for this many days in a row, is stopped.
# Exactly one half (a cap of 0.5) is not "below": the margin keeps rounding from deciding.
STOP_BELOW = 0.5 - 1e-4
STOP_DAYS = 3

# A sector's first stop: a hundredth of its base output is stopped. The margin admits a class of
# exactly one hundredth whose share was rounded in single precision.
FIRST_STOP_SHARE = 0.01 - 1e-6
