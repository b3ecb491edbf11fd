"""Writes the sample meeting. What exists stays as it is: each part is written only where the meeting has none of it,
so that nothing an organiser changed or deleted comes back."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import override

from meeting import directory
from meeting.languages import columns, six
from meeting.models import (
    Document,
    Entity,
    FocusArea,
    Meeting,
    Milestone,
    Objective,
    Organiser,
    Room,
    Theme,
    Venue,
)
from programme import pdf
from programme.models import Session
from registration.models import ParticipantsSetup
from registration.setup.reasons import add_usual
from registration.setup.template import OFFICIAL, add_official

from . import content, notices, substance
from .sessions import PROGRAMME, Slot

DOCUMENT_TITLE = six("Programme", "Programme", "Programa", "Программа", "日程", "البرنامج")


@transaction.atomic
def load() -> tuple[Meeting, list[str]]:
    """The sample meeting, and the names of the parts that this run wrote."""
    directory.load()
    with override("en"):
        meeting, is_new = Meeting.objects.get_or_create(slug=content.SLUG, defaults=_identity())
        written = ["meeting"] if is_new else []
        for related_name, write in PARTS.items():
            if not getattr(meeting, related_name).exists():
                write(meeting)
                written.append(related_name)
        _list_of_participants(meeting)
    return meeting, written


def _identity() -> dict[str, object]:
    return {
        **_texts(),
        "starts_on": datetime.date.fromisoformat(content.STARTS_ON),
        "ends_on": datetime.date.fromisoformat(content.ENDS_ON),
        "time_zone": content.TIME_ZONE,
        "venue": _venue(),
        "reference_prefix": content.REFERENCE_PREFIX,
        "name_profile": content.STYLE_OF_NAMES,
        "membership_body": content.MEMBERSHIP_BODY,
        "contact_email": content.CONTACT_EMAIL,
        "safeguarding_email": content.SAFEGUARDING_EMAIL,
        "registration_opens_at": _moment(content.REGISTRATION_OPENS),
        "registration_closes_at": _moment(content.REGISTRATION_CLOSES),
        "registration_held_open": True,
        "decision_grace_minutes": 1,  # whoever tries it out waits for the mail
        "is_published": True,
    }


def _texts() -> dict[str, str]:
    return columns(
        title=content.TITLE,
        subtitle=content.SUBTITLE,
        short_title=content.SHORT_TITLE,
        date_note=content.DATE_NOTE,
        lead=content.LEAD,
        introduction=content.INTRODUCTION,
        rapporteur=content.RAPPORTEUR,
        rapporteur_note=content.RAPPORTEUR_NOTE,
        practical_information=notices.PRACTICAL_INFORMATION,
        programme_note=content.PROGRAMME_NOTE,
        privacy_notice=notices.PRIVACY_NOTICE,
        held_open_note=content.HELD_OPEN_NOTE,
    )


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(content.TIME_ZONE))


def _venue() -> Venue:
    """The conference centre with its rooms; another meeting may have brought it already."""
    if known := Venue.objects.filter(short_name=content.VENUE_SHORT_NAME).order_by("pk").first():
        return known
    venue = Venue.objects.create(
        short_name=content.VENUE_SHORT_NAME,
        address=content.VENUE_ADDRESS,
        country=Entity.objects.get(code=content.VENUE_COUNTRY),
        **columns(name=content.VENUE, city=content.CITY),
    )
    for name in content.ROOMS.values():
        Room.objects.create(venue=venue, **columns(name=name))
    return venue


# --- The parts -------------------------------------------------------------------------------------------------------


def _organisers(meeting: Meeting) -> None:
    for order, (code, acronym, name) in enumerate(content.ORGANISERS, start=1):
        entity = Entity.objects.get(code=code)
        texts = columns(name=name, acronym={"en": acronym})
        Organiser.objects.create(meeting=meeting, order=order, entity=entity, **texts)


def _milestones(meeting: Meeting) -> None:
    for order, (when, what, is_this_meeting) in enumerate(content.MILESTONES, start=1):
        texts = columns(when=when, what=what)
        Milestone.objects.create(meeting=meeting, order=order, is_this_meeting=is_this_meeting, **texts)


def _objectives(meeting: Meeting) -> None:
    for number, text in enumerate(substance.OBJECTIVES, start=1):
        Objective.objects.create(meeting=meeting, number=number, **columns(text=text))


def _focus_areas(meeting: Meeting) -> None:
    for number, text in enumerate(substance.FOCUS_AREAS, start=1):
        FocusArea.objects.create(meeting=meeting, number=number, **columns(text=text))


def _themes(meeting: Meeting) -> None:
    for number, (title, description) in enumerate(substance.THEMES, start=1):
        Theme.objects.create(meeting=meeting, number=number, **columns(title=title, description=description))


def _categories(meeting: Meeting) -> None:
    add_official(meeting, [category.code for category in OFFICIAL])


def _sessions(meeting: Meeting) -> None:
    for slot in PROGRAMME:
        session = _session(meeting, slot)
        for part in slot.parts:
            _session(meeting, slot, part=part, part_of=session)


def _session(meeting: Meeting, slot: Slot, part: Slot | None = None, part_of: Session | None = None) -> Session:
    """One session; a `part` has day, times and agenda item from the slot it stands in, its title from its theme."""
    what = part or slot
    title = substance.THEMES[what.themes[0] - 1][0] if part else what.title
    session = Session.objects.create(
        meeting=meeting,
        part_of=part_of,
        kind=what.kind,
        starts_at=_moment(f"{slot.day}T{slot.start}"),
        ends_at=_moment(f"{slot.day}T{slot.end}"),
        agenda_item=slot.agenda_item,
        room=_room(meeting, what.room),
        access=what.access,
        **columns(title=title, description=what.description),
    )
    session.themes.set(meeting.themes.filter(number__in=what.themes))
    session.focus_areas.set(meeting.focus_areas.filter(number__in=what.focus_areas))
    return session


def _room(meeting: Meeting, key: str) -> Room | None:
    """The room of the sample; none where an organiser has renamed or removed it meanwhile."""
    if not key:
        return None
    return Room.objects.filter(venue=meeting.venue, name_en=content.ROOMS[key]["en"]).first()


def _documents(meeting: Meeting) -> None:
    """The programme as PDF, made from the sessions that stand in the database."""
    file = ContentFile(pdf.programme(meeting, "en"), name=f"{meeting.slug}-programme.pdf")
    Document.objects.create(meeting=meeting, order=1, language="en", file=file, **columns(title=DOCUMENT_TITLE))


def _canned_reasons(meeting: Meeting) -> None:
    """What reviewers choose from when they return or reject."""
    add_usual(meeting)


def _list_of_participants(meeting: Meeting) -> None:
    texts = columns(distribution=content.LIST_DISTRIBUTION)
    defaults = {"symbol": content.LIST_SYMBOL, "profile": "escap", **texts}
    ParticipantsSetup.objects.get_or_create(meeting=meeting, defaults=defaults)


# In this order: sessions refer to themes, the document is made from the sessions.
PARTS: dict[str, Callable[[Meeting], None]] = {
    "organisers": _organisers,
    "milestones": _milestones,
    "objectives": _objectives,
    "focus_areas": _focus_areas,
    "themes": _themes,
    "categories": _categories,
    "canned_reasons": _canned_reasons,
    "sessions": _sessions,
    "documents": _documents,
}
