"""Small files in the layouts of the publishers. Every figure in them is invented for the tests."""

from __future__ import annotations

import json

COMTRADE_COLUMNS = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,"
    "flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,"
    "classificationCode,classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,"
    "aggrLevel,isLeaf,customsCode,customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,"
    "isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,"
    "isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,"
    "legacyEstimationFlag,isReported,isAggregate"
)


def comtrade_row(**cells: str) -> str:
    """One row of a Comtrade CSV: Chinese exports to the United States in May 2025."""
    usual = {
        "typeCode": "C",
        "freqCode": "M",
        "period": "202505",
        "reporterCode": "156",
        "reporterISO": "CHN",
        "flowCode": "X",
        "partnerCode": "842",
        "partnerISO": "USA",
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
        "cmdCode": "850511",
        "netWgt": "51000",
        "isNetWgtEstimated": "false",
        "primaryValue": "2000000",
    }
    row = usual | cells
    return ",".join(row.get(column, "") for column in COMTRADE_COLUMNS.split(","))


def comtrade(*rows: str) -> str:
    """A Comtrade CSV."""
    return "\n".join([COMTRADE_COLUMNS, *rows]) + "\n"


COMTRADE_JSON = json.dumps(
    {
        "elapsedTime": "0.1 secs",
        "count": 1,
        "data": [
            {
                "period": "2024",
                "reporterCode": 156,
                "reporterISO": None,
                "flowCode": "M",
                "partnerCode": 104,
                "partnerISO": None,
                "partner2Code": 0,
                "cmdCode": "2846",
                "customsCode": "C00",
                "motCode": 0,
                "netWgt": 1234000.0,
                "isNetWgtEstimated": True,
                "primaryValue": 5000000.0,
            }
        ],
        "error": "",
    }
)

CENSUS = json.dumps(
    [
        ["I_COMMODITY", "CTY_CODE", "CTY_NAME", "GEN_VAL_MO", "CON_VAL_MO", "CON_QY1_MO",
         "UNIT_QY1", "time", "COMM_LVL"],
        ["8505110070", "5700", "CHINA", "900000", "800000", "40000", "KG", "2025-05", "HS10"],
        ["8505110070", "5800", "KOREA, SOUTH", "1", "700000", "9", "NO", "2025-05", "HS10"],
        ["8505110070", "0003", "EUROPEAN UNION", "1", "1", "1", "KG", "2025-05", "HS10"],
        ["8505110070", "0014", "PACIFIC RIM", "1", "1", "1", "KG", "2025-05", "HS10"],
        ["0101210010", "5700", "CHINA", "1", "1", "1", "KG", "2025-05", "HS10"],
    ]
)  # fmt: skip

DATAWEB = (
    "Imports For Consumption|Annual Data,,,,,,,\n"
    "Data Row Count,3,,,,,,\n"
    "Data Type,Country,HTS Number,Description,Quantity Description,2023,2024,"
    "January_to_april_year_2025\n"
    'Customs Value,China,8505.11.0070,"MAGNETS, SINTERED",,"1,000,000","2,000,000",7\n'
    'First Unit of Quantity,China,8505.11.0070,"MAGNETS, SINTERED",kilograms,"30,000","60,000",7\n'
    'First Unit of Quantity,China,8505.11.0030,"MAGNETS, OTHER",number,5,6,7\n'
)

COMEXT_BULK = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,"
    "PRODUCT_BEC5,PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,"
    "QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
    "DE,CN,E,85051110,77881,2711,2711,42,42,16,1,1,NO_SU,202505,3000000,3000000,120000,0\n"
    "DE,CN,E,85051110,77881,2711,2711,42,42,16,1,5,NO_SU,202505,1000000,1000000,30000,0\n"
    "EL,CN,E,85051110,77881,2711,2711,42,42,16,2,1,NO_SU,202552,10,10,5,0\n"
    "DE,CN,E,01012100,00150,0141,0141,41,41,01,1,1,NO_SU,202505,1,1,1,0\n"
)

COMEXT_SDMX = (
    "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
    "ESTAT:DS-045409(1.0),15/09/26,M,DE,CN,850511,1,QUANTITY_IN_100KG,2025-05,1500\n"
    "ESTAT:DS-045409(1.0),15/09/26,M,DE,CN,850511,1,VALUE_IN_EUROS,2025-05,4000000\n"
    "ESTAT:DS-045409(1.0),15/09/26,M,DE,EXT_EU27_2020,850511,1,VALUE_IN_EUROS,2025-05,9\n"
)

COMEXT_TSV = (
    "freq,reporter,partner,product,flow,indicators\\TIME_PERIOD\t2025-05 \t2025-06 \n"
    "M,DE,CN,850511,1,QUANTITY_KG\t150000 \t: c\n"
    "M,DE,CN,850511,1,VALUE_EUR\t4000000 p\t3000000 \n"
)

USGS_WIDE = (
    "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,"
    "CAP_EST_ 2024,CAP_NOTES,RESERVES_2024,RESERVE_NOTES\n"
    'MCS2025,Tungsten,China,"Mine production, tungsten content",metric tons,60000,61000,,,,,'
    "2400000,\n"
    'MCS2025,Tungsten,United States,"Mine production, tungsten content",metric tons,,W,,,,,NA,\n'
    'MCS2025,Copper,Chile,"Mine production, recoverable copper",thousand metric tons,5250,5300,,,,,'
    "190000,\n"
)

USGS_LONG = (
    "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,"
    "Is critical mineral 2025,Other notes\n"
    "TUNGSTEN,World Mine Production and Reserves,Tungsten,China,Production,Mine production,"
    "metric tons,2026,68000,Estimated.,Yes,\n"
    "TUNGSTEN,Salient Statistics\u2014United States,Tungsten,United States,Net import reliance,"
    "Net import reliance,percent,2026,>50,,Yes,\n"
    "TUNGSTEN,Salient Statistics\u2014United States,Tungsten,United States,Price,Price,dollars,"
    "2026,1,,Yes,\n"
)

GTA = (
    "Intervention ID,State Act Title,GTA Evaluation,Implementing Jurisdictions,"
    "Affected Jurisdictions,Affected Products,Mast Chapter,Intervention Type,Announcement Date,"
    "Implementation Date,Removal Date\n"
    '900001,An invented licence,Red,China,"Japan, United States of America","280530, 284690",P,'
    "Export licensing requirement,2025-03-01,2025-04-01,\n"
    "900002,An invented ban on horses,Red,China,Japan,010121,P,Export ban,2025-03-01,,\n"
    "900003,An invented grant,Green,United States of America,,850511,L,Financial grant,"
    "2025-03-01,,\n"
)

OECD = (
    "Country,HS code,Product,Measure,Year\n"
    "China,280530,Rare earths,Licensing requirement,2021\n"
    "China,280530,Rare earths,Licensing requirement,2022\n"
    "China,010121,Horses,Export tax,2022\n"
)
