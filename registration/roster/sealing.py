"""A row whose date of birth shows a child leaves the roster at once: its name goes into the sealed record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import User

from .. import rows
from ..focal.access import DelegationRequest
from ..models import ChildRecord, Delegation, Registration
from ..safeguarding import intake
from .finding import address


def is_child(registration: Registration) -> bool:
    """Whether the date of birth in this row, stored or not, is of somebody under 18."""
    return intake.is_child({"birth_date": registration.birth_date}, registration.meeting)


def seal(registration: Registration, *, by: User) -> ChildRecord:
    """Take in a row as it is filled, stored or not: nothing of what was filled in is written to it first."""
    born = registration.birth_date
    if born is None:
        raise ValueError("nobody without a date of birth is known to be a child")
    both = rows.joined(registration.given_names, registration.family_name)
    legal_name = registration.passport_name or both or registration.display_name
    return intake.take_in(registration, legal_name=legal_name, birth_date=born, by=by)


def seal_children(new: list[Registration], *, by: User) -> list[Registration]:
    """Take in the children among rows that are not stored yet; the others, for the roster."""
    children = [row for row in new if is_child(row)]
    for row in children:
        seal(row, by=by)
    return [row for row in new if row not in children]


def to_its_file(request: DelegationRequest, delegation: Delegation, record: ChildRecord) -> HttpResponse:
    """Where it is from now on: for the senders its file, for an organiser the roster without it."""
    row = record.registration
    text = _("Under 18: the name is sealed, and %(alias)s stands in its place. The safeguarding lead decides.")
    messages.success(request, text % {"alias": row.display_name})
    if request.is_organiser:
        return redirect(address("workspace", delegation))
    return redirect("roster:child", row.meeting.slug, row.delegation.reference, row.reference)


def tell_sealed(request: DelegationRequest, number: int) -> None:
    if number:
        messages.info(request, told_sealed(number))


def told_sealed(number: int) -> str:
    """What became of so many rows of a paste or a file."""
    text = ngettext(
        "%(n)d row is of somebody under 18: the name is sealed. Its file is under “Children and young people”.",
        "%(n)d rows are of people under 18: the names are sealed. Their files: “Children and young people”.",
        number,
    )
    return text % {"n": number}
