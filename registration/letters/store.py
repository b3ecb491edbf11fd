"""Letters come in here: kept with their registration, or for a day while the form is put right."""

from __future__ import annotations

from django.core import signing

from meeting.models import Meeting
from registration.models import Letter, Registration

from . import pages
from .files import AcceptedFile

KEPT_FOR = 24 * 3600
SALT = "registration.letter"


def keep(accepted: AcceptedFile, meeting: Meeting, registration: Registration | None = None) -> Letter:
    """Store a good file; without a registration while its form has errors, so that nobody has to choose it twice."""
    return Letter.objects.create(
        meeting=meeting,
        registration=registration,
        delegation=registration.delegation if registration else None,
        file=accepted.as_file(),
        original_name=accepted.original_name,
        media_type=accepted.media_type,
        size=len(accepted.content),
        sha256=accepted.sha256,
    )


def receipt(letter: Letter) -> str:
    """What the form carries to find its letter again; worthless to anybody after a day."""
    return signing.dumps(letter.pk, salt=SALT)


def find(receipt: str, meeting: Meeting) -> Letter | None:
    """The letter of a receipt that is genuine, fresh and not yet taken by a registration."""
    try:
        pk = signing.loads(receipt, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return Letter.objects.filter(pk=pk, meeting=meeting, registration=None).first()


def attach(letter: Letter, registration: Registration) -> None:
    """A letter that was kept becomes the registration's."""
    letter.registration, letter.delegation = registration, registration.delegation
    letter.save(update_fields=["registration", "delegation"])


def forget_others(letter: Letter, registration: Registration) -> None:
    """A draft has one letter: what this one replaces is forgotten."""
    for old in registration.letters.exclude(pk=letter.pk):
        delete(old)


def delete(letter: Letter) -> None:
    """The letter, its file and the pictures of its pages."""
    pages.forget(letter)
    letter.file.delete(save=False)
    letter.delete()
