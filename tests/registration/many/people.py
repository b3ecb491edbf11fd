"""A meeting with people who wait, and a decision on them all."""

import uuid

from meeting.models import Role
from registration.many import starting
from registration.many.starting import Asked, Seen
from registration.models import BulkDecision, Registration
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory


def waiting(count, meeting=None, **values):
    """`count` people of one delegation, written in one statement."""
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting or MeetingFactory()))
    first = RegistrationFactory(delegation=delegation, **values)
    # Like the first, but for what is theirs alone.
    others = [
        RegistrationFactory.build(delegation=delegation, meeting=delegation.meeting, **values) for _ in range(count - 1)
    ]
    for other in others:
        other.derive_keys()
        other.submitted_at = first.submitted_at
    Registration.objects.bulk_create(others)
    return [first, *others]


def decide(people, by=None, asked=None, token=None):
    meeting = people[0].meeting
    by = by or StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    rows = [Seen(p, p.status, bool(p.first_approved_by_id)) for p in people]
    return starting.start(meeting, asked or Asked("approve"), rows, token=token or uuid.uuid4(), by=by)


def states(bulk):
    rows = BulkDecision.objects.get(pk=bulk.pk).rows
    return [row.state for row in rows.order_by("registration_id")]
