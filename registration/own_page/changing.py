"""What sending the form on the own page does: correct, ask, send again or come back, with a newer letter."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from .. import workflow
from ..letters import store
from ..models import Letter, Registration, Status
from ..questions import answers, past
from ..workflow import Edited, MoveNotAllowed
from .forms import ChangeForm
from .standing import GONE


@transaction.atomic
def carry_out(form: ChangeForm) -> Edited:
    """Write what was typed, and send it on where it had come back. Raises MoveNotAllowed; then nothing is written."""
    registration = form.registration
    if form.cleaned_data["status"] in GONE:
        workflow.come_back(registration.pk)
    answered = past.between(registration, form.answers)
    seen = form.cleaned_data["seen"]
    edited = workflow.edit(registration.pk, form.values(), by=None, seen=seen, answered=answered)
    _must_be_as_seen(edited, form)
    if form.cleaned_data["status"] == Status.RETURNED:
        workflow.resubmit(registration.pk)
    answers.save(registration, form.answers)
    if letter := form.new_letter():
        _take_the_place_of_the_last(letter, edited.registration)
    return edited


def _must_be_as_seen(edited: Edited, form: ChangeForm) -> None:
    """Not even a good correction is written where the state has changed since the form was opened.

    The same form sent twice finds all its values written, and its registration sent: that is no surprise.
    """
    now, seen = edited.registration, form.cleaned_data["status"]
    sent_twice = now.status == Status.SUBMITTED and not (edited.applied or edited.proposed)
    if now.status != seen and seen not in GONE and not sent_twice:
        raise MoveNotAllowed(
            _("Meanwhile your registration has become %(now)s, so nothing was written. Look once more, then send.")
            % {"now": now.get_status_display().lower()}
        )


def _take_the_place_of_the_last(letter: Letter, registration: Registration) -> None:
    """The newest letter counts; the one before it is kept."""
    last = registration.letters.filter(superseded_by=None).first()
    if last and last.sha256 == letter.sha256:
        return  # the same file once more; what was kept for nothing is forgotten after a day
    if last:
        letter.supersedes, letter.version = last, last.version + 1
        letter.kind = last.kind
        letter.save(update_fields=["supersedes", "version", "kind"])
    store.attach(letter, registration)
