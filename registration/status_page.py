"""What the delegate's own page says for each state, in words."""

from __future__ import annotations

import datetime
from collections.abc import Container
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting import dates
from meeting.models import Meeting

from . import field_words
from .models import ChangeProposal, FocalPoint, Modality, Registration, RegistrationEvent, SeatOffer, Status
from .outside import events_told
from .questions.past_words import PastAnswers, is_answer
from .rules import next_actor

Action = RegistrationEvent.Action


@dataclass(frozen=True)
class Banner:
    """The state in a sentence, what follows from it, who must act next, and since when."""

    headline: str
    text: str
    next_actor: str
    since: datetime.datetime


def banner(
    registration: Registration, offer: SeatOffer | None = None, proposal: ChangeProposal | None = None
) -> Banner:
    if offer:
        return Banner(*_seat_kept(offer, registration.meeting), _("You"), offer.made_at)
    headline, text = _of_status(registration)
    if proposal:
        text = _("You have asked to change something. Until the organisers have decided, everything stays as it was.")
        return Banner(headline, text, _("The organisers, about the change you asked for"), proposal.made_at)
    return Banner(headline, text, next_actor(registration), registration.status_since)


def _seat_kept(offer: SeatOffer, meeting: Meeting) -> tuple[str, str]:
    until = dates.moment(offer.expires_at, meeting.zone)
    return (
        _("A seat is kept for you until %(until)s") % {"until": until},
        _("Take it, or leave it to the next in line. If we hear nothing from you by then, it goes to the next."),
    )


def _of_status(registration: Registration) -> tuple[str, str]:
    if registration.merged_into:
        return (
            _("Your two registrations are one now"),
            _("%(reference)s stays, and this one is no longer used. Nothing you sent is lost.")
            % {"reference": registration.merged_into.reference},
        )
    return {
        Status.SUBMITTED: _while_it_is_read(registration),
        Status.APPROVED: (
            _("You are approved"),
            _("We have written to you. Bring a photo identity document to the registration desk.")
            if registration.modality == Modality.IN_PERSON
            else _("We have written to you. The organisers send the link for taking part online before the meeting."),
        ),
        Status.WAITLISTED: (_("You are on the waiting list"), _in_line(registration)),
        Status.REJECTED: (_("Your registration was not approved"), registration.status_reason),
        Status.RETURNED: (_("Please correct your registration"), registration.status_reason),
        Status.WITHDRAWN: (_("Your registration is withdrawn"), _("You are not expected at the meeting.")),
    }[Status(registration.status)]


def _in_line(registration: Registration) -> str:
    if not registration.kept_waiting:
        return _(
            "All seats are taken. When one becomes free, it is offered to the first in line. We write to you then."
        )
    told = _("The organisers have put you there and decide later. Please do not travel before you hear from us.")
    return f"{registration.status_reason}\n{told}" if registration.status_reason else told


def _while_it_is_read(registration: Registration) -> tuple[str, str]:
    if registration.status_reason:  # the only ones with a reason: see workflow.un_approve
        told = _("The organisers decide anew. Your seat is kept. Please do not travel before you hear from us.")
        return _("Your approval was taken back"), f"{registration.status_reason}\n{told}"
    headline = _("We have your registration")
    if registration.needs_endorsement and not registration.is_minor:
        return (
            headline,
            _("The focal point of your delegation looks at it first, then the organisers. We write to you then."),
        )
    return (
        headline,
        _usually_within(registration.meeting.decision_days),
    )


def _usually_within(days: int) -> str:
    return ngettext(
        "The organisers read it and your letter, usually within %(days)d day. We write to you then.",
        "The organisers read it and your letter, usually within %(days)d days. We write to you then.",
        days,
    ) % {"days": days}


def history(registration: Registration) -> list[tuple[RegistrationEvent, str]]:
    """What was told outside, newest first. Staff are "the organisers" here: a delegate need not know their names."""
    events = reversed(events_told(registration))
    focal = set(FocalPoint.objects.filter(delegation=registration.delegation_id).values_list("user", flat=True))
    conceal = field_words.Everything() if registration.is_minor else ()
    answers = PastAnswers(registration.meeting, their_own=True)
    return [(event, told(event, _by_whom(event, focal), answers, conceal)) for event in events]


def _by_whom(event: RegistrationEvent, focal: set[int]) -> str:
    if event.by_id is None:
        return _("you")
    return _("the focal point") if event.by_id in focal else _("the organisers")


# What happens by itself, or whoever does it is of no matter.
BY_NOBODY = (
    Action.OFFERED,
    Action.OFFER_ENDED,
    Action.SUBSTITUTED,
    Action.SUBSTITUTES,
    Action.MERGED,
    Action.WRONG_ADDRESS,
)


