"""The rules of a day, in order, and the numbers that belong to them rather than to a chain.

0. Supplies from outside the links, in their order: each slot gets what it wants, or by level and in
   proportion within a level. It wants what its position lacks against its target. Of a supply that
   replaces orders it takes planned use beside, or less once its position is a day's use above the
   target (last night's orders come, too). What nobody wants is not given: a stock keeps it.
1. Requests. An order on a controlled link is cut to the cap of its class (a multiple of base
   flow); if the class then asks for more than its balance of permitted volume, all its requests
   shrink alike. Balance = granted - used - lapsed; what was granted `validity` days ago and is
   neither used nor lapsed lapses.
2. Wanted activity. Final producers: base x demand index. Others: base x the value-weighted ratio of
   (requests + refill of finished goods + base discard) to base output, never below nothing.
   Requests count, not orders: nobody makes what may not leave, so a closed border does not draw
   inputs away from users at home.
3. Activity. Within capacity, and within the stocks of inputs that bind: essential ones in full,
   important ones up to their tolerance, replaceable ones never. Inputs are consumed as far as they
   last; the base share of output is discarded at once.
4. Allocation. All requests, or in proportion, or by strict priority and in proportion within a
   level. Discardable outputs are then cut to their target.
5. Transit. What leaves on day t arrives at the end of day t + transit.
6. Orders for tomorrow. Planned use, plus the gap between target and position (stock and pipeline)
   spread over the adjustment time and over suppliers by what they owe; below planned use when the
   position is above target, and by what came from outside to replace orders.
7. Stops. A producer below half of its wanted output for three days in a row is stopped.
"""

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
