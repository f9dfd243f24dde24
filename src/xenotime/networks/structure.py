"""The one structure: long tables keyed by names, and the schema that describes them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = [
    "KEYS",
    "PRODUCER_STAGES",
    "SCHEMA",
    "SOURCE_ROLES",
    "STATUSES",
    "Column",
    "ProductionNetwork",
    "empty_table",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how it is called, stored, measured and meant.

    Attributes
    ----------
    name, unit, description
        Unit is blank for names and pure numbers.
    type
        ``text``, ``number`` (float64) or ``integer`` (int64).
    least, most
        Closed bounds of a number; None is unbounded.
    choices
        The only texts allowed; empty allows any.
    blank
        Whether a text may be empty or a number missing.
    date
        Whether a text that is not empty is a day, YYYY-MM-DD.
    """

    name: str
    type: str
    unit: str
    description: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    blank: bool = False
    date: bool = False


def _text(name: str, description: str, *choices: str, blank: bool = False) -> Column:
    return Column(name, "text", "", description, choices=choices, blank=blank)


def _amount(name: str, unit: str, description: str, *, blank: bool = False) -> Column:
    return Column(name, "number", unit, description, least=0.0, blank=blank)


_SUPPLIER = _text("supplier", "producer that ships")
_BUYER = _text("buyer", "producer that receives")
_PRODUCT = _text(
    "product",
    "product id, e.g. oxide:Dy; a tonne of component:<type> or material:<use> is a tonne of the"
    " magnets, oxides or metals that went in",
)
_FLOW = _amount("base_flow_t_per_year", "t/y", "flow of the undisturbed network")

SOURCE_ROLES: dict[str, str] = {
    "figure": "a soft row of the fit is or scales with it",
    "driver": "sizes or splits a flow where the fit starts",
    "law": "a yield, a recovery or a recipe bound that holds exactly",
    "basket": "oxides in an ore",
    "project": "capacity, start, slippage or ramp of an announced plant",
    "transit": "days on the way",
    "cover": "days of stock",
}
"""What a figure can be used for in a network."""

PRODUCER_STAGES: tuple[str, ...] = (
    *("mine", "separation", "recycling", "metal", "alloy", "magnet", "component", "industry"),
)
"""Stages of a producer; blanks belong to `magnet`, other uses of oxides to `component`."""

STATUSES: tuple[str, ...] = ("operating", "ramping", "construction", "announced", "idle")

SCHEMA: dict[str, tuple[Column, ...]] = {
    "producers": (
        _text("producer", "id, e.g. magnet:NdFeB-heavy@CHN"),
        _text("country", "ISO3, REU or ROW"),
        _text("stage", "what it does", *PRODUCER_STAGES),
        _text("process", "recipe that it runs; in this version the same as the producer"),
        _text("industry", "industry id of a final user", blank=True),
        _text("company", "company, where one is meant", blank=True),
        Column(
            "start_date",
            "text",
            "",
            "ISO date of first output of a project",
            blank=True,
            date=True,
        ),
        _text("status", "state of the plant", *STATUSES),
        _amount(
            "base_activity_t_per_year",
            "t/y",
            "tonnes made (scrap apart), or taken by separators, recyclers of scrap and industries",
        ),
    ),
    "recipes": (
        _text("process", "process id"),
        _PRODUCT,
        _text("role", "input or output", "input", "output"),
        Column("coefficient", "number", "t/t", "t of product per t of activity", least=0.0),
        _text(
            "essentiality",
            "what a lack of an input does; blank for outputs",
            "essential",
            "important",
            "replaceable",
            "separate",
            blank=True,
        ),
        Column(
            "discard_share", "number", "", "share of the base output that is discarded", 0.0, 1.0
        ),
    ),
    "links": (
        _SUPPLIER,
        _BUYER,
        _PRODUCT,
        _FLOW,
        Column(
            "transit_days", "number", "days", "calendar days door to door", least=1.0, most=400.0
        ),
    ),
    "stocks": (
        _text("holder", "producer that holds the stock"),
        _PRODUCT,
        _amount("cover_days", "days", "days of base use on hand, middle value"),
    ),
    "demand": (
        _text("user", "final producer"),
        _text("industry", "industry id"),
        _PRODUCT,
        _FLOW,
        Column("priority", "integer", "", "0 is served first under strict priority", least=0.0),
    ),
    "estimates": (
        _text("record", "table/key of the number, e.g. stocks/industry:wind@DEU/magnet:SmCo"),
        _text("column", "column of that table"),
        Column("low", "number", "", "low value, in the unit of the column"),
        Column("mid", "number", "", "middle value"),
        Column("high", "number", "", "high value"),
        _text("distribution", "shape between low and high", "triangular", "lognormal", "empirical"),
        _text("grade", "A to D, or prior", "A", "B", "C", "D", "prior"),
        _text("vintage", "publication that the number comes from", blank=True),
        _text(
            "source",
            "claim, prior or parameter ids, joined by semicolons; blank for the spread of the"
            " ensemble",
            blank=True,
        ),
    ),
    "flow_basis": (
        _SUPPLIER,
        _BUYER,
        _PRODUCT,
        _text("basis", "whether a cited figure pins the flow", "observed", "allocated"),
        _amount("low", "t/y", "10 % point of the ensemble"),
        _amount("high", "t/y", "90 % point of the ensemble"),
        _text("sources", "ids of the figures that contain the flow, joined by semicolons"),
    ),
    "contents": (
        _PRODUCT,
        _text("producer", "maker, where contents differ by maker; blank for any", blank=True),
        _text("element", "chemical element, e.g. Dy"),
        Column("share", "number", "t/t", "t of element per t of product", least=0.0, most=1.0),
    ),
    "ensemble": (
        Column("member", "integer", "", "0 is the middle solution", least=0.0),
        _SUPPLIER,
        _BUYER,
        _PRODUCT,
        _FLOW,
    ),
    "sources": (
        _text("id", "claim, prior or parameter that entered"),
        _text("role", "what it was used for", *SOURCE_ROLES),
        _text("grade", "A to D, or prior", "A", "B", "C", "D", "prior"),
    ),
    "projects": (
        _text("project", "id of the plant to come, e.g. magnet:NdFeB-heavy@USA/eVAC"),
        _PRODUCT,
        _text("producer", "producer of the network that it would stand beside", blank=True),
        _text("country", "ISO3, REU or ROW"),
        _text("company", "company that announced it", blank=True),
        _text("status", "state of the plant", *STATUSES),
        _amount("capacity_t_per_year", "t/y", "announced capacity"),
        Column(
            "announced_start",
            "text",
            "",
            "day of first output as announced; blank where none is",
            blank=True,
            date=True,
        ),
        _amount("slippage_days", "days", "days from the announced to the expected start"),
        _amount("ramp_days", "days", "days from the start to the announced capacity"),
        _text("source", "claim that names it, and priors, joined by semicolons"),
    ),
}
"""Columns of each table; drives validation, storage and the reference page."""

