"""What each kind of message is called for people: those with words of a meeting's own, and those of the product."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..texts.kinds import KINDS

NAMES: dict[str, str | Promise] = {
    **{kind: known.name for kind, known in KINDS.items() if not kind.startswith("letter_") or kind == "letter_ready"},
    "change_code": _("A code for a change"),
    "sign_in": _("A focal point signs in"),
    "focal_point_named": _("Somebody looks after a delegation"),
    "focal_point_ended": _("Somebody no longer looks after a delegation"),
    "late_opened": _("A delegation may register after closing"),
    "address_returned": _("Messages to somebody of a delegation come back"),
    "child_waits": _("A safeguarding file waits"),
    "child_lapsed": _("A clearing has lapsed"),
    "digest": _("Daily summary for staff"),
    "alarm": _("Somebody waits too long, to staff"),
    "export_ready": _("An export is ready, to staff"),
    "export_ended": _("An export does not come any more, to staff"),
    "mail_alarm": _("Something is wrong with mail, to staff"),
    "role_given": _("A role was given, to staff"),
    "staff_invitation": _("A colleague is invited"),
    "password_reset": _("A forgotten password"),
    "test": _("A test of words, to whoever wrote them"),
}


def name_of(kind: str) -> str:
    """For people; of a kind that is no more, its own word."""
    return str(NAMES.get(kind, kind))
