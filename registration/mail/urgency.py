"""Which kinds of messages go first, and which may wait for a reader."""

from registration.models import Urgency

# Somebody sits at a screen until it comes; or it says why all others do not leave.
AT_ONCE = ("change_code", "sign_in", "password_reset", "staff_invitation", "mail_alarm", "test")
# One of many alike: they make way for all others.
MANY = ("campaign", "reminder_", "digest")
# Held until somebody has read it, each of these would come too late, or lock somebody out: a link that is waited for, a
# seat that is kept for hours, a file about a child, word to the staff itself.
NEVER_HELD = (
    *AT_ONCE, "submitted", "seat_offered", "seat_offer_ended", "invitation", "focal_point_named", "focal_point_ended",
    "child_", "role_given", "digest", "alarm", "export_ready", "export_ended",
)  # fmt: skip


def urgency_of(kind: str) -> Urgency:
    if kind in AT_ONCE:
        return Urgency.AT_ONCE
    return Urgency.MANY if kind.startswith(MANY) else Urgency.USUAL


def may_be_held(kind: str) -> bool:
    """Whether organisers may have messages of this kind wait until one of them has read each."""
    return kind not in NEVER_HELD and not kind.startswith("child_")