KEYS: dict[str, tuple[str, ...]] = {
    "producers": ("producer",),
    "recipes": ("process", "product", "role"),
    "links": ("supplier", "buyer", "product"),
    "stocks": ("holder", "product"),
    "demand": ("user", "industry", "product"),
    "estimates": ("record", "column"),
    "flow_basis": ("supplier", "buyer", "product"),
    "contents": ("product", "producer", "element"),
    "ensemble": ("member", "supplier", "buyer", "product"),
    "sources": ("id", "role"),
    "projects": ("project", "product"),
}
"""Columns that name a row of each table; no two rows share them."""


@dataclass(frozen=True, eq=False)
class ProductionNetwork:
    """Who supplies whom: eleven long tables keyed by names (columns in `SCHEMA`).

    Attributes
    ----------
    producers, recipes, links
        The physical network in its undisturbed state, t and t/y.
    stocks, demand
        Cover of each input, and what final users take.
    estimates
        Low, middle, high and source of numbers in the other tables.
    flow_basis
        For each link whether a cited figure pins it, its interval and sources.
    contents
        Element per tonne of product.
    ensemble
        Base flows of the same links, solved again under perturbed figures. Without rows the
        network is one solution; with rows every member has every link.
    sources
        Id, role (`SOURCE_ROLES`) and grade of every figure that the middle solution, its stocks
        and its transit rest on; an id has a row for each of its roles.
    projects
        Announced plants, which carry no flow in the base year.

    Examples
    --------
    >>> from xenotime.networks.structure import SCHEMA, ProductionNetwork, empty_table
    >>> network = ProductionNetwork(**{name: empty_table(name) for name in SCHEMA})
    >>> len(network.links), list(network.stocks.columns)
    (0, ['holder', 'product', 'cover_days'])
    """

    producers: pd.DataFrame
    recipes: pd.DataFrame
    links: pd.DataFrame
    stocks: pd.DataFrame
    demand: pd.DataFrame
    estimates: pd.DataFrame
    flow_basis: pd.DataFrame
    contents: pd.DataFrame
    ensemble: pd.DataFrame
    sources: pd.DataFrame
    projects: pd.DataFrame

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Names and tables, in the order of the schema."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def empty_table(name: str) -> pd.DataFrame:
    """Return a table of the schema without rows, with the column types of the schema."""
    import pandas as pd

    kinds = {"text": "str", "number": "float64", "integer": "int64"}
    return pd.DataFrame(
        {column.name: pd.Series([], dtype=kinds[column.type]) for column in SCHEMA[name]}
    )
