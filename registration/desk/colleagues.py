"""Who else decides here: to whom a registration can be given."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from meeting.models import Meeting, Role, StaffRole, User

from ..models import READERS, Registration
from ..rules import DECIDERS


def of(registration: Registration) -> QuerySet[User]:
    """Those with a role at the meeting who may decide on this one, by name; `workflow.may_be_given` has the last word.

    A reviewer limited to other categories is none of them, unless another role lets them read everything.
    """
    here = StaffRole.objects.filter(user=OuterRef("pk"), meeting=registration.meeting_id)
    mine = Q(reviewed_categories=None) | Q(reviewed_categories__category=registration.delegation.category_id)
    unlimited = here.filter(role__in=[role for role in READERS if role != Role.REVIEWER])
    reads = Q(Exists(unlimited)) | Q(Exists(here.filter(mine, role=Role.REVIEWER)))
    found = User.objects.filter(reads, Exists(here.filter(role__in=DECIDERS)), is_active=True)
    return found.order_by("name", "email")


def of_meeting(meeting: Meeting) -> QuerySet[User]:
    """Those who decide at `meeting`, some perhaps on certain categories only."""
    here = StaffRole.objects.filter(user=OuterRef("pk"), meeting=meeting, role__in=DECIDERS)
    return User.objects.filter(Exists(here), is_active=True).order_by("name", "email")
