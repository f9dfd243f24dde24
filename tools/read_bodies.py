"""Write which bodies of claims the builders of the networks ask for.

Run it when a builder begins or ceases to read a figure: ``python tools/read_bodies.py``.
"""

from __future__ import annotations

from xenotime.facts.asking import recording
from xenotime.facts.readers import BODIES_READ, bodies_asked
from xenotime.facts.tables import embedded
from xenotime.networks import build_baseline
from xenotime.networks.precedent import build_precedent


def main() -> None:
    """Build each network once and write the bodies that were asked for."""
    with recording() as questions:
        build_baseline(members=1)
        build_precedent(members=1)
    asked = bodies_asked(questions)
    path = embedded(BODIES_READ)
    path.write_text("".join(f"{line}\n" for line in ("body", *sorted(asked))), encoding="utf-8")
    print(f"{len(asked):,} bodies in {path}")


if __name__ == "__main__":
    main()
