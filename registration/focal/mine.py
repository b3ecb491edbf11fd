"""The delegations that one focal point looks after, with what waits for them."""

from __future__ import annotations

from meeting.models import User

from ..models import Delegation


def looked_after(user: User) -> list[Delegation]:
    """Newest meeting first."""
    found = Delegation.objects.looked_after_by(user).select_related("meeting__venue", "category")
    return list(found.order_by("-meeting__starts_on", "meeting", "category__order", "sort_key"))
