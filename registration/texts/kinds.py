"""What a meeting writes about, and which placeholders the words for it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
About = Literal["registration", "delegation", "letter"]


@dataclass(frozen=True)
class Placeholder:
    """`label` says what it stands for, `sample` what it may say. A fact is only asked for: `{% if in_person %}`."""

    label: Text
    sample: Text = ""
    is_list: bool = False
    is_quoted: bool = False  # somebody's own words: a block of its own
    is_fact: bool = False


@dataclass(frozen=True)
class Kind:
    """One event. `must_say` are placeholders without which its reader would not know what to do."""

    name: Text
    group: str
    about: About
    more: Mapping[str, Placeholder] = field(default_factory=dict)
    must_say: tuple[str, ...] = ()
    shows: Literal["meeting", "next", ""] = "next"  # the facts under the words
    is_edited: bool = True  # has words of the meeting's own; those of a campaign belong to the campaign

    @property
    def placeholders(self) -> dict[str, Placeholder]:
        return {**COMMON, **OF[self.about], **self.more}


GROUPS: dict[str, Text] = {
    "registration": _("Registrations"),
    "delegation": _("Delegations"),
    "reminder": _("Reminders"),
    "letter": _("Letters"),
    "many": _("Words to begin a message to many with"),
}

COMMON = {
    "meeting": Placeholder(_("title of the meeting"), _("the meeting")),
    "meeting_short": Placeholder(_("short title of the meeting"), _("Meeting")),
    "dates": Placeholder(_("days of the meeting"), "18–19 September 2008"),
    "venue": Placeholder(_("venue"), "United Nations Conference Centre, Bangkok"),
    "city": Placeholder(_("city"), "Bangkok"),
    "contact_email": Placeholder(_("email address of the secretariat"), "secretariat@example.org"),
    "meeting_link": Placeholder(_("address of the meeting’s page"), "https://example.org/"),
    "closes": Placeholder(_("when registration closes"), "12 September 2008, 17:00"),
    "zone": Placeholder(_("time zone of the meeting"), _("local time")),
    "delegation": Placeholder(_("name of the delegation"), "Fiji"),
    "category": Placeholder(pgettext_lazy("of participants", "category"), _("Members")),
}
OF: dict[str, dict[str, Placeholder]] = {
    "delegation": {},
    "registration": {
        "name": Placeholder(_("name, with form of address"), "Ms. Salote Vuki"),
        "reference": Placeholder(_("reference"), "EAP-7F3K2"),
        "function": Placeholder(_("functional title"), _("Director of Child Welfare")),
        "role": Placeholder(_("role in the delegation"), _("Adviser")),
        "decision_time": Placeholder(_("days in which the organisers decide"), _("5 days")),
        "in_person": Placeholder(_("comes in person"), is_fact=True),
        "online": Placeholder(_("takes part online"), is_fact=True),
        "with_letter": Placeholder(_("comes with a letter"), is_fact=True),
    },
    "letter": {
        "salutation": Placeholder(_("salutation"), _("Dear Ms. Vuki,")),
        "name": Placeholder(_("name, with form of address"), "Ms. Salote Vuki"),
        "reference": Placeholder(_("reference"), "EAP-7F3K2"),
        "function": Placeholder(_("functional title"), _("Director of Child Welfare")),
        "role": Placeholder(_("role in the delegation"), _("Adviser")),
        "number": Placeholder(_("number of the letter"), "EAP-2008/0012"),
        "in_person": Placeholder(_("comes in person"), is_fact=True),
        "online": Placeholder(_("takes part online"), is_fact=True),
    },
}

_REASON = Placeholder(_("what the organisers write"), _("Please send the letter with its second page."), is_quoted=True)
_CHANGES = Placeholder(
    _("what changes, line by line"), _("Role in the delegation: Adviser (before: Observer)"), is_list=True
)
_WAITING = Placeholder(_("who or what waits, in words"), _("2 names are not sent"))

KINDS: dict[str, Kind] = {
    "submitted": Kind(
        _("A registration has arrived"),
        "registration",
        "registration",
        {
            "from_offer": Placeholder(_("took an offered seat"), is_fact=True),
            "corrected": Placeholder(_("was corrected and sent again"), is_fact=True),
        },
    ),
    "endorsement_asked": Kind(
        _("A focal point is asked to endorse somebody"),
        "registration",
        "delegation",
        {"person": Placeholder(_("who is to be endorsed"), "Ms. Salote Vuki")},
        must_say=("person",),
    ),
    "waitlisted": Kind(
        _("Put on the waiting list"),
        "registration",
        "registration",
        {"by_organisers": Placeholder(_("the organisers did it"), is_fact=True), "reason": _REASON},
    ),
    "seat_offered": Kind(
        _("A seat is offered"),
        "registration",
        "registration",
        {"until": Placeholder(_("until when it is kept"), "12 September 2008, 17:00")},
        must_say=("until",),
    ),
    "seat_offer_ended": Kind(_("An offered seat was not taken"), "registration", "registration"),
    "returned": Kind(
        _("Returned for correction"),
        "registration",
        "registration",
        {"reason": _REASON, "fields": Placeholder(_("what has to be put right"), _("Functional title"), is_list=True)},
        must_say=("reason",),
    ),
    "approved": Kind(_("Approved"), "registration", "registration", shows="meeting"),
    "unapproved": Kind(
        _("An approval was taken back"), "registration", "registration", {"reason": _REASON}, must_say=("reason",)
    ),
    "rejected": Kind(_("Rejected"), "registration", "registration", {"reason": _REASON}, must_say=("reason",)),
    "withdrawn": Kind(_("Withdrawn"), "registration", "registration", {"reason": _REASON}),
    "replaced": Kind(_("Somebody else comes instead"), "registration", "registration"),
    "merged": Kind(
        _("Two registrations became one"),
        "registration",
        "registration",
        {"kept": Placeholder(_("reference of the one that stays"), "EAP-9QT4M")},
        must_say=("kept",),
    ),
    "changed": Kind(
        _("Somebody else changed a registration"),
        "registration",
        "registration",
        {"changes": _CHANGES},
        must_say=("changes",),
        shows="",
    ),
    "change_accepted": Kind(
        _("A change was accepted"), "registration", "registration", {"changes": _CHANGES}, must_say=("changes",)
    ),
    "change_declined": Kind(
        _("A change was not accepted"),
        "registration",
        "registration",
        {"changes": _CHANGES, "reason": _REASON},
        must_say=("reason",),
    ),
    "invitation": Kind(
        _("Invitation of a delegation"),
        "delegation",
        "delegation",
        {
            "note": Placeholder(_("a word to this delegation"), _("We hope to see you again."), is_quoted=True),
            "seats": Placeholder(_("number of seats"), "4"),
        },
        shows="",
    ),
    "list_check": Kind(
        _("The list of participants is to be checked"),
        "delegation",
        "delegation",
        {"until": Placeholder(_("until when corrections count"), "15 September 2008")},
        shows="",
    ),
    "reminder_letter": Kind(_("The letter is missing"), "reminder", "delegation", {"waiting": _WAITING}),
    "reminder_returned": Kind(
        _("Returned, and not sent again"), "reminder", "registration", {"reason": _REASON}, must_say=("reason",)
    ),
    "reminder_closing": Kind(
        _("Registration closes soon"), "reminder", "delegation", {"waiting": _WAITING}, must_say=("closes",)
    ),
    "reminder_invitation": Kind(_("An invitation waits for its answer"), "reminder", "delegation", shows=""),
    "reminder_arrival": Kind(_("Before you travel"), "reminder", "registration", shows="meeting"),
    "letter_ready": Kind(
        _("A letter is ready"),
        "letter",
        "registration",
        {"letter": Placeholder(_("which letter"), _("Confirmation of registration"))},
        shows="",
    ),
    "letter_confirmation": Kind(_("Confirmation of registration"), "letter", "letter", must_say=("name",)),
    "letter_invitation": Kind(_("Invitation and visa support"), "letter", "letter", must_say=("name",)),
    "letter_certificate": Kind(_("Certificate of participation"), "letter", "letter", must_say=("name",)),
    "programme_changed": Kind(_("The programme has changed"), "many", "registration", shows=""),
    "campaign": Kind(_("A message to many"), "many", "registration", shows="", is_edited=False),
    "campaign_focal": Kind(_("A message to focal points"), "many", "delegation", shows="", is_edited=False),
}
