"""For trying out: somebody looks after a delegation of the sample meeting, and has brought one to an earlier meeting.

The earlier meeting's days and its delegates are invented; it is not published.
"""

from __future__ import annotations

import datetime
import random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from meeting.languages import columns, english
from meeting.models import Entity, Meeting
from registration import rules
from registration.drafts import Represented, delegation_for
from registration.focal.people import name_focal_point
from registration.models import Channel, Delegation, Registration, RoleInDelegation, Status, new_reference
from registration.setup.template import add_official

from . import functions, people

ENTITY, CULTURE = "VNM", "vi"
EARLIER = "eap-2004"
ROLES = (
    RoleInDelegation.HEAD, RoleInDelegation.ALTERNATE, RoleInDelegation.ADVISER, RoleInDelegation.ADVISER,
    RoleInDelegation.INTERPRETER,
)  # fmt: skip


@transaction.atomic
def give_focal_point(meeting: Meeting, email: str) -> Delegation:
    """`email` looks after the sample's delegation, and after the same one at an earlier meeting; told by mail once."""
    with override("en"):
        earlier = meeting.previous or _earlier(meeting)
        if meeting.previous is None:
            meeting.previous = earlier
            meeting.save(update_fields=["previous"])
        old, new = _delegation(earlier), _delegation(meeting)
        if not old.registrations.exists():
            _roster(old)
        for delegation in (old, new):
            if not delegation.focal_points.filter(user__email__iexact=email, ended_at=None).exists():
                name_focal_point(delegation, email=email, name="Focal Point", by=None)
    return new


def _earlier(meeting: Meeting) -> Meeting:
    known = Meeting.objects.filter(slug=EARLIER).first()
    if known:
        return known
    texts = columns(
        title=english("Mid-term review of the regional commitment"),
        short_title=english("Mid-term review 2004"),
        date_note=english("The days are invented, for practice."),
    )
    earlier = Meeting.objects.create(
        slug=EARLIER,
        starts_on=datetime.date(2004, 11, 8),
        ends_on=datetime.date(2004, 11, 10),
        time_zone=meeting.time_zone,
        venue=meeting.venue,
        reference_prefix="MTR",
        name_profile=meeting.name_profile,
        membership_body=meeting.membership_body,
        **texts,
    )
    add_official(earlier, ["MEM"])
    return earlier


def _delegation(meeting: Meeting) -> Delegation:
    entity = Entity.objects.prefetch_related("names", "memberships").get(code=ENTITY)
    category = rules.category_for(entity, meeting, meeting.categories.all())
    if category is None:
        raise LookupError(f"{meeting} has no category for {entity}: add the official categories first.")
    return delegation_for(Represented(meeting, category, entity))


def _roster(delegation: Delegation) -> None:
    """Five invented people, approved in their time."""
    rng, then = random.Random(2004), timezone.make_aware(datetime.datetime(2004, 10, 20, 9))
    for place, role in enumerate(ROLES, start=1):
        name, is_woman = people.draw(CULTURE, rng)
        title, department = functions.GOVERNMENT.draw(rng, is_head=place == 1)
        Registration.objects.create(
            meeting=delegation.meeting,
            delegation=delegation,
            reference=new_reference(delegation.meeting.reference_prefix),
            given_names=name.given,
            family_name=name.family,
            display_name=name.display,
            honorific="Ms." if is_woman else "Mr.",
            functional_title=title,
            department=department,
            email=f"delegate.{place}@mtr.example.org",
            role=role,
            precedence=place,
            channel=Channel.ROSTER,
            status=Status.APPROVED,
            status_since=then,
            submitted_at=then,
        )
