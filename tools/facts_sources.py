"""Where a figure comes from: vintage token, day it could be known, licence class."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

COLLECTED = date(2026, 8, 1)
"""Everything in the raw folder was known by then."""

MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"


@dataclass(frozen=True)
class Known:
    """A source whose vintage or date is settled by hand."""

    needle: str  # occurs in "address title"
    vintage: str
    first_known: str
    licence: str = "cited-figure"


# First match wins. Reasons for dates stand beside them.
KNOWN_SOURCES = (
    Known("10.5066/P1WKQ63T", "mcs2026", "2026-02-06", "public-domain"),
    Known("mcs2026/", "mcs2026", "2026-02-06", "public-domain"),  # first posted, version history
    Known("mcs2025/", "mcs2025", "2025-01-31", "public-domain"),
    Known("rare-earths-2022-tables-only", "myb2022", "2025-03-19", "public-domain"),
    Known("USGS MCS 2019", "mcs2019", "2019-02-28", "public-domain"),
    Known("quoting USGS MCS 2024", "mcs2024", "2024-01-31", "public-domain"),
    Known("translation of USGS MCS 2017", "mcs2017", "2017-01-31", "public-domain"),
    Known("sir/2011/5094", "sir2011", "2011-12-31", "public-domain"),
    Known("uk-critical-minerals-dashboard", "iea2025", "2025-05-31", "cc-by-4.0"),
    # Two SMM surveys of May and June 2024: the later one appeared in July.
    Known("metal.com/newscontent/102862116", "smm2024", "2024-07-31"),
    Known("june-analysis-and-july-forecast-of-ree-output", "smm2024", "2024-07-31"),
    # Argus numbers articles in order; this number lies between March and June 2025.
    Known("article/2678157", "argus2025", "2025-06-30"),
    Known("article/2696348", "argus2025", "2025-06-30"),
    Known("48ebfa7453033ae0c38c564c09bf9de2", "giti2024", "2024-12-31"),
    Known("couragemagnet.com/magnet-blog/871", "courage2023", "2023-12-31"),
    Known("rare-earth-supply-chain-audit", "weiwei2025", "2025-12-31"),
    # The page speaks of the truce of November 2025; its title names the year of the shares.
    Known("europe-scrambles-to-cut-rareearth-reliance", "particle2025", "2025-12-31"),
    Known("comtradeplus.un.org", "comtrade2026", "2026-07-10", "derived-figure"),
    Known("daily8.com/en/article/9b0de0b97383ac84", "indianexpress2025", "2025-06-30"),
    Known("encyclopedia.pub/entry/50309", "heim2023", "2023-12-31"),
    Known("fastest-growing-ev-motor-markets-outside-china", "adamas2023", "2023-12-31"),
    # Dates printed on the page or in its number.
    Known("cm.asiae.co.kr", "asiae2024", "2024-05-03"),
    Known("financial-charts:", "kleinster2025", "2025-12-31"),
    Known("capitollabsllc.com/crs/product/R47833", "crs2023", "2023-12-31", "public-domain"),
    Known("geesecargo.com", "geesecargo2025", "2025-12-31"),
    Known("greencarcongress.com/2019/07", "adamas2019", "2019-07-31"),
    Known("strattonproducts.uk", "stratton2025", "2025-12-31"),
    Known("rareearthexchanges.com/?p=172764", "rareearthexchanges2025", "2025-12-31"),
    Known("rareearthexchanges.com/?p=155320", "rareearthexchanges2025", "2025-12-31"),
    Known("Rare Earth Exchanges, 10 June 2025", "rareearthexchanges2025", "2025-06-10"),
    Known("Boncopia, 11 June 2025", "boncopia2025", "2025-06-11"),
    Known("treo.substack.com", "treo2025", "2025-12-31"),
)


# Titles that say that the address is not the publisher's, and addresses of such hosts.
_COPIED_TITLE = re.compile(
    r"repost|\bcopy\b|\bvia\b|translation|rendering|quoting|\((?:text:|summary|Reuters)"
    r"|\(Eurostat\)|\(official trade data\)|\(USITC|\(MarketScreener\)|docslib|frozen \S+ in"
)
_COPIED_HOST = re.compile(r"github:|docslib|capitollabsllc|marketscreener|daily8|encyclopedia\.pub")
_BARE_HOST = re.compile(r"https?://\d+(?:\.\d+){3}(?:[:/]|$)")

COPY = "read in a third-party copy"
BARE_COPY = f"{COPY} at a bare server number; none better was found"


def copy_remark(url: str, title: str, note: str = "") -> str:
    """Say that a figure was not read at its publisher; blank where it was or the note says so.

    Examples
    --------
    >>> copy_remark("https://www.kitco.com/a", "Reuters via Kitco: exports")
    'read in a third-party copy'
    >>> copy_remark("https://pubs.usgs.gov/a.pdf", "USGS MCS 2026 Rare Earths")
    ''
    """
    if _BARE_HOST.match(url):
        return BARE_COPY
    copied = _COPIED_TITLE.search(title) or _COPIED_HOST.search(url)
    return COPY if copied and "copy" not in note else ""


@dataclass(frozen=True)
class Source:
    """Citation fields of one row."""

    url: str
    title: str
    vintage: str
    first_known: date
    licence: str
    exact: bool  # whether first_known is printed, not an upper bound from the period
    token: str = ""  # short name of the source, for vintages dated in another way

    def vintage_at(self, known: date | None) -> str:
        """Vintage if the figure was known on that day, for sources without a printed date."""
        if known is None or self.exact or not self.token:
            return self.vintage
        return f"{self.token}{known.year}"


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def dates_in(text: str) -> tuple[list[date], list[date]]:
    """Days and month ends that a text names, each in order of appearance.

    Examples
    --------
    >>> dates_in("Reuters 4 June 2025, checked Oct 2025")
    ([datetime.date(2025, 6, 4)], [datetime.date(2025, 6, 30), datetime.date(2025, 10, 31)])
    """
    days: list[date] = []
    months: list[date] = []
    for year, month, day in re.findall(r"\b(20\d\d)[-/](\d\d)[-/](\d\d)\b", text):
        days.append(date(int(year), int(month), int(day)))
    for day, name, year in re.findall(rf"\b(\d{{1,2}}) {_MONTH} (20\d\d)\b", text):
        days.append(date(int(year), MONTHS[name.lower()], int(day)))
    for name, year in re.findall(rf"\b{_MONTH} (20\d\d)\b", text):
        months.append(month_end(int(year), MONTHS[name.lower()]))
    for year, month in re.findall(r"\b(20\d\d)[-/](0[1-9]|1[0-2])(?!\d|[-/]\d\d(?!\d))", text):
        months.append(month_end(int(year), int(month)))
    return days, months


def period_years(period: str) -> tuple[int, int] | None:
    """First and last year that a period names."""
    years = [int(year) for year in re.findall(r"(?:19|20)\d\d", period)]
    return (min(years), max(years)) if years else None


def first_known(url: str, title: str, period: str) -> tuple[date, bool]:
    """Day on which a figure could be known, and whether the source prints it.

    A day or month in the title counts as the day of publication, for plans it lies before the
    period. A date in the address counts unless it lies before the period; then a year in the
    title (its last day); else the end of the year after the period.
    """
    years = period_years(period)
    start = years[0] if years else None
    for text in (title, url):
        for found in dates_in(text):
            plausible = [
                day for day in found if text is title or start is None or day.year >= start
            ]
            if plausible:
                return min(max(plausible), COLLECTED), True
    named = [int(found) for found in re.findall(r"\b(20\d\d)\b", title)]
    later = [found for found in named if start is None or found >= start]
    if later:
        return min(date(max(later), 12, 31), COLLECTED), False
    if years is None:
        return COLLECTED, False
    return min(date(years[1] + 1, 12, 31), COLLECTED), False


def host_token(url: str, title: str) -> str:
    """Short name of a source: repository owner, domain label, or first word of the title."""
    if url.startswith("github"):
        owner = re.sub(r"^github[^:]*:", "", url).split("/")[0]
        return re.sub(r"[^a-z0-9]", "", owner.lower())[:20]
    match = re.match(r"https?://([^/]+)", url)
    if not match:
        return re.sub(r"[^a-z0-9]", "", title.split(maxsplit=1)[0].lower())
    labels = match.group(1).lower().split(":")[0].split(".")
    if all(label.isdigit() for label in labels):
        return re.sub(r"[^a-z0-9]", "", title.split(maxsplit=1)[0].lower())
    generic = {"www", "www2", "com", "co", "org", "gov", "net", "en", "de", "uk", "rss", "fr"}
    names = [label for label in labels[:-1] if label not in generic]
    return re.sub(r"[^a-z0-9]", "", (names or labels)[-1])


def source_of(url: str, title: str, period: str) -> Source:
    """Build the citation of a figure from its address, title and period."""
    url, title = url.strip(), title.strip().removesuffix(" and history/magnet_exports.csv")
    if not title:
        raise ValueError(f"no source title beside {url!r}")
    if not url.startswith(("http", "github")):
        # Some rows carry a title in the address column.
        title = title if not url or url.endswith((".csv", ".md")) else url
        url_out = ""
    else:
        url_out = url
    for known in KNOWN_SOURCES:
        if known.needle in f"{url} {title}":
            day = date.fromisoformat(known.first_known)
            return Source(url_out, title, known.vintage, day, known.licence, exact=True)
    day, exact = first_known(url_out, title, period)
    token = host_token(url_out, title)
    return Source(url_out, title, f"{token}{day.year}", day, "cited-figure", exact, token)


def customs_day(period: str) -> date:
    """Day on which Chinese customs detail of a period appears: the 20th of the next month.

    Examples
    --------
    >>> customs_day("2025-05"), customs_day("2024"), customs_day("2025-H1")
    (datetime.date(2025, 6, 20), datetime.date(2025, 1, 20), datetime.date(2025, 7, 20))
    """
    last = period.rpartition("..")[2]
    year = int(last[:4])
    tail = last[5:]
    month = {"": 12, "H1": 6, "H2": 12}.get(tail) or int(tail)
    return date(year + month // 12, month % 12 + 1, 20)
