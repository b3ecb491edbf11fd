"""Notes verbales for the first fictitious delegations, so that the desk can be tried with letters beside people.

Each names its delegation as a real one would: most people are matched, one stands on the roster alone, and here and
there somebody is named who has not registered.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path

import typst
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from meeting import dates
from meeting.models import Meeting
from registration.models import LIVE, Delegation, Letter, LetterKind, LetterName, Pairing, Registration

TEMPLATE = Path(__file__).with_name("note_verbale.typ")
MOST = 40  # delegations; typesetting one takes some 30 ms
NOT_REGISTERED = "Ms. Sample Person, who has not registered"
EVERY = 3  # of three letters one names somebody who has not registered
WEEKS_BEFORE = datetime.timedelta(weeks=3)


def make(meeting: Meeting) -> int:
    """Give the first delegations of `meeting` with people and without a letter theirs; how many were written."""
    there = Delegation.objects.filter(meeting=meeting, registrations__status__in=LIVE).distinct()
    first = there.order_by("category__order", "sort_key")[:MOST]
    return sum(_write(number, delegation) for number, delegation in enumerate(first))


@transaction.atomic
def _write(number: int, delegation: Delegation) -> bool:
    if delegation.letters.filter(registration=None).exists():
        return False
    everybody = delegation.registrations.filter(status__in=LIVE, is_minor=False)
    people = list(everybody.order_by("precedence", "pk")[:12])
    # Whoever registered last came after the letter was written.
    named = people[:-1] if len(people) > 2 else people
    lines = [*(_line(person) for person in named), *([NOT_REGISTERED] if number % EVERY == 0 else [])]
    letter = _letter(number, delegation, lines)
    names = [_name(letter, place, line, named) for place, line in enumerate(lines, start=1)]
    LetterName.objects.bulk_create(names)
    return True


def _line(person: Registration) -> str:
    return f"{person.printed_name}, {person.functional_title}"


def _name(letter: Letter, place: int, line: str, named: list[Registration]) -> LetterName:
    name, _comma, remark = line.partition(", ")
    person = named[place - 1] if place <= len(named) else None
    row = LetterName(letter=letter, number=place, name=name, remark=remark, registration=person)
    row.pairing = Pairing.MATCHED if person else Pairing.OPEN
    row.decided_at = timezone.now() if person else None
    row.derive_key()
    return row


def _letter(number: int, delegation: Delegation, lines: list[str]) -> Letter:
    pdf = typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"data": json.dumps(_data(number, delegation, lines))})
    return Letter.objects.create(
        meeting=delegation.meeting,
        delegation=delegation,
        file=ContentFile(pdf, name="letter"),
        original_name="Note verbale.pdf",
        media_type="application/pdf",
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        kind=LetterKind.NOTE_VERBALE,
        reference=_reference(number),
    )


def _reference(number: int) -> str:
    return f"{201 + 7 * number}/2008"


def _data(number: int, delegation: Delegation, lines: list[str]) -> dict[str, object]:
    meeting = delegation.meeting
    return {
        "title": f"Note verbale, {delegation.name}",
        "sender": delegation.name,
        "mission": "Mission to the organizers",
        "number": _reference(number),
        "dated": dates.long_date(meeting.starts_on - WEEKS_BEFORE),
        "opening": f"{delegation.name} presents its compliments to the secretariat and, with reference to the "
        f"invitation to the {meeting.title}, has the honour to communicate the names of its delegation:",
        "people": lines,
        "closing": f"{delegation.name} avails itself of this opportunity to renew to the secretariat the assurances "
        "of its highest consideration.",
        "to": "The secretariat of the meeting",
        "fictitious": "Fictitious, for practice",
    }
