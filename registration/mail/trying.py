"""Words that are only tried out: about nobody, about somebody of the meeting, or as a test to whoever writes them."""

from __future__ import annotations

import copy
import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting, User
from registration import texts
from registration.models import Category, OutgoingMail, Registration, Status
from registration.rules import next_actor
from registration.texts import values as said
from registration.texts.markup import Value

from . import outbox
from .links import PLACEHOLDER
from .rendering import Acts, Rendered, Shape, filled, one_line
from .urgency import urgency_of

TEST = "test"
MARK = "[TEST]"
NOWHERE = "r/test"  # leads to the page of a link that does not work
MOST_TESTS, IN = 30, datetime.timedelta(hours=1)
WITH_CALENDAR = ("approved",)
# The status of whoever gets a message of this kind; of all others it says nothing.
STATUS_OF: dict[str, str] = {
    "submitted": Status.SUBMITTED,
    "waitlisted": Status.WAITLISTED,
    "seat_offered": Status.WAITLISTED,
    "seat_offer_ended": Status.WAITLISTED,
    "returned": Status.RETURNED,
    "approved": Status.APPROVED,
    "unapproved": Status.SUBMITTED,
    "rejected": Status.REJECTED,
    "withdrawn": Status.WITHDRAWN,
    "replaced": Status.WITHDRAWN,
    "change_accepted": Status.APPROVED,
    "change_declined": Status.APPROVED,
    "reminder_returned": Status.RETURNED,
    "reminder_arrival": Status.APPROVED,
}


class TooManyTests(Exception):
    """As many as one person may send in an hour."""


@dataclass(frozen=True)
class Trial:
    """Words of one kind and language; `facts` are those that hold."""

    meeting: Meeting
    kind: str
    language: str
    words: texts.Words
    facts: frozenset[str]
    category: Category | None = None

    def about_nobody(self) -> Rendered:
        """With what each placeholder may say."""
        with translation.override(self.language):
            return self._filled(self.sample_values(), STATUS_OF.get(self.kind, Status.SUBMITTED))

    def about(self, registration: Registration) -> Rendered:
        """With what is known of `registration`; with samples for what only an event would tell.

        Its status is the one that a message of this kind goes with.
        """
        person = copy.copy(registration)
        person.status = self.status_for(registration)
        with translation.override(self.language):
            return self._filled(self.values_of(person), person.status)

    def status_for(self, registration: Registration) -> str:
        """That of whoever gets this message; of a kind that goes to many, the one of today."""
        return STATUS_OF.get(self.kind, registration.status)

    def sample_values(self) -> dict[str, Value]:
        """In the language that is active."""
        of_category = said.of_category(self.category, self.meeting) if self.category else {}
        known = {k: v for k, v in {**said.of_meeting(self.meeting), **of_category}.items() if v}
        now = dates.moment(timezone.now(), self.meeting.zone)
        frame = {"next_actor": _("The organisers"), "since": now}
        return {**self._samples(texts.KINDS[self.kind].placeholders), **frame, **known}

    def values_of(self, registration: Registration) -> dict[str, Value]:
        """In the language that is active. Facts about the person are theirs."""
        meeting = self.meeting
        known = said.of_meeting(meeting) | said.of_registration(registration, meeting)
        frame: dict[str, Value] = {
            "name": registration.printed_name,
            "next_actor": next_actor(registration),
            "since": dates.moment(registration.status_since, meeting.zone),
        }
        more = self._samples(texts.KINDS[self.kind].more)
        return {**more, **{k: v for k, v in known.items() if v or k not in more}, **frame}

    def _samples(self, names: Collection[str]) -> dict[str, Value]:
        every = texts.KINDS[self.kind].placeholders
        return {name: self._sample(name, every[name]) for name in names}

    def _sample(self, name: str, placeholder: texts.Placeholder) -> Value:
        if placeholder.is_fact:
            return "1" if name in self.facts else ""
        return [str(placeholder.sample)] if placeholder.is_list else str(placeholder.sample)

    def _filled(self, values: dict[str, Value], status: str) -> Rendered:
        known = texts.KINDS[self.kind]
        values["reader"] = values.get("name", "")
        shown = status if known.shows and known.about == "registration" else ""
        shape = Shape(self.kind, self.words, self.language, texts.shape_of(values), self._acts(), shown)
        return _without_keys(filled(shape, values, keep=False))

    def _acts(self) -> Acts:
        if self.kind in ("invitation", "reminder_invitation"):
            return "invitation"
        return "page" if texts.KINDS[self.kind].about == "registration" else "delegations"


def _without_keys(message: Rendered) -> Rendered:
    nowhere = f"{settings.SITE_URL}/{NOWHERE}/"
    return replace(
        message, text=message.text.replace(PLACEHOLDER, nowhere), html=message.html.replace(PLACEHOLDER, nowhere)
    )


def send_test(trial: Trial, *, to: User) -> OutgoingMail:
    """About nobody, so that no copy of anybody's data begins a life of its own. Raises TooManyTests.

    However often it is pressed in a minute, the same words are one message.
    """
    now = timezone.now()
    message = trial.about_nobody()
    words = hashlib.sha256(f"{trial.kind} {trial.language} {message}".encode()).hexdigest()[:24]
    key = f"{TEST}-{to.pk}-{words}-{now:%Y%m%d%H%M}"
    earlier = OutgoingMail.objects.filter(meeting=trial.meeting, kind=TEST, to=to.email, created_at__gt=now - IN)
    if earlier.exclude(key=key).count() >= MOST_TESTS:
        raise TooManyTests
    mail = OutgoingMail(
        key=key, meeting=trial.meeting, kind=TEST, to=to.email, language=trial.language,
        subject=one_line(f"{MARK} {message.subject}"), text=message.text, html=message.html,
        reply_to=trial.meeting.contact_email, with_calendar=trial.kind in WITH_CALENDAR,
        urgency=urgency_of(TEST),
    )  # fmt: skip
    outbox.store_many([mail])
    return mail
