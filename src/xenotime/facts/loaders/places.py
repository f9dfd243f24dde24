"""Countries as trade statistics write them: numbers, two letters, capitals, aggregates."""

from __future__ import annotations

from functools import lru_cache

from xenotime.facts.problems import RequestError
from xenotime.facts.taxonomy import countries, iso3_of

__all__ = ["from_m49", "from_name", "from_two_letters", "known_name"]

# UN Comtrade numbers some reporters otherwise than M49; the second of a pair is theirs.
# Source: list of reporters of UN Comtrade (comtradeapi.un.org/files/v1/app/reference).
_M49 = {
    "0": "WLD",
    "56": "BEL",
    "58": "BEL",
    "97": "EUU",
    "124": "CAN",
    "152": "CHL",
    "156": "CHN",
    "76": "BRA",
    "36": "AUS",
    "40": "AUT",
    "104": "MMR",
    "233": "EST",
    "246": "FIN",
    "250": "FRA",
    "251": "FRA",
    "276": "DEU",
    "344": "HKG",
    "356": "IND",
    "360": "IDN",
    "392": "JPN",
    "398": "KAZ",
    "410": "KOR",
    "418": "LAO",
    "450": "MDG",
    "458": "MYS",
    "484": "MEX",
    "490": "TWN",
    "496": "MNG",
    "528": "NLD",
    "566": "NGA",
    "579": "NOR",
    "578": "NOR",
    "643": "RUS",
    "699": "IND",
    "703": "SVK",
    "704": "VNM",
    "705": "SVN",
    "710": "ZAF",
    "724": "ESP",
    "752": "SWE",
    "756": "CHE",
    "757": "CHE",
    "764": "THA",
    "792": "TUR",
    "826": "GBR",
    "840": "USA",
    "842": "USA",
    "860": "UZB",
    "380": "ITA",
    "381": "ITA",
    "616": "POL",
    "620": "PRT",
    "642": "ROU",
    "702": "SGP",
    "203": "CZE",
    "208": "DNK",
    "348": "HUN",
    "372": "IRL",
    "376": "ISR",
    "608": "PHL",
    "804": "UKR",
    "834": "TZA",
    "180": "COD",
}

_NAMES = {
    "korea, south": "KOR",
    "korea, north": "PRK",
    "burma (myanmar)": "MMR",
    "myanmar (burma)": "MMR",
    "germany (federal republic of germany)": "DEU",
    "china, hong kong sar": "HKG",
    "china, macao sar": "MAC",
    "congo, democratic republic of the congo (kinshasa)": "COD",
    "congo (kinshasa)": "COD",
    "cote d'ivoire": "CIV",
    "cote d`ivoire": "CIV",
    "czech republic": "CZE",
    "macedonia": "MKD",
    "total for all countries": "WLD",
    "world total": "WLD",
    "world total (rounded)": "WLD",
    "all countries": "WLD",
    "other countries": "ROW",
    "united states of america": "USA",
    "türkiye": "TUR",
    "turkiye": "TUR",
    "lao people's democratic republic": "LAO",
    "republic of korea": "KOR",
    "viet nam": "VNM",
}

_TWO_LETTERS = {"EL": "GRC", "UK": "GBR", "WORLD": "WLD", "EU27_2020": "EUU", "EU": "EUU"}


def from_m49(code: str) -> str | None:
    """ISO3 or aggregate code of a number of UN Comtrade; None for the numbers not listed here.

    >>> from_m49("842"), from_m49("0"), from_m49("156")
    ('USA', 'WLD', 'CHN')
    """
    return _M49.get(code.strip().lstrip("0") or "0")


def from_name(name: str) -> str:
    """ISO3 code of a country as American and international statistics spell it.

    Raises
    ------
    RequestError
        If no country is called that.

    >>> from_name("KOREA, SOUTH"), from_name("China")
    ('KOR', 'CHN')
    """
    plain = name.replace("\xa0", " ").strip().casefold()
    return _NAMES.get(plain) or iso3_of(plain)


@lru_cache(maxsize=1)
def _iso2() -> dict[str, str]:
    return {country.iso2: code for code, country in countries().items() if country.iso2}


def from_two_letters(code: str) -> str | None:
    """ISO3 code of two letters as Eurostat writes them; None for other aggregates.

    >>> from_two_letters("EL"), from_two_letters("CN"), from_two_letters("EXT_EU27_2020")
    ('GRC', 'CHN', None)
    """
    plain = code.strip().upper()
    return _TWO_LETTERS.get(plain) or _iso2().get(plain)


def known_name(name: str) -> str | None:
    """ISO3 code of a name, or None: for columns that may hold groups of countries."""
    try:
        return from_name(name)
    except RequestError:
        return None
