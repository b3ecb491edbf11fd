"""The letters that people outside take themselves: the delegate, and the focal points of the delegation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, Meeting, User

from ..models import IssuedKind, IssuedLetter, LetterSetup, Registration, Status
from . import drawing
from .issue import Wanted, issue
from .standing import CannotIssue, is_child, why_not


@dataclass(frozen=True)
class Offer:
    """One letter that can be saved; without `number` it is written when it is first taken."""

    registration: Registration
    kind: str
    language: str
    number: str = ""

    @property
    def name(self) -> str:
        return str(IssuedKind(self.kind).label)


def offered(meeting: Meeting, registrations: Sequence[Registration]) -> dict[int, list[Offer]]:
    """What each of these may take, as they are known outside (`as_told`). Three queries, however many there are."""
    approved = [r for r in registrations if r.status == Status.APPROVED and not is_child(r)]
    if not approved:
        return {}
    setups = {s.kind: s for s in meeting.letter_setups.prefetch_related("categories")}
    mine = {kind for kind, setup in setups.items() if setup.is_self_service}
    there = _there(approved, mine)
    return {r.pk: [*there.get(r.pk, []), *_to_be_written(r, setups, mine, there)] for r in approved}


def _there(registrations: Iterable[Registration], self_service: set[str]) -> dict[int, list[Offer]]:
    by_pk = {r.pk: r for r in registrations}
    found: dict[int, list[Offer]] = {}
    for letter in IssuedLetter.objects.valid().filter(registration__in=by_pk).order_by("kind", "language"):
        if letter.is_shared or letter.kind in self_service:
            offer = Offer(by_pk[letter.registration_id], letter.kind, letter.language, letter.printed_number)
            found.setdefault(letter.registration_id, []).append(offer)
    return found


def _to_be_written(
    registration: Registration, setups: dict[str, LetterSetup], kinds: set[str], there: dict[int, list[Offer]]
) -> list[Offer]:
    has = {offer.kind for offer in there.get(registration.pk, []) if offer.language == registration.language}
    found = []
    for kind in (k for k in IssuedKind.values if k in kinds - has):
        categories = {category.pk for category in setups[kind].categories.all()}
        if not why_not(registration, setups[kind], categories):
            found.append(Offer(registration, kind, registration.language))
    return found


def find(registration: Registration, kind: str, language: str) -> IssuedLetter | None:
    """The letter that may be taken now; asked again each time. `registration` is as it is known outside."""
    if registration.status != Status.APPROVED or is_child(registration):
        return None
    setup = registration.meeting.letter_setups.filter(kind=kind, is_self_service=True).exists()
    letter = IssuedLetter.objects.valid().filter(registration=registration.pk, kind=kind, language=language).first()
    return letter if letter and (letter.is_shared or setup) else None


def write(registration: Registration, kind: str, *, by: User | None) -> IssuedLetter:
    """The letter of a kind that people take themselves, in the person's language. Raises CannotIssue."""
    if not registration.meeting.letter_setups.filter(kind=kind, is_self_service=True).exists():
        raise CannotIssue(_("The organisers issue this letter. Write to them if you need it."))
    try:
        return issue(registration.pk, Wanted(kind, by=by, shared=True))
    except CannotIssue as refusal:
        if Registration.objects.filter(pk=registration.pk, status=registration.status).exists():
            raise
        # They do not know of a decision that can still be undone, and are not told here.
        text = _("The organisers are looking at this registration right now. Please try again in a few minutes.")
        raise CannotIssue(text) from refusal


def as_pdf(letter: IssuedLetter, *, by: User | None) -> HttpResponse:
    """Handed over, and written down."""
    AuditEntry.objects.create(
        meeting_id=letter.meeting_id, by=by, action=AuditEntry.Action.READ_LETTER, about=letter.printed_number,
        subject=Registration.objects.values_list("reference", flat=True).get(pk=letter.registration_id),
    )  # fmt: skip
    response = HttpResponse(drawing.draw(letter), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{drawing.file_name(letter)}"'
    response["Cache-Control"] = "no-store, private"
    return response
