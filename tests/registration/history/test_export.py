"""The file for an auditor: what the screen shows, harmless in a spreadsheet, and itself a line of the history."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.history import export
from registration.history.lines import every
from registration.history.reading import HistoryFilter, Reader
from tests.factories import RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2008, 9, 1, 5, 0, tzinfo=datetime.UTC)


@pytest.fixture
def person():
    return RegistrationFactory()


@pytest.fixture
def auditor(client, person):
    user = StaffRoleFactory(meeting=person.meeting, role=Role.AUDITOR).user
    client.force_login(user)
    return user


def exported(client, meeting, **filters):
    response = client.get(reverse("admin:desk:history_export", args=[meeting.slug]), filters)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def fill(person, by, lines):
    for n in range(lines):
        at = NOON + datetime.timedelta(seconds=n // 3)
        person.events.create(
            at=at, by=by, action="edited", from_status="submitted", to_status="submitted", reason=f"No. {n}",
            changes={"role": ["head", "adviser"]},
        )  # fmt: skip
        person.delegation.events.create(at=at, action="quota", detail={"was": n, "now": n + 1, "reason": "Room"})
        AuditEntry.objects.create(meeting=person.meeting, action="read_letter", subject=person.reference)


def test_the_export_equals_the_screen(client, person, auditor, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 4)
    fill(person, auditor, 5)
    rows = exported(client, person.meeting)
    shown = list(every(Reader(auditor, person.meeting), HistoryFilter({}, person.meeting), 1000))
    assert len(rows) == 16  # with the export itself
    assert [tuple(row.values()) for row in rows] == [
        export.cells(line, Reader(auditor, person.meeting)) for line in shown
    ]


def test_a_line_has_time_actor_subject_old_and_new(client, person, auditor):
    fill(person, auditor, 1)
    [row] = exported(client, person.meeting, kind="changes")
    assert row == {
        "at_utc": "2008-09-01T05:00:00.000000+00:00",
        "at_local": "2008-09-01T12:00:00+07:00",
        "actor": str(auditor),
        "actor_email": auditor.email,
        "act": "Changed",
        "more": "",
        "reference": person.reference,
        "name": person.printed_name,
        "old": "Role in the delegation: Representative (head of delegation)",
        "new": "Role in the delegation: Adviser",
        "reason": "No. 0",
        "source": "person",
    }


def test_it_is_written_down_before_it_leaves_with_its_filter(client, person, auditor):
    exported(client, person.meeting, person=person.reference)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.by, entry.detail) == (auditor, {"format": "csv", "filter": {"person": person.reference}})


def test_a_spreadsheet_calculates_nothing(client, person, auditor):
    person.events.create(from_status="draft", to_status="submitted", reason="=1+1", at=NOON)
    assert exported(client, person.meeting, kind="decisions")[0]["reason"] == "'=1+1"


def test_contact_data_stay_concealed(client, person, auditor):
    changes = {"email": ["old@example.org", "new@example.org"]}
    person.events.create(action="edited", from_status="draft", to_status="submitted", changes=changes)
    assert "example.org" not in str([{**row, "actor_email": ""} for row in exported(client, person.meeting)])


@pytest.mark.parametrize(("role", "told"), [(Role.AUDITOR, False), (Role.ORGANISER, True)])
def test_the_address_of_a_focal_point_is_for_readers_of_contacts(client, person, role, told):
    meeting = person.meeting
    for name in ("", "Lê Thu Minh"):
        by = UserFactory(is_staff=False, name=name, email=f"focal{len(name)}@mission.example")
        person.events.create(by=by, action="edited", from_status="submitted", to_status="submitted")
    client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
    pages = [
        client.get(reverse("admin:desk:history", args=[meeting.slug])),
        client.get(reverse("admin:desk:registration_history", args=[meeting.slug, person.reference])),
        client.get(reverse("admin:desk:registration", args=[meeting.slug, person.reference])),
    ]
    assert [("@mission.example" in page.content.decode()) for page in pages] == [told] * 3
    emails = [row["actor_email"] for row in exported(client, meeting) if row["source"] == "person"]
    assert emails == (["focal11@mission.example", "focal0@mission.example"] if told else ["", ""])
    assert ("Focal point" in pages[0].content.decode()) is not told
