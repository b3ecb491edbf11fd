"""What stands above the list: the body, the document's marks, which meeting, who stands in it; and the officers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils.translation import get_language

from meeting import dates
from meeting.collation import sort_key
from meeting.models import Meeting

from ..models import Officer as ElectedOfficer
from ..models import ParticipantsSetup
from ..names import tidy
from .profile import Profile
from .tree import Entity, Head, Officer, Person, Section


def head(
    meeting: Meeting,
    setup: ParticipantsSetup,
    profile: Profile,
    basis: str,
    state: str,
    today: datetime.date,
    languages: list[str],
) -> Head:
    """In the language that is active."""
    language = get_language() or "en"
    words = profile.words
    day = dates.long_date(today)
    return Head(
        title=words.title[language],
        state=state,
        body=tuple(profile.body[language]),
        symbol=setup.symbol,
        date=day,
        languages=_languages(profile, language, languages),
        distribution=setup.distribution,
        meeting=meeting.title,
        place_and_days=_place_and_days(meeting, profile, language),
        basis=_dated(getattr(words, basis)[language], day),
        contents=words.contents[language] if setup.with_contents else "",
        corrections=_corrections(meeting, setup, profile, language),
    )


def _languages(profile: Profile, language: str, languages: list[str]) -> str:
    """English only; or all of those in which the document appears, in the order of the reader's alphabet."""
    if not set(languages) - {language}:
        return profile.words.only[language]
    named = {code: dates.language_name(code) for code in languages}
    in_order = sorted(named.values(), key=lambda name: sort_key(name, language))
    text = dates.joined(in_order)
    return text[:1].upper() + text[1:]


def _place_and_days(meeting: Meeting, profile: Profile, language: str) -> str:
    days = dates.date_range(meeting.starts_on, meeting.ends_on)
    city = meeting.venue.city if meeting.venue else ""
    return profile.style.separator[language].join(part for part in (city, days) if part)


def _corrections(meeting: Meeting, setup: ParticipantsSetup, profile: Profile, language: str) -> str:
    if not setup.corrections_until:
        return ""
    pattern = profile.words.corrections_to if meeting.contact_email else profile.words.corrections
    told = _dated(pattern[language], dates.long_date(setup.corrections_until))
    return told.replace("{email}", meeting.contact_email)


def _dated(pattern: str, day: str) -> str:
    """A sentence that ends with a day which has its own full stop (“8 сентября 2008 г.”) needs no second one."""
    return pattern.replace("{date}", day).replace(f"{day}.", day if day.endswith(".") else f"{day}.")


def officers(meeting: Meeting, profile: Profile, language: str, sections: Iterable[Section]) -> tuple[Officer, ...]:
    """Those who were elected, in their order; whoever does not stand in the list stands not here either."""
    elected = list(ElectedOfficer.objects.filter(meeting=meeting).select_related("registration"))
    found = people_by_reference(sections, {officer.registration.reference for officer in elected})
    return tuple(
        Officer(tidy(officer.office), _line(profile, language, *found[reference]), reference)
        for officer in elected
        if (reference := officer.registration.reference) in found
    )


def people_by_reference(sections: Iterable[Section], wanted: set[str]) -> dict[str, tuple[Person, Entity]]:
    """Those of these references who are named in the list, with the entity under which they are."""
    if not wanted:
        return {}
    everybody = ((person, entity) for s in sections for entity in s.entities for person in entity.people)
    return {person.reference: (person, entity) for person, entity in everybody if person.reference in wanted}


def _line(profile: Profile, language: str, person: Person, entity: Entity) -> str:
    pattern = profile.style.named[language]
    line = pattern.replace("{entity}", entity.name).replace("{name}", person.printed_name)
    return f"{line} {person.mark}".rstrip()
