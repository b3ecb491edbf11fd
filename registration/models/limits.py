"""Which categories somebody may know of: reviewers can be limited to some, and see nothing of the others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from meeting.models import Role

# Who reads registrations of their meeting; who may do more is said in rules.py.
READERS = (Role.ORGANISER, Role.REVIEWER, Role.LISTS, Role.AUDITOR)


def review_limits(user: Any) -> dict[int, set[int]]:
    """The meetings at which `user` reads some categories only, and which; asked once for each user object."""
    # Not by way of `__dict__`: the user of a request is a lazy object, whose own dictionary never has it.
    if not hasattr(user, "_review_limits"):
        given: dict[int, set[int | None]] = {}
        roles = user.staff_roles.filter(role__in=READERS)
        for meeting, role, category in roles.values_list("meeting", "role", "reviewed_categories__category"):
            given.setdefault(meeting, set()).add(category if role == Role.REVIEWER else None)
        limited = {m: {c for c in found if c} for m, found in given.items() if None not in found}
        user._review_limits = {} if user.is_superuser else limited
    return user._review_limits  # type: ignore[no-any-return]


def known_to(user: Any, meeting: str, *categories: str) -> Q:
    """The condition that a row is of no category that `user` does not see.

    `meeting` and `categories` lead from the row to its meeting and to its category, by whichever of several ways it has
    one. Every queryset that shows something of a category to staff is filtered by this.
    """
    known = Q()
    for limited, seen in review_limits(user).items():
        of_seen = Q()
        for path in categories:
            of_seen |= Q(**{f"{path}__in": seen})
        known &= ~Q(**{meeting: limited}) | of_seen
    return known
