"""Who acts on whom, how and on what: one entry for each raw measure.

Dates, sources and confidence come from the raw table unless an entry gives its own, because
the raw cell is not a day, or is the first day *without* effect, or belongs to a suspension.
"""

from __future__ import annotations

from dataclasses import dataclass

RAW = "as in the raw table"
REE = "La;Ce;Pr;Nd;Sm;Eu;Gd;Tb;Dy;Ho;Er;Tm;Yb;Lu;Y;Sc"
SEVEN = "Sm;Gd;Tb;Dy;Lu;Sc;Y"
ALL_FORMS = "oxide;metal;alloy;magnet;compound;target"
OCTOBER = "M039;M040;M041;M042;M043;M044;M069"


@dataclass(frozen=True)
class Act:
    """One entry; `RAW` dates are taken from the raw table."""

    act: str
    actor: str
    targets: str
    instrument: str
    status: str
    elements: str = ""
    forms: str = ""
    article: str = ""
    changes: str = ""
    announced: str = RAW
    in_force: str = RAW
    ends: str = RAW
    note: str = ""
    same_source_as: str = ""
    source: tuple[str, str] | None = None


CHN_QUOTA = {"actor": "CHN", "targets": "WLD", "instrument": "export_quota", "status": "ended",
             "elements": REE, "forms": "oxide;metal;compound"}
US_TARIFF = {"actor": "USA", "targets": "CHN", "instrument": "import_tariff", "forms": "goods"}
CN_TARIFF = {"actor": "CHN", "targets": "USA", "instrument": "import_tariff", "forms": "goods"}
CN_LICENCE = {"actor": "CHN", "targets": "WLD", "instrument": "export_licence"}
SUSPENDED = "Suspended on {} until 2026-11-10; the record does not show what followed"

