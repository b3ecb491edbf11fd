"""The words of one message to many: in each language that somebody has written, with one to fall back on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.template.base import DebugLexer, TokenType

from meeting.models import Meeting

from .. import texts
from ..models import Campaign
from ..texts import KINDS, Kind, Words
from ..texts.kinds import OF

KIND = "campaign"
TO_FOCAL_POINTS = "campaign_focal"
PARTS = ("subject", "title", "body")


def beginnings() -> dict[str, Kind]:
    """The events for which words are ready, to go on from."""
    return {name: kind for name, kind in KINDS.items() if kind.group == "many" and kind.is_edited}


def to_begin_with(name: str, meeting: Meeting) -> dict[str, dict[str, str]]:
    """The ready words for this event in each language; none where there is no such event."""
    if name not in beginnings():
        return {}
    return {code: asdict(texts.words_for(meeting, name, None, code)) for code, _name in settings.LANGUAGES}


def kind_name(audience: str) -> str:
    return TO_FOCAL_POINTS if audience == Campaign.Audience.FOCAL_POINTS else KIND


def kind_of(audience: str) -> Kind:
    """What its words may speak of: to focal points nothing of one person can be said."""
    return KINDS[kind_name(audience)]


def written(campaign: Campaign) -> list[str]:
    """The languages it is written in, in the order of the site."""
    return [code for code, _name in settings.LANGUAGES if campaign.words.get(code)]


def language_for(campaign: Campaign, wanted: str) -> str:
    """The one that somebody who reads `wanted` gets; nothing while nothing is written."""
    there = written(campaign)
    if wanted in there:
        return wanted
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in there else next(iter(there), "")


def words_in(campaign: Campaign, language: str) -> Words:
    return Words(**{part: campaign.words[language][part] for part in PARTS})


def problems(words: Mapping[str, Mapping[str, str]], kind: Kind) -> dict[str, list[texts.Problem]]:
    """What is wrong, by language; nothing when they can be kept."""
    found = {language: texts.check(Words(**{p: of.get(p, "") for p in PARTS}), kind) for language, of in words.items()}
    return {language: wrong for language, wrong in found.items() if wrong}


def is_about_each(campaign: Campaign) -> bool:
    """Whether its words say something of the person: then a focal point reads one message for each."""
    said = {name for code in written(campaign) for part in campaign.words[code].values() for name in _named(part)}
    return not campaign.to_focal_points and bool(said & set(OF["registration"]))


def _named(text: str) -> set[str]:
    tokens = DebugLexer(text).tokenize()
    return {word for token in tokens if token.token_type != TokenType.TEXT for word in token.split_contents()}


def cleaned(posted: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Only languages in which anything is written; line ends as everywhere else."""
    found = {}
    for code, _name in settings.LANGUAGES:
        of = {part: str(posted.get(f"{part}_{code}") or "").replace("\r\n", "\n").strip() for part in PARTS}
        if any(of.values()):
            found[code] = of
    return found
