"""A decision on many, in words: what is asked, what the button says, what was done."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import Meeting

Words = dict[str, Callable[[int], str]]

TITLES: Words = {
    "approve": lambda n: ngettext("Approve %d person?", "Approve %d people?", n) % n,
    "return": lambda n: ngettext("Return %d person for correction?", "Return %d people for correction?", n) % n,
    "reject": lambda n: ngettext("Reject %d person?", "Reject %d people?", n) % n,
    "waitlist": lambda n: ngettext("Put %d person on the waiting list?", "Put %d people on the waiting list?", n) % n,
    "assign": lambda n: ngettext("Assign %d person to a colleague?", "Assign %d people to a colleague?", n) % n,
}
BUTTONS: Words = {
    "approve": lambda n: ngettext("Approve %d person", "Approve %d people", n) % n,
    "return": lambda n: ngettext("Return %d person", "Return %d people", n) % n,
    "reject": lambda n: ngettext("Reject %d person", "Reject %d people", n) % n,
    "waitlist": lambda n: ngettext("Put %d person on the list", "Put %d people on the list", n) % n,
    "assign": lambda n: ngettext("Assign %d person", "Assign %d people", n) % n,
}
RUNNING: Words = {
    "approve": lambda n: ngettext("%d person is being approved", "%d people are being approved", n) % n,
    "return": lambda n: ngettext("%d person is being returned", "%d people are being returned", n) % n,
    "reject": lambda n: ngettext("%d person is being rejected", "%d people are being rejected", n) % n,
    "waitlist": lambda n: ngettext("%d person goes on the waiting list", "%d people go on the waiting list", n) % n,
    "assign": lambda n: ngettext("%d person is being assigned", "%d people are being assigned", n) % n,
}
DONE: Words = {
    "approve": lambda n: ngettext("%d person approved", "%d people approved", n) % n,
    "return": lambda n: ngettext("%d person returned for correction", "%d people returned for correction", n) % n,
    "reject": lambda n: ngettext("%d person rejected", "%d people rejected", n) % n,
    "waitlist": lambda n: ngettext("%d person put on the waiting list", "%d people put on the waiting list", n) % n,
    "assign": lambda n: ngettext("%d person assigned", "%d people assigned", n) % n,
}


def became(move: str, *, done: int, undone: int) -> str:
    """What is true now of a decision on many, some of which may be undone."""
    if undone and undone == done:
        return ngettext("%d decision undone", "%d decisions undone", undone) % undone
    return DONE[move](done - undone)


def mails(n: int, meeting: Meeting) -> str:
    """How many messages go out, and when."""
    minutes = meeting.decision_grace_minutes
    if not n:
        return _("No mail goes out.")
    if not minutes:
        return ngettext("%d mail goes out at once.", "%d mails go out at once.", n) % n
    goes = ngettext("%d mail goes out", "%d mails go out", n) % n
    after = ngettext(
        "after %d minute; until then all can be undone.", "after %d minutes; until then all can be undone.", minutes
    )
    # Translators: "3 mails go out" and "after 5 minutes; until then all can be undone."
    return _("%(goes)s %(after)s") % {"goes": goes, "after": after % minutes}


def besides(*, to_focal_points: int, unread: int) -> list[str]:
    """What is unusual about the messages."""
    found = []
    if to_focal_points:
        text = ngettext(
            "%d of them goes to a focal point, since no mail may reach the person.",
            "%d of them go to focal points, since no mail may reach the person.",
            to_focal_points,
        )
        found.append(text % to_focal_points)
    if unread:
        text = ngettext(
            "%d person hears nothing: there is neither an address nor a focal point.",
            "%d people hear nothing: there is neither an address nor a focal point.",
            unread,
        )
        found.append(text % unread)
    return found
