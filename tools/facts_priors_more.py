"""The rest of the map of ``baseline_priors.csv``: users, covers, transit, gaps."""

from __future__ import annotations

from facts_priors_map import Spec, mid

MORE_SPECS: dict[str, tuple[Spec, ...]] = {
    "Dy content|World|Dy per EV|electric vehicles|2024": (
        Spec("intensity/electric_car/Dy/2024", "g/unit", "WLD", "Dy", "industry",
             industry="light_vehicles_battery", period="2024",
             note="IEA demand over about 17 million cars gives 40 g"),
    ),
    "Dy+Tb content|World|EV magnets|electric vehicles|2025": (
        Spec("magnet_composition/electric_car/DyTb/2025", "weight percent", "WLD", "DyTb",
             "magnet", industry="light_vehicles_battery", period="2025", kind="conflicting",
             note="contradicted by the mass balance: do not calibrate"),
    ),
    "PM share of traction motors|World|NdFeB motors|electric vehicles|2023 / 2018": (
        Spec("permanent_magnet_share/WLD/traction_motors/2023", "percent", "WLD", "magnet:NdFeB",
             "component", industry="light_vehicles_battery", period="2023", figures=mid(90),
             note="nine of ten motors, June 2023"),
        Spec("permanent_magnet_share/WLD/traction_motors/2018", "percent", "WLD", "magnet:NdFeB",
             "component", industry="light_vehicles_battery", period="2018", figures=mid(93),
             note=""),
    ),
    "electric car sales share|China / Europe / US|cars|electric vehicles|2023": tuple(
        Spec(f"electric_car_sales_share/{place}/2023", "percent", country, "vehicle", "industry",
             industry="light_vehicles_battery", period="2023", figures=mid(share),
             note=f"{where}share of 14 million cars sold; sales, not production")
        for place, country, share, where in (
            ("CHN", "CHN", 60, ""), ("Europe", "", 25, "Europe; "), ("USA", "USA", 10, ""),
        )
    ),
    "production|World / China|EVs|electric vehicles|2023": (
        Spec("vehicle_output/WLD/battery/2023", "million pieces", "WLD", "vehicle", "industry",
             industry="light_vehicles_battery", period="2023", kind="conflicting",
             note="statistics aggregator: do not calibrate"),
    ),
    "PM share of wind turbines|World|PM generators|wind|2023": (
        Spec("permanent_magnet_share/WLD/wind_onshore/2023", "percent", "WLD", "magnet:NdFeB",
             "component", industry="wind", period="2023", figures=mid(20),
             note="gives half of the wind magnets that the IEA figure implies"),
        Spec("permanent_magnet_share/WLD/wind_offshore/2023", "percent", "WLD", "magnet:NdFeB",
             "component", industry="wind", period="2023", figures=mid(70),
             note="gives half of the wind magnets that the IEA figure implies"),
    ),
    "magnet per part|World|NdFeB per electric power steering|car|2016": (
        Spec("intensity/electric_power_steering/NdFeB/2016", "kg/unit", "WLD", "magnet:NdFeB",
             "component", industry="light_vehicles", period="2016",
             note="0.15 kg finished from a blank of 0.25 kg"),
    ),
    "global use share|World|all REO|catalysts / magnets|2020": (
        Spec("use_share/WLD/REO/catalysts/2020", "percent", "WLD", "rare_earths", "industry",
             industry="catalysts", period="2020", figures=mid(20), note="by weight"),
        Spec("use_share/WLD/REO/magnets/2020", "percent", "WLD", "rare_earths", "industry",
             period="2020", figures=mid(29), note="by weight"),
    ),
    "refined supply|World|REO|separation|2020": (
        Spec("oxide_output/WLD/all/2020", "t REO", "WLD", "oxide:all", "separation", period="2020",
             note="against 240-250 kt mined: much lanthanum and cerium is never separated"),
    ),
    "use share|China|REO|magnets / abrasives / catalysts|2015": (
        Spec("use_share/CHN/REO/magnets/2015", "percent", "CHN", "rare_earths", "industry",
             period="2015", figures=mid(35)),
        Spec("use_share/CHN/REO/abrasives/2015", "percent", "CHN", "rare_earths", "industry",
             industry="glass_ceramics", period="2015", figures=mid(18)),
        Spec("use_share/CHN/REO/catalysts/2015", "percent", "CHN", "rare_earths", "industry",
             industry="catalysts", period="2015", figures=mid(15)),
    ),
    "use split|World|REO by element and use|all|2008": (
        Spec("use_share/WLD/REO_by_element/all/2008", "t REO", "WLD", "rare_earths", "industry",
             period="2008", kind="gap",
             note="looked for the element by use tables of this report; the document was not read"),
    ),
    "consumption|World|Y2O3|use|2016": (
        Spec("oxide_consumption/WLD/Y/2016", "t REO", "WLD", "oxide:Y", "industry", period="2016",
             note="against 10-15 kt mined now; world split by use not found"),
    ),
    "consumption|World|Gd2O3|use|": (
        Spec("oxide_consumption/WLD/Gd", "t REO", "WLD", "oxide:Gd", "industry", kind="gap",
             note="looked for world use of gadolinium oxide and its split; only Chinese output "
                  "found"),
    ),
    "consumption|World|Lu, Sm, Er, Yb, Ho, Tm, Eu|use|": tuple(
        Spec(f"oxide_consumption/WLD/{element}", "t REO", "WLD", f"oxide:{element}", "industry",
             kind="gap", note=f"looked for world use of {element}; no citable tonnage found")
        for element in ("Lu", "Sm", "Er", "Yb", "Ho", "Tm", "Eu")
    ),
    "stock|France|Sm material held since the 1970s|oxide|2025": (
        Spec("stock/FRA/Sm/2025", "t", "FRA", "oxide:Sm", "stock", period="2025",
             note="old material outside every statistic; about a year of US defence SmCo"),
    ),
    "SmCo per unit|United States|SmCo magnets in F-35|defence|2025": (
        Spec("intensity/F-35/SmCo/2025", "kg/unit", "USA", "magnet:SmCo", "industry",
             industry="defence", period="2025", note="agrees with an independent audit of 23 kg"),
    ),
    "inventory cover|World|magnets|car makers|2025": (
        Spec("cover/WLD/light_vehicles/2025", "weeks", "WLD", "magnet", "stock",
             industry="light_vehicles", period="2025",
             note="4-6 weeks here, 2-4 weeks elsewhere; no survey with a distribution found"),
    ),
    "inventory cover|India|NdFeB for EV motors|car makers|2025-06": (
        Spec("cover/IND/light_vehicles_battery/2025-06", "weeks", "IND", "magnet:NdFeB", "stock",
             industry="light_vehicles_battery", period="2025-06",
             note="cover left two months after the control; 10-12 weeks before it with pipeline"),
    ),
    "inventory cover|Japan|oxide, metal|magnet makers|2025": (
        Spec("cover/JPN/magnet_makers/2025", "weeks", "JPN", "metal:NdPr", "stock", period="2025",
             kind="gap", note="two makers called it sufficient; the quantity was not printed"),
    ),
    "inventory cover|World|magnets|tier 1 suppliers|2025": (
        Spec("prior/cover/light_vehicles", "weeks", "WLD", "magnet", "stock",
             industry="light_vehicles", period="2025",
             note="tier 1 suppliers, lognormal; must give first full stops after 7-8 weeks"),
    ),
    "inventory cover|World|NdPr, Dy metal|magnet makers outside China|2025": (
        Spec("prior/cover/magnet_makers", "weeks", "ROW", "metal:NdPr", "stock",
             note="metal at magnet makers outside China"),
    ),
    "inventory cover|World|magnets|wind, industrial motors|2025": tuple(
        Spec(f"prior/cover/{industry}", "weeks", "WLD", "magnet", "stock", industry=industry)
        for industry in ("wind", "industrial_motors")
    ),
    "transit time|China -> EU|sea, port to port|trade|2025": (
        Spec("transit/CHN/EUU/sea", "days", "CHN", "", "trade", "EUU", period="2025",
             note="port to port; 36 with transshipment, 45-48 round the Cape; door to door 35-49"),
    ),
    "transit time|China -> US west|sea, door to door|trade|2024": (
        Spec("transit/CHN/USA/sea_west", "days", "CHN", "", "trade", "USA", period="2024",
             note="door to door; port to port 15-18"),
    ),
    "transit time|China -> US east|sea|trade|2024": (
        Spec("transit/CHN/USA/sea_east", "days", "CHN", "", "trade", "USA", period="2024"),
    ),
    "transit time|China -> SE Asia|sea, door to door|trade|2024": (
        Spec("transit/CHN/SE_Asia/sea", "days", "CHN", "", "trade", period="2024",
             note="door to door to South-East Asia"),
    ),
    "transit time|China -> Japan, Korea|sea, door to door|trade|2024": tuple(
        Spec(f"prior/transit/CHN/{code}", "days", "CHN", "", "trade", code, period="2024",
             note="door to door; the only page found has an impossible distance")
        for code in ("JPN", "KOR")
    ),
    "transit time|China -> any|air, magnets|trade|2020": (
        Spec("transit/CHN/WLD/air", "days", "CHN", "magnet", "trade", "WLD", period="2020"),
    ),
    "order lead time|China|sintered NdFeB, custom|magnet|2015-2025": (
        Spec("order_lead_time/CHN/magnet", "days", "CHN", "magnet:NdFeB", "magnet",
             period="2015..2025", note="60 days with sea freight, 90 in a shipping crisis"),
    ),
    "imports|India|all permanent magnets|magnet trade|FY2024 / FY2025": tuple(
        Spec(f"imports/IND/WLD/all_permanent_magnets/{year}", "t", "IND", "magnet:all", "trade",
             "WLD", period=year, figures=mid(tonnes),
             note="heading 8505 with ferrite: not rare-earth magnets")
        for year, tonnes in (("FY2024", 28700), ("FY2025", 53700))
    ),
    "stock|World|REO separation recovery from concentrate|separation|": (
        Spec("prior/separation_recovery/WLD", "ratio", "WLD", "oxide:all", "separation",
             note="oxide out over oxide in concentrate; IEA over USGS hints at 0.84 for China"),
    ),
}
