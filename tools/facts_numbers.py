"""Claims on prices, money and consequences: quotes, what was paid, funding, published estimates."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from facts_history import paired
from facts_rows import Claims, Record, bounds, cited, parse_number, read_map, read_raw, slug
from facts_sources import Source, month_end, source_of
from xenotime.facts.taxonomy import iso3_of

if TYPE_CHECKING:
    from pathlib import Path

MARKETS = {
    "China domestic": ("CHN", "China"),
    "FOB China export": ("CHN", "fob_China"),
    "FOB China": ("CHN", "fob_China"),
    "Europe/Rotterdam": ("EUU", "Europe"),
    "International": ("WLD", "international"),
    "Ex-China": ("WLD", "outside_China"),
    "World": ("WLD", "world"),
}
PRICE_UNITS = {
    "USD/kg REO": "USD/kg",
    "multiple": "ratio",
    "multiple of China price": "ratio",
    "pct m/m": "percent",
}
_FORMS = {"oxide": "oxide", "metal": "metal", "alloy": "alloy"}


# Later quotes are what forecasts are scored on.
LAST_QUOTE = "2025-12-31"
# Quotes that say only a multiple or a change, in words: low, mid, high.
RATIOS = {
    ("Sm", "offers"): (None, None, 60.0),
    ("REPM", "IEA ratio"): (None, None, 6.0),
    ("NdFeB magnets", "REEx claim"): (None, 27.0, None),
}


def price_product(row: Record) -> str:
    """Product id of a quoted product."""
    name = row["product"].replace("PrNd", "NdPr")
    element = row["element"].replace("PrNd", "NdPr")
    form = next((form for word, form in _FORMS.items() if word in name.lower()), "")
    if "NdFeB" in name:
        return "blank:NdFeB"
    if "basket" in name:
        return "oxide:all"
    return f"{form}:{element}" if form and element else element or "rare_earths"


def add_price_quotes(claims: Claims, raw: Path) -> None:
    """Dated quotes by market and basis; assessments, averages and asks are never merged."""
    for row in read_raw(raw / "history" / "prices.csv"):
        if row["date"] > LAST_QUOTE:
            continue
        place, market = MARKETS[row["market"]]
        low, mid, high = RATIOS.get((row["product"], row["basis"])) or bounds(row, "mid")
        if None not in {low, high} and low is not None and high is not None and low > high:
            low, high = high, low
        if low is not None and mid is not None and high is None:
            low = None if low == mid else low
        period = quote_period(row)
        parts = (row["product"].replace("PrNd", "NdPr"), market, row["basis"] or row["value_kind"])
        kind = "derived" if row["value_kind"] == "derived" else "reported"
        claimed = row["value_kind"] == "claim" or "NO independent" in row["note"]
        source = cited(row, period)
        note = "; ".join(
            part for part in (row["basis"], row["value_kind"], price_note(row["note"])) if part
        )
        body = f"price_quote/{place}/{'/'.join(slug(part) for part in parts)}/{period}"
        # Two pages of one day may quote the same market differently; both stay.
        number = 1
        while f"{body}@{source.vintage_at(quoted(period))}" in claims.rows:
            number += 1
            body = f"{body.removesuffix(f'/{number - 1:02d}')}/{number:02d}"
        claims.add(
            body,
            country=place,
            product=price_product(row),
            period=period,
            unit=PRICE_UNITS.get(row["unit"], row["unit"]),
            low=low,
            mid=mid,
            high=high,
            grade="D" if claimed else "B",
            kind="conflicting" if claimed else kind,
            source=source,
            first_known=max(quoted(period), source.first_known) if source.exact else quoted(period),
            formula=row["note"].lstrip("=") if kind == "derived" else "",
            note=note,
        )


def quote_period(row: Record) -> str:
    """Period of a quote: a day, month, quarter or year as dated."""
    text = row["date"].strip()
    quarter = re.fullmatch(r"(\d{4})-?Q([1-4])", text)
    return f"{quarter.group(1)}-Q{quarter.group(2)}" if quarter else text


def quoted(period: str) -> date:
    """Last day of the period of a quote."""
    year = int(period[:4])
    if "Q" in period:
        return month_end(year, 3 * int(period[-1]))
    if len(period) == 4:
        return date(year, 12, 31)
    if len(period) == 7:
        return month_end(year, int(period[5:]))
    return date.fromisoformat(period)


def price_note(text: str) -> str:
    """Our words for remarks on where a quote was read."""
    if text.startswith("="):
        return ""
    text = re.sub(r"article undated in store; ~Oct-Nov 2011\.?\s*", "article of late 2011; ", text)
    return re.sub(r"NO independent", "no independent", text).strip("; ")


PAID = "https://www.adamasintel.com/the-fallacy-of-european-rare-earth-prices-and-the-pras-that-promote-them"


def add_prices_paid(claims: Claims, raw: Path) -> None:
    """Share of volume at each price in 2025: what users paid against what was asked."""
    counts: dict[str, int] = {}
    for row in read_raw(raw / "history" / "price_distribution_paid_vs_ask.csv"):
        element = {"Yttrium oxide": "Y", "Dysprosium oxide": "Dy"}[row["oxide"]]
        counts[element] = counts.get(element, 0) + 1
        tier = f"tier_{counts[element]}"
        source = source_of(PAID, "Adamas Intelligence on European rare-earth prices, 2026", "2025")
        at_least = row["price_usd_per_kg"].startswith(">=")
        price = float(row["price_usd_per_kg"].lstrip(">="))
        share_text = row["volume_share"]
        share = float(share_text.lstrip("~<")) * 100
        below = share_text.startswith("<")
        common = {
            "country": "WLD",
            "product": f"oxide:{element}",
            "period": "2025",
            "grade": "B",
            "source": source,
        }
        note = "of all volume; the year is taken from the date of the article"
        claims.add(
            f"price_paid/WLD/{element}/{tier}/2025",
            unit="USD/kg",
            low=price if at_least else None,
            mid=None if at_least else price,
            note="spot asks above the share paid" if at_least else "average of this share",
            **common,  # type: ignore[arg-type]  # one dictionary of texts and a source
        )
        claims.add(
            f"price_paid_share/WLD/{element}/{tier}/2025",
            unit="percent",
            mid=None if below else share,
            high=share if below else None,
            note=note,
            **common,  # type: ignore[arg-type]
        )


FUNDERS = (
    ("US", "USA"),
    ("South Carolina", "USA"),
    ("Texas", "USA"),
    ("JPMorgan", "USA"),
    ("Apple", "USA"),
    ("Australia", "AUS"),
    ("Korea", "KOR"),
    ("France", "FRA"),
    ("JOGMEC", "JPN"),
    ("Saskatchewan", "CAN"),
    ("Canada", "CAN"),
    ("EU", "EUU"),
)


def add_funding(claims: Claims, raw: Path) -> None:
    """Public money (and two private commitments) for plants, by recipient and funder."""
    for row in read_raw(raw / "value_chain" / "public_funding.csv"):
        country = next(code for start, code in FUNDERS if row["funder"].startswith(start))
        period = funding_period(row["date"])
        private = "private" in row["funder"]
        unit = row["unit"].removesuffix(" as printed")
        conflicting = "ambiguous" in row["note"]
        parts = (row["recipient"], row["funder"], row["instrument"])
        tail = "_".join("_".join(slug(part) for part in parts).split("_")[:10])
        note = "; ".join(
            part
            for part in (
                f"{row['instrument']} for {row['purpose']}",
                "private money" if private else "",
                funding_note(row["note"]),
            )
            if part
        )
        least = "more than" in row["note"]
        value = parse_number(row["amount"])
        claims.add(
            f"public_funding/{country}/{tail}/{period}",
            country=country,
            period=period,
            unit=unit,
            low=value if least else None,
            mid=None if least else value,
            grade="D" if conflicting else row["quality"],
            kind="conflicting" if conflicting else "reported",
            source=cited(row, period),
            note=note,
        )


def funding_period(text: str) -> str:
    """Period of a grant.

    Examples
    --------
    >>> [funding_period(text) for text in ("2020-24", "2025-Q4 start", "to 2025", "2024-03")]
    ['2020..2024', '2025-Q4', '2025', '2024-03']
    """
    several = re.fullmatch(r"(\d{4})-(?:20)?(\d\d)", text)
    if several and (int(several.group(2)) > 12 or len(text) == len("2020-2024")):
        return f"{several.group(1)}..20{several.group(2)}"
    return re.sub(r"^to | start$", "", text)


def funding_note(text: str) -> str:
    """Our words for remarks on a grant."""
    words = {
        '"more than"': "printed as a lower bound",
        'page prints "$533 million", currency ambiguous (A$840m elsewhere): verify': "the currency "
        "of the page is ambiguous; AUD 840 m elsewhere",
    }
    return words.get(text, text)


def add_substitution(claims: Claims, raw: Path) -> None:
    """Ways round a rare earth: effect, maturity, penalty; few have a number."""
    for row in read_raw(raw / "value_chain" / "substitution.csv"):
        low, mid, high = bounds(row)
        none = low is None and mid is None and high is None
        years = row["unit"] == "years"
        parts = (row["effect"], row["time_or_maturity"], row["cost_or_penalty"])
        note = "; ".join(part for part in parts if part and '"' not in part)
        claims.add(
            f"substitution/WLD/{slug(row['option'])}/{slug(row['replaces'])}",
            country="WLD",
            stage="industry",
            unit="qualitative" if none else "months" if years else row["unit"],
            low=low,
            mid=mid * 12 if years and mid is not None else mid,
            high=high,
            grade=row["quality"],
            source=cited(row, ""),
            note=" ".join(note.split()[:25])
            or "light rare earths can stand in for heavy ones at times",
        )


def add_macro(claims: Claims, raw: Path) -> None:
    """Published estimates of what a stop costs, with shock and horizon; never averaged."""
    rows = read_raw(raw / "history" / "macro.csv")
    for row, spec in paired(rows, read_map("macro"), ("author", "shock")):
        period = row["published"].replace("2010-2011", "2010..2011")
        claims.add(
            spec["claim"],
            country=spec["country"],
            stage="industry",
            period=period,
            unit=spec["unit"],
            low=parse_number(spec["low"]),
            mid=parse_number(spec["mid"]),
            high=parse_number(spec["high"]),
            grade=spec["grade"],
            kind=spec["kind"],
            source=source_of(row["source_url"], row["source_title"], row["published"]),
            first_known=quoted(period) if re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", period) else None,
            licence="public-domain" if row["author"].startswith("USGS") else "",
            note=spec["note"],
        )


def add_assessment(claims: Claims, raw: Path) -> None:
    """Four commodities of the American assessment of 2025: loss and rank (a transcription)."""
    symbols = {row["commodity"]: row["product"] for row in read_map("minerals")}
    source = Source(
        "https://doi.org/10.3133/ofr20251047",
        "USGS OFR 2025-1047, read in a transcription",
        "ofr2025",
        date(2025, 8, 31),
        "public-domain",
        exact=True,
    )
    for row in read_raw(raw / "usgs" / "ofr2025_1047_results_sample.csv"):
        product = symbols[row["commodity_group"]]
        claims.add(
            f"assessment_loss/USA/{product}/2025",
            country="USA",
            product=product,
            stage="industry",
            period="2025",
            unit="USD m",
            mid=parse_number(row["net_decrease_us_gdp_musd_as_transcribed"]),
            grade="C",
            source=source,
            note="decrease of GDP in the scenario of highest impact, as the column is read",
        )
        claims.add(
            f"assessment_rank/USA/{product}/2025",
            country="USA",
            product=product,
            stage="industry",
            period="2025",
            unit="rank",
            mid=parse_number(row["draft_list_rank_by_prob_weighted_gdp"]),
            grade="C",
            source=source,
            note="by probability-weighted loss, among the commodities of the draft list",
        )


def add_tariff_rate(claims: Claims, raw: Path) -> None:
    """The American rate on Russian compounds, whose first day nobody printed."""
    row = next(
        row
        for row in read_raw(raw / "policy" / "us_measures.csv")
        if row["measure"].startswith("Russia 35%")
    )
    source = source_of(
        row["source_url"], "USITC HTS 2026 Rev. 6, chapter 99 notes (copy), Apr 2026", ""
    )
    claims.add(
        "tariff_rate/USA/RUS/2846.90",
        country="USA",
        partner=iso3_of("Russia"),
        product="rare_earths",
        stage="policy",
        unit="percent",
        mid=35.0,
        grade="A",
        source=source,
        note="in place of the second column; first day not read",
    )