def told(event: RegistrationEvent, who: str, answers: PastAnswers, conceal: Container[str] = ()) -> str:
    """One event as a line: what, by whom, and field by field where something was changed. `who` may be empty.

    Of the fields in `conceal` only the name is told, and of answers what the reader of `answers` may know.
    """
    what = what_happened(event)
    into_line = event.action == Action.MOVED and event.to_status == Status.WAITLISTED
    by_itself = event.action in BY_NOBODY or (into_line and not _by_organisers(event))
    if who and not by_itself:
        what = _("%(what)s by %(who)s") % {"what": what, "who": who}
    if event.action in WITH_CHANGES and (changes := _in_one_line(event, answers, conceal)):
        return _("%(what)s. %(changes)s") % {"what": what, "changes": changes}
    return what


def _in_one_line(event: RegistrationEvent, answers: PastAnswers, conceal: Container[str]) -> str:
    typed = {name: change for name, change in event.changes.items() if not is_answer(name)}
    answered = [answers.difference(name, change) for name, change in event.changes.items() if is_answer(name)]
    return field_words.one_line(typed, answers.meeting, conceal, answered)


def what_happened(event: RegistrationEvent) -> str:
    """One event in a word or two, without who and without what became of which field."""
    return _moved(event) if event.action == Action.MOVED else _what(event)


WITH_CHANGES = (Action.EDITED, Action.PROPOSED, Action.ACCEPTED, Action.DECLINED, Action.TOOK_BACK)


def _by_organisers(event: RegistrationEvent) -> bool:
    """Put on the waiting list by a decision, where others come on it because no seat is free."""
    return event.from_status in (Status.SUBMITTED, Status.RETURNED)


def _moved(event: RegistrationEvent) -> str:
    came_back = event.from_status in (Status.REJECTED, Status.WITHDRAWN)
    if event.to_status == Status.WAITLISTED:
        return _("Came again, put on the waiting list") if came_back else _("Put on the waiting list")
    if event.to_status == Status.SUBMITTED:
        return {
            Status.RETURNED: _("Corrected and sent again"),
            Status.WAITLISTED: _("The seat was taken"),
            Status.REJECTED: _("Registered again"),
            Status.WITHDRAWN: _("Registered again"),
            Status.APPROVED: _("Approval taken back"),
        }.get(Status(event.from_status), _("Submitted"))
    return {
        Status.APPROVED: _("Approved"),
        Status.REJECTED: _("Rejected"),
        Status.RETURNED: _("Returned for correction"),
        Status.WITHDRAWN: _("Withdrawn"),
    }.get(Status(event.to_status), str(Status(event.to_status).label))


def _what(event: RegistrationEvent) -> str:
    if event.action == Action.OFFER_ENDED:
        return (
            _("The seat was left to the next") if event.changes.get("declined") else _("The seat was not taken in time")
        )
    return {
        Action.EDITED: _("Changed"),
        Action.PROPOSED: _("Change asked for"),
        Action.ACCEPTED: _("Change accepted"),
        Action.DECLINED: _("Change not accepted"),
        Action.TOOK_BACK: _("Change taken back"),
        Action.ENDORSED: _("Endorsed"),
        Action.OFFERED: _("A seat was offered"),
        Action.SUBSTITUTED: _("Somebody else comes instead"),
        Action.SUBSTITUTES: _("Comes in the place of somebody else"),
        Action.MERGED: _("Joined with another registration of the same person"),
        Action.KEPT_APART: _("Found to be another person than one who is like them"),
        Action.SAME_PERSON: _("Found to be the same person as at another meeting"),
        Action.FIRST_APPROVED: _("Approved, as the first of two"),
        Action.UNDONE: _("Decision undone"),
        Action.ASSIGNED: _assigned(event),
        Action.NOTE_REMOVED: _("A note taken away"),
        Action.MAIL_SENT: _("A message sent again"),
        Action.MAIL_STOPPED: _("A message stopped before it left"),
        Action.MAIL_HURRIED: _("A message sent at once"),
        Action.ADDRESS_WORKS: _("The address found to work again"),
        Action.WRONG_ADDRESS: _("Somebody who reads at the address said that it is theirs, not the delegate’s"),
        Action.ARRIVED: _("Arrived at the meeting"),
        Action.NOT_ARRIVED: _("Has not arrived after all"),
        Action.LETTER_ISSUED: _("Letter issued: %(number)s") % {"number": event.changes.get("letter", "")},
        Action.LETTER_REVOKED: _("Letter revoked: %(number)s") % {"number": event.changes.get("letter", "")},
    }.get(Action(event.action), str(event.get_action_display()))


def _assigned(event: RegistrationEvent) -> str:
    """To whom, by the name they had then."""
    _was, to = event.changes.get("assigned_to", ["", ""])
    return _("Given to %(name)s") % {"name": to} if to else _("Given back to nobody in particular")
