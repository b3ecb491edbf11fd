"""What is done with messages at the desk, in words: which act fits which stage, and what is said before and after."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..mail.stages import Stage

# In the order of the buttons; the first is the one that helps most.
ACTS_OF: dict[Stage, tuple[str, ...]] = {
    Stage.WAITING: ("stop",),
    Stage.GRACE: ("now", "stop"),
    Stage.REVIEW: ("release", "stop"),
    Stage.ADDRESS: ("stop",),
    Stage.RETRY: ("now", "stop"),
    Stage.SENDING: (),
    Stage.SENT: ("again",),
    Stage.DELIVERED: ("again",),
    Stage.BOUNCED: ("again", "seen"),
    Stage.FAILED: ("again", "stop"),
    Stage.UNCLEAR: ("settle", "again"),
    Stage.CANCELLED: (),
}
LABELS: dict[str, str | Promise] = {
    "now": gettext_lazy("Send it now"),
    "stop": gettext_lazy("Stop it"),
    "release": gettext_lazy("I have read it: send it"),
    "again": gettext_lazy("Send it again"),
    "settle": gettext_lazy("It has arrived: take it as sent"),
    "seen": gettext_lazy("Done with it"),
}
# Under the button, where somebody may wonder.
HINTS: dict[tuple[Stage, str], str | Promise] = {
    (Stage.SENT, "again"): gettext_lazy("The reader gets it a second time, with a new link."),
    (Stage.DELIVERED, "again"): gettext_lazy("The reader gets it a second time, with a new link."),
    (Stage.UNCLEAR, "again"): gettext_lazy("The reader may get it a second time."),
    (Stage.BOUNCED, "seen"): gettext_lazy("Nothing is sent. It is not counted any more among what needs a person."),
    (Stage.FAILED, "stop"): gettext_lazy("It is not sent, and waits for nobody any more."),
}
SAID: dict[str, str | Promise] = {
    "now": gettext_lazy("The message leaves now."),
    "stop": gettext_lazy("Stopped. The message does not leave."),
    "release": gettext_lazy("Released. The message leaves now."),
    "settle": gettext_lazy("Taken as sent."),
    "seen": gettext_lazy("Done with. It needs nobody any more."),
}
LEFT_ALONE: dict[str, str | Promise] = {
    "release": gettext_lazy("Is “%(stage)s”: only what is held for a reader is released."),
    "again": gettext_lazy("Is “%(stage)s”: only what has left or failed is sent again."),
    "stop": gettext_lazy("Is “%(stage)s”: only what has not left is stopped."),
    "settle": gettext_lazy("Is “%(stage)s”: only what is unclear is taken as sent."),
    "seen": gettext_lazy("Is “%(stage)s”: only with what came back somebody can be done."),
}


QUESTIONS: dict[str, Callable[[int], str]] = {
    "release": lambda n: ngettext("Release %d message?", "Release %d messages?", n) % n,
    "again": lambda n: ngettext("Send %d message again?", "Send %d messages again?", n) % n,
    "stop": lambda n: ngettext("Stop %d message?", "Stop %d messages?", n) % n,
    "settle": lambda n: ngettext("Take %d message as sent?", "Take %d messages as sent?", n) % n,
    "seen": lambda n: ngettext("Done with %d message?", "Done with %d messages?", n) % n,
}
DONE: dict[str, Callable[[int], str]] = {
    "release": lambda n: ngettext("%d message is released", "%d messages are released", n) % n,
    "again": lambda n: ngettext("%d message is sent again", "%d messages are sent again", n) % n,
    "stop": lambda n: ngettext("%d message is stopped", "%d messages are stopped", n) % n,
    "settle": lambda n: ngettext("%d message is taken as sent", "%d messages are taken as sent", n) % n,
    "seen": lambda n: ngettext("%d message is done with", "%d messages are done with", n) % n,
}


def said(act: str, to: str) -> str:
    return _("It is on its way to %(to)s.") % {"to": to} if act == "again" else str(SAID[act])
