"""Who sends the fictitious delegates: entities of the directory, where their people's names come from, their language."""

from __future__ import annotations

from dataclasses import dataclass

from .functions import EMBASSY
from .people import ANYWHERE


@dataclass(frozen=True)
class Invited:
    code: str
    cultures: tuple[str, ...]
    language: str = "en"
    # Where those from far away are posted; empty where they come from the capital.
    mission: str = ""


def _all(cultures: str, codes: str, language: str = "en", mission: str = "") -> list[Invited]:
    origins = tuple(cultures.split()) or ANYWHERE
    return [Invited(code, origins, language, mission) for code in codes.split()]


# Delegations with a limit of seats come apart from those without.
WITHOUT_LIMIT: list[Invited] = [
    *_all("th", "THA"),
    *_all("vi", "VNM"),
    *_all("km", "KHM"),
    *_all("lo", "LAO"),
    *_all("id", "IDN"),
    *_all("ph", "PHL"),
    *_all("my", "MMR"),
    *_all("ms", "MYS BRN"),
    *_all("zh", "CHN", "zh-hans"),
    *_all("zh ms", "SGP"),
    *_all("ja", "JPN"),
    *_all("ko", "KOR PRK"),
    *_all("mn", "MNG"),
    *_all("pt id", "TLS"),
    *_all("pacific", "FJI WSM TON TUV NRU PLW MHL FSM COK NIU"),
    *_all("kiribati", "KIR"),
    *_all("melanesia", "PNG SLB VUT"),
    *_all("en", "AUS NZL"),
    *_all("fr", "FRA", "fr"),
    *_all("ru", "RUS KAZ", "ru"),
    *_all("sa", "IND NPL BGD LKA"),
    *_all("bt", "BTN"),
    *_all("fa", "IRN"),
    *_all("tr", "TUR"),
    *_all("hk", "HKG MAC"),
    *_all("fr", "NCL PYF", "fr"),
    *_all("pt", "BRA", mission=EMBASSY),
    *_all("nordic", "SWE", mission=EMBASSY),
    *_all("en", "CAN", mission=EMBASSY),
    *_all("ar", "EGY", "ar", mission=EMBASSY),
    *_all("fr pt", "VAT", mission="Apostolic Nunciature in Bangkok"),
    *_all("", "ESCAP UNICEF UNODC OHCHR UNDP UNIFEM UNHCR"),
    *_all("", "ILO WHO IOM UNESCO"),
]
WITH_LIMIT: list[Invited] = [
    *_all("", "ASEAN SAARC PIFS INTERPOL"),
    *_all("", "ECPAT Save-the-Children World-Vision Plan Terre-des-Hommes CWA Child-Helpline GAATW"),
    *_all("", "PATA The-Code"),
]
