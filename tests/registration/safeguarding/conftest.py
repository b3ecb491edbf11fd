"""A meeting with a child's delegation, a focal point, a chaperone and a safeguarding lead."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meeting.models import Role
from registration.letters import files
from registration.models import Channel, ChildConsent, FocalPoint, Listing, Registration, Status
from registration.safeguarding import filing, intake
from tests.factories import (
    PDF,
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

# Nothing else in any test is called like this: wherever it turns up, it has leaked.
LEGAL_NAME = "Zephyrine Quillabamba"
GUARDIAN = "Ottoline Quillabamba"
CONTACT = "+51 84 555 0199"
BORN = datetime.date(2012, 3, 4)


@pytest.fixture
def meeting(settings):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    return MeetingFactory(slug="ours", safeguarding_email="safe@example.org")


@pytest.fixture
def for_children(meeting):
    return CategoryFactory(
        meeting=meeting, code="YTH", for_children=True, listing=Listing.NUMBER, typist="focal_point", by_invitation=True
    )


@pytest.fixture
def delegation(meeting):
    """An organisation's ordinary delegation, under which everything is typed at first."""
    return DelegationFactory(category=CategoryFactory(meeting=meeting, code="NGO"))


@pytest.fixture
def focal(delegation):
    user = UserFactory(is_staff=False, email="focal@example.org", name="Focal Point")
    FocalPoint.objects.create(delegation=delegation, user=user)
    return user


@pytest.fixture
def lead(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user


@pytest.fixture
def organiser(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user


def typed(delegation, **values):
    """A row of the roster as it was typed, the name in every field that has one."""
    given = {
        "given_names": "Zephyrine",
        "family_name": "Quillabamba",
        "display_name": LEGAL_NAME,
        "passport_name": LEGAL_NAME.upper(),
        "honorific": "Ms.",
        "functional_title": "Pupil of the Quillabamba school",
        "department": "Class 8b",
        "organisation": "Quillabamba school",
        "email": "zephyrine@quillabamba.example",
        "phone": CONTACT,
        "status": Status.DRAFT,
        "channel": Channel.ROSTER,
    }
    return RegistrationFactory(delegation=delegation, **given | values)


@pytest.fixture
def record(delegation, for_children, focal):
    """Taken in from a row of the roster."""
    return intake.take_in(typed(delegation), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)


def chaperone_for(record, **values):
    return RegistrationFactory(**{"delegation": record.came_from, "display_name": "Chaperone Adult", **values})


def give(record, kind, by):
    accepted = files.AcceptedFile(PDF + LEGAL_NAME.encode(), "application/pdf", f"{LEGAL_NAME}.pdf")
    filing.give(record.pk, kind, accepted, datetime.date(2008, 8, 1), by=by)


def fill(record, by, *, without=()):
    """The whole file, but for what is named in `without`."""
    for kind in ChildConsent.Kind.values:
        if kind not in without:
            give(record, kind, by)
    record.refresh_from_db()
    if "guardian" not in without or "guardian_name" not in without:
        record.guardian_name, record.guardian_contact = GUARDIAN, CONTACT
    record.save()
    if "chaperone" not in without:
        record.chaperones.add(chaperone_for(record))


@pytest.fixture
def whole(record, focal):
    """Everything given, and sent."""
    fill(record, focal)
    filing.send(record.pk, by=focal)
    record.refresh_from_db()
    return record


def row_of(record):
    return Registration.objects.get(pk=record.registration_id)


def pdf(name=f"{LEGAL_NAME}.pdf"):
    return SimpleUploadedFile(name, PDF)
