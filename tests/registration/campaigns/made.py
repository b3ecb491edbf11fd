"""A message to many, and focal points to read it."""

import uuid

from meeting.models import Role
from registration.campaigns import starting
from registration.models import Campaign, FocalPoint, Registration
from tests.factories import RegistrationFactory, StaffRoleFactory, UserFactory
from tests.registration.many import people

WORDS = {"en": {"subject": "Rooms for the {{ meeting_short }}", "title": "Rooms", "body": "The hotel is full soon."}}
PERSONAL = {
    "en": {"subject": "{{ reference }}: rooms", "title": "Rooms", "body": "{{ name }}, the hotel is full soon."}
}


def organiser(meeting, role=Role.ORGANISER):
    return StaffRoleFactory(meeting=meeting, role=role).user


def campaign(meeting, by=None, *, words=WORDS, **values):
    by = by or organiser(meeting)
    values = {"name": "Rooms", "words": words, "query": "", **values}
    return starting.draft(meeting, values, token=uuid.uuid4(), by=by)


def sent_off(meeting, by=None, *, at=None, **values):
    made = campaign(meeting, by, **values)
    return starting.send_off(made, revision=made.revision, expected=0, at=at, by=made.by)


def focal_point(delegation, email="", **values):
    user = UserFactory(is_staff=False, **({"email": email} if email else {}))
    return FocalPoint.objects.create(delegation=delegation, user=user, name=user.name, **values)


def crowd(count):
    """So many of one delegation, whose references cannot meet by chance."""
    (first,) = people.waiting(1)
    others = [
        RegistrationFactory.build(delegation=first.delegation, meeting=first.meeting, reference=f"CRW-{n:05}")
        for n in range(count - 1)
    ]
    for other in others:
        other.derive_keys()
        other.submitted_at = first.submitted_at
    Registration.objects.bulk_create(others, batch_size=2000)
    return first.meeting


def told(made):
    """How each stands, by whom it is about or who reads it."""
    rows = Campaign.objects.get(pk=made.pk).recipients.order_by("pk")
    return [(row.registration_id or row.focal_user_id, row.why or row.state) for row in rows]
