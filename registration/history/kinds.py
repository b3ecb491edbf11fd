"""The kinds of act that readers tell apart, and which actions of which history each of them is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from meeting.models import AuditEntry

from ..models import DelegationEvent, RegistrationEvent

Person = RegistrationEvent.Action
Whole = DelegationEvent.Action
Desk = AuditEntry.Action


class Kind(models.TextChoices):
    DECISIONS = "decisions", _("Decisions and moves")
    CHANGES = "changes", _("Changes to people’s data")
    DESK = "desk", _("Work at the desk")
    MESSAGES = "messages", _("Messages")
    SEATS = "seats", _("Seats")
    DELEGATIONS = "delegations", _("Delegations and letters")
    FILES = "files", _("Private files read")
    LISTS = "lists", _("Exports and imports")
    CHILDREN = "children", _("Safeguarding records")
    SETUP = "setup", _("Setup and roles")
    ACCOUNTS = "accounts", _("Sign-ins and accounts")


OF_PERSONS = {
    Kind.DECISIONS: {Person.MOVED, Person.FIRST_APPROVED, Person.UNDONE, Person.ENDORSED},
    Kind.CHANGES: {
        Person.EDITED, Person.PROPOSED, Person.ACCEPTED, Person.DECLINED, Person.TOOK_BACK, Person.SUBSTITUTED,
        Person.SUBSTITUTES, Person.MERGED, Person.KEPT_APART, Person.SAME_PERSON,
    },
    Kind.DESK: {
        Person.ASSIGNED, Person.NOTE_REMOVED, Person.LETTER_ISSUED, Person.LETTER_REVOKED,
        Person.ARRIVED, Person.NOT_ARRIVED,
    },
    Kind.MESSAGES: {
        Person.MAIL_SENT, Person.MAIL_STOPPED, Person.MAIL_HURRIED, Person.ADDRESS_WORKS, Person.WRONG_ADDRESS,
    },
    Kind.SEATS: {Person.OFFERED, Person.OFFER_ENDED},
}  # fmt: skip
OF_DELEGATIONS = {
    Kind.SEATS: {Whole.QUOTA},
    Kind.DELEGATIONS: {
        Whole.INVITED, Whole.DECLINED, Whole.FOCAL_POINT_NAMED, Whole.FOCAL_POINT_ENDED, Whole.LETTER, Whole.NAMES,
        Whole.PAIRED, Whole.ORDERED, Whole.EXCEPTION,
    },
    Kind.LISTS: {Whole.IMPORTED},
    Kind.MESSAGES: {Whole.ADDRESS_WORKS},
}  # fmt: skip
OF_STAFF = {
    Kind.DECISIONS: {Desk.BULK},
    Kind.MESSAGES: {Desk.READ_MAIL, Desk.CAMPAIGN},
    Kind.SEATS: {Desk.QUOTA},
    Kind.FILES: {Desk.READ_LETTER, Desk.READ_ANSWER},
    Kind.LISTS: {Desk.EXPORT, Desk.IMPORTED, Desk.LIST},
    Kind.CHILDREN: {Desk.READ_CHILD, Desk.CHILD},
    Kind.SETUP: {Desk.SETUP, Desk.ROLE, Desk.QUESTION, Desk.COPIED, Desk.API},
    Kind.ACCOUNTS: {Desk.SIGNED_IN, Desk.SIGN_IN_FAILED, Desk.ACCOUNT},
}
# Whom these are about, only the safeguarding lead may know.
SEALED = OF_STAFF[Kind.CHILDREN]