ACTS: dict[str, Act] = {
    "M001": Act("Second export quota of 2010", **CHN_QUOTA,
                note="month only; first half 16,304 t, the year about 30,258 t"),
    "M002": Act("Yearly export quotas", **CHN_QUOTA, in_force="2010-01-01",
                note="year only; 30,258 t in 2010, 30,184 t in 2011, against about 50,000 t in 2009"),
    "M003": Act("Export duty on rare earths", "CHN", "WLD", "export_tax", "ended", REE,
                "oxide;metal;compound", ends="2015-05-01",
                note="years only; 15-25 %; removal in May 2015 from general knowledge"),
    "M004": Act("Unannounced stop of shipments to Japan", "CHN", "JPN", "customs_hold", "ended",
                REE, "oxide;metal;compound",
                note="denied; full inspection from 27 September, loading again on 19 November"),
    "M005": Act("Unannounced customs hold", "CHN", "USA;EUU", "customs_hold", "ended", REE,
                "oxide;metal;compound", note="days approximate"),
    "M006": Act("First export quota of 2011", **CHN_QUOTA, note="14,446 t to 31 firms"),
    "M007": Act("First export quota of 2012", **CHN_QUOTA,
                note="10,546 t, light and heavy apart; not binding: 40 % of the 2011 quota used"),
    "M008": Act("Second export quota of 2012", **CHN_QUOTA,
                note="9,770 t, of which heavy 1,233 t; 30,996 t for the year"),
    "M009": Act("Complaints to the WTO, DS431 to DS433", "USA;EUU;JPN", "CHN", "dispute", "ended",
                f"{REE};W;Mo", "oxide;metal;compound", note="day of request from general knowledge"),
    "M010": Act("Rulings against Chinese export limits, DS431 to DS433", "WLD", "CHN", "ruling",
                "ended", f"{REE};W;Mo", "oxide;metal;compound",
                note="by the WTO; panel 26 March, appeal 7 August; adoption day from general "
                     "knowledge"),
    "M011": Act("End of export quotas", "CHN", "WLD", "removal", "in_force", REE,
                "oxide;metal;compound", changes="M002",
                note="general knowledge, page not read; licences without quota stayed"),
    "M012": Act("Announcement 23/2023", **CN_LICENCE, status="in_force", elements="Ga;Ge",
                forms="metal;oxide;compound;alloy;material", note="eight gallium, six germanium items"),
    "M013": Act("Announcement 39/2023", **CN_LICENCE, status="in_force", elements="graphite",
                forms="material", note="days and number from general knowledge"),
    "M014": Act("Catalogue of export technologies 2023", "CHN", "WLD", "technology_licence",
                "in_force", REE, "technology",
                note="general knowledge, page not read; includes bans on some technologies"),
    "M015": Act("Announcement 33/2024", **CN_LICENCE, status="in_force", elements="Sb",
                forms="ore;metal;oxide;compound;equipment;material;technology",
                note="also superhard materials; first day from general knowledge"),
    "M016": Act("Section 301 four-year review", **US_TARIFF, status="in_force",
                elements="", note="25 % on permanent magnets and natural graphite from 2026"),
    "M017": Act("Announcement 46/2024", "CHN", "USA", "export_ban", "suspended", "Ga;Ge;Sb",
                "metal;oxide;compound;material;equipment", "Art. 2", ends="",
                note="also superhard; stricter for graphite; suspended on 2025-11-09 until "
                     "2026-11-27"),
    "M018": Act("Executive Order 14195", **US_TARIFF, status="ended", note="10 % on all goods"),
    "M019": Act("Announcement 10/2025", **CN_LICENCE, status="in_force", elements="W;Te;Bi;Mo;In",
                forms="metal;alloy;compound;material;technology"),
    "M020": Act("Executive Order 14195 as amended", **US_TARIFF, status="ended", changes="M018",
                note="20 % in all; cut to 10 % on 2025-11-10"),
    "M021": Act("Executive Order 14257", **US_TARIFF, status="ended",
                note="34 %; 24 points suspended in May 2025, the rest void from February 2026"),
    "M022": Act("Tax Commission Announcement 4/2025", **CN_TARIFF, status="suspended",
                ends="2025-05-13", note="34 %; 24 points suspended when the Geneva truce began"),
    "M023": Act("Announcement 18/2025", **CN_LICENCE, status="in_force", elements=SEVEN,
                forms=ALL_FORMS,
                note="never suspended; magnets are listed for Sm, Tb and Dy only; no content "
                     "threshold"),
    "M024": Act("Control and unreliable-entity lists of April 2025", "CHN", "USA", "entity_list",
                "suspended", forms="goods", ends="",
                note="27 firms; suspended in stages from 2025-05-14"),
    "M025": Act("Executive Order 14259", **US_TARIFF, status="ended", changes="M021",
                ends="2025-04-09", note="84 % for one day, replaced by 125 % on 10 April"),
    "M026": Act("Executive Order 14266", **US_TARIFF, status="ended", changes="M025",
                ends="2025-05-13", note="125 %, with the fentanyl tariff 145 %"),
    "M027": Act("Tax Commission Announcements 5 and 6/2025", **CN_TARIFF, status="ended",
                changes="M022", ends="2025-05-13", note="84 % from 10 April, 125 % from 12 April"),
    "M028": Act("Geneva joint statement", "USA;CHN", "USA;CHN", "truce", "ended", forms="goods",
                changes="M021;M022;M024;M026;M027",
                note="145 to 30 % and 125 to 10 % for 90 days; Announcement 18/2025 stayed"),
    "M029": Act("Letters of the Bureau of Industry and Security", "USA", "CHN", "export_licence",
                "ended", forms="goods", ends="2025-07-01",
                note="jet engines, chip design software, chemicals; lifted in July 2025, day not read"),
    "M030": Act("London framework", "USA;CHN", "USA;CHN", "truce", "in_force", SEVEN, ALL_FORMS,
                note="to carry out Geneva; applications to be approved under Chinese law"),
    "M031": Act("Order to trace magnets", "CHN", "CHN", "reporting", "in_force", REE, "magnet",
                note="month only; makers report customers and volumes"),
    "M032": Act("Reported order to stop exports to Japan", "IND", "JPN", "export_ban", "unknown",
                "Nd;Pr", "oxide", note="to a state firm; press report only"),
    "M033": Act("Defence Department agreement with MP Materials", "USA", "USA", "price_floor",
                "in_force", "Nd;Pr", "oxide;magnet", ends="",
                note="USD 400 m equity, floor of 110 USD/kg, offtake; runs ten years"),
    "M034": Act("Mining and smelting quota of 2025", "CHN", "CHN", "domestic_quota", "in_force",
                REE, "ore;oxide", in_force="", note="issued without publication; first day not known"),
    "M035": Act("Extension of the Geneva truce", "USA;CHN", "USA;CHN", "truce", "ended",
                forms="goods", changes="M028", note="90 days more; 30 % and 10 % stayed"),
    "M036": Act("Threat of a 200 % tariff", "USA", "CHN", "threat", "announced", REE, "magnet",
                note="never enacted"),
    "M037": Act("2025 list of critical minerals", "USA", "USA", "list", "in_force",
                in_force="2025-11-01", note="months only; draft of August had 54 commodities"),
    "M038": Act("Affiliates rule", "USA", "CHN", "affiliates_rule", "suspended", forms="goods",
                ends="", note="firms owned by half; suspended on 2025-11-10 for one year"),
    "M039": Act("Announcement 62/2025", "CHN", "WLD", "technology_licence", "suspended", REE,
                "technology", ends="", note=SUSPENDED.format("2025-11-07")),
    "M040": Act("Announcement 61/2025", "CHN", "WLD", "extraterritorial_licence",
                "never_operated", SEVEN, "magnet;target", "Art. 1(1) and 1(2)", ends="",
                note="floor of 0.1 % of value; suspended before its first day until 2026-11-10"),
    "M041": Act("Announcement 57/2025", **CN_LICENCE, status="never_operated",
                elements="Ho;Er;Tm;Eu;Yb", forms="metal;alloy;target;oxide;compound;material;magnet",
                ends="", note="suspended before its first day until 2026-11-10"),
    "M042": Act("Announcement 56/2025", **CN_LICENCE, status="never_operated", elements=REE,
                forms="ore;equipment;material", ends="",
                note="equipment and reagents; suspended before its first day until 2026-11-10"),
    "M043": Act("Announcement 58/2025", **CN_LICENCE, status="never_operated",
                elements="Li;graphite", forms="goods;equipment;material;technology", ends="",
                note="batteries and anodes; suspended before its first day until 2026-11-10"),
    "M044": Act("Announcement 55/2025", **CN_LICENCE, status="never_operated", forms="material",
                ends="", note="superhard materials; suspended before its first day until 2026-11-10"),
    "M045": Act("Threat of a further 100 % tariff", "USA", "CHN", "threat", "never_operated",
                forms="goods", ends="", note="withdrawn before its first day"),
    "M046": Act("Special port fees", "CHN", "USA", "port_fees", "suspended", forms="goods",
                ends="", note="suspended on 2025-11-10 for one year"),
    "M047": Act("Busan deal", "USA;CHN", "USA;CHN", "truce", "in_force", SEVEN,
                "goods;oxide;metal;alloy;magnet;compound;target",
                changes="M020;M024;M035;M038;M046",
                note="says that general licences end the April controls; China never confirmed that"),
    "M048": Act("Announcement 70/2025", "CHN", "WLD", "suspension", "in_force", changes=OCTOBER,
                note="until may mean the 9th or the 10th; what followed is not on record"),
    "M049": Act("Announcement 72/2025", "CHN", "USA", "suspension", "in_force", "Ga;Ge;Sb",
                "metal;oxide;compound;material;equipment", changes="M017",
                note="Article 1 for military users is not suspended"),
    "M050": Act("First general licences for magnets", "CHN", "WLD", "general_licence", "in_force",
                SEVEN, "magnet", changes="M023",
                note="at least three makers; one year, tied to a customer"),
    "M051": Act("Two-month stockpile", "IND", "IND", "stockpile", "announced", REE, in_force="",
                note="planned; first day not known"),
    "M052": Act("Support for sintered magnets", "IND", "IND", "subsidy", "in_force", "Nd;Pr",
                "magnet", ends="", note="INR 72.8 bn for 6,000 t a year, to 2032; month only"),
    "M053": Act("RESourceEU package", "EUU", "EUU", "stockpile", "announced", REE, "goods",
                note="joint purchase, recycling, stockpiles; proposed"),
    "M054": Act("List of state-trading exporters 2026-27", "CHN", "WLD", "state_trading",
                "in_force", "W;Sb;Ag", "metal", note="44 silver exporters"),
    "M055": Act("Announcement 1/2026", "CHN", "JPN", "export_ban", "in_force", REE, ALL_FORMS,
                note="military users and uses only; about 1,000 dual-use items; re-export liable"),
    "M056": Act("Reported halt of licence reviews", "CHN", "JPN", "customs_hold", "unknown",
                SEVEN, ALL_FORMS, note="press report; China says that civil users are not affected"),
    "M057": Act("Project Vault", "USA", "USA", "stockpile", "in_force", forms="goods",
                in_force="2026-02-02", note="USD 12 bn, of which 10 bn a loan; day approximate"),
    "M058": Act("Learning Resources v. Trump", "USA", "USA", "removal", "in_force", forms="goods",
                changes="M018;M021", note="emergency tariffs void; collected until 2026-02-23"),
    "M059": Act("Section 122 surcharge", "USA", "WLD", "import_tariff", "in_force", forms="goods",
                note="10 %, critical minerals exempt; lapses by law unless extended, outcome not "
                     "found"),
    "M060": Act("Announcement 11/2026", "CHN", "JPN", "entity_list", "in_force", REE, ALL_FORMS,
                note="20 firms"),
    "M061": Act("Announcement 12/2026", "CHN", "JPN", "watch_list", "in_force", REE, ALL_FORMS,
                note="20 firms; single licences, no statutory clock"),
    "M062": Act("Section 301 investigation of 16 partners", "USA", "CHN", "dispute", "announced",
                forms="goods", note="China is one of sixteen"),
    "M063": Act("Beijing summit statement", "USA;CHN", "USA;CHN", "truce", "announced",
                "Y;Sc;Nd;In", "oxide;metal;equipment", note="commitment only; China silent on it"),
    "M064": Act("Announcement 23/2026", "CHN", "USA", "entity_list", "in_force", REE, ALL_FORMS,
                note="10 firms, two of them rare-earth producers"),
    "M065": Act("Announcements of 29 June 2026", "CHN", "JPN", "entity_list", "in_force", REE,
                ALL_FORMS, note="40 firms, half of them on the watch list; single source"),
    "M066": Act("End of the one-year suspension and truce", "USA;CHN", "USA;CHN", "truce",
                "unknown", announced="2025-11-07", changes="M047;M048",
                note="due on 2026-11-10; outcome unknown, the record ends on 2026-06-29"),
    "M067": Act("DFARS rule on magnets, extended", "USA", "CHN", "procurement_ban", "scheduled",
                "Nd;Pr;Dy;Tb;Sm", "magnet", announced="2024-05-30",
                note="from mine to magnet; defence contractors",
                source=("https://regulations.justia.com/regulations/fedreg/2024/05/30/2024-11513.html",
                        "89 FR 46816, 30 May 2024")),
    # Articles whose fate differs from that of the act above.
    "M068": Act("Announcement 46/2024", "CHN", "USA", "export_ban", "in_force", REE, ALL_FORMS,
                "Art. 1", ends="", same_source_as="M017",
                note="military users and uses, all dual-use items; not suspended"),
    "M069": Act("Announcement 61/2025", "CHN", "WLD", "extraterritorial_licence", "suspended",
                SEVEN, ALL_FORMS, "Art. 1(3)", in_force="2025-10-09", ends="",
                same_source_as="M040",
                note="re-export of Chinese items from abroad; in force at once, suspended "
                     "2025-11-07 to 2026-11-10"),
}
