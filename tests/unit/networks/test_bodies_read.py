"""The list of figures that the model reads is what the builders ask for, no more and no less."""

from __future__ import annotations

from network_cases import asked
from xenotime.facts.asking import recording
from xenotime.facts.readers import bodies_asked, bodies_read
from xenotime.networks.precedent import build_precedent


def test_the_list_of_bodies_is_what_the_builders_ask_for() -> None:
    with recording() as of_2010:
        build_precedent(members=1)
    found = bodies_asked(asked() | of_2010)
    remedy = "run tools/read_bodies.py"
    assert sorted(found - bodies_read()) == [], remedy
    assert sorted(bodies_read() - found) == [], remedy
