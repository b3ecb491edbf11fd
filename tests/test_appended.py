"""History is appended: the database itself refuses to change or delete a line of it, whoever asks and however."""

import ast
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse

from meeting.appended import forgetting
from meeting.models import AuditEntry, User
from registration.models import DelegationEvent, RegistrationEvent, Status
from tests.factories import MeetingFactory, RegistrationFactory, UserFactory

ROOT = Path(__file__).resolve().parent.parent
HISTORIES = (RegistrationEvent, DelegationEvent, AuditEntry)
# What truly erases: the file of a child, a date of birth when its time is over, a row that was never sent.
MAY_FORGET = {
    "registration/drafts.py",
    "registration/questions/past.py",
    "registration/retention.py",
    "registration/safeguarding/leaving.py",
    "registration/safeguarding/scrubbing.py",
}


@pytest.fixture
def lines(db):
    """One line of each history, by model."""
    registration = RegistrationFactory()
    by = UserFactory()
    return {
        RegistrationEvent: registration.events.create(from_status="draft", to_status="submitted", by=by),
        DelegationEvent: registration.delegation.events.create(action="quota", by=by),
        AuditEntry: AuditEntry.objects.create(meeting=registration.meeting, action="export", by=by),
    }


def refused(act):
    with pytest.raises(IntegrityError, match="history is appended"), transaction.atomic():
        act()


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.parametrize("model", HISTORIES)
def test_sql_can_neither_change_nor_delete_a_line(lines, model):
    table, line = model._meta.db_table, lines[model]
    for act in ("UPDATE {} SET by_id = NULL", "UPDATE {} SET id = id", "DELETE FROM {}"):
        refused(lambda act=act: sql(act.format(table) + " WHERE id = %s", line.pk))
    assert model.objects.get(pk=line.pk).by_id == line.by_id


@pytest.mark.parametrize("model", HISTORIES)
@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "delete", "delete all", "upsert"])
def test_neither_can_the_code(lines, model, way):
    line = lines[model]
    acts = {
        "save": line.save,
        "update": lambda: model.objects.update(by=None),
        "bulk_update": lambda: model.objects.bulk_update([line], ["action"]),
        "delete": line.delete,
        "delete all": lambda: model.objects.all().delete(),
        "upsert": lambda: model.objects.bulk_create(
            [line], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        ),
    }
    refused(acts[way])
    assert model.objects.filter(pk=line.pk, by=line.by_id).exists()


@pytest.mark.parametrize(("model", "owner"), [(RegistrationEvent, "registration"), (DelegationEvent, "delegation")])
def test_whoever_has_a_history_stays(lines, model, owner):
    whose = getattr(lines[model], owner)
    with pytest.raises(models.ProtectedError):
        whose.delete()
    with pytest.raises(models.ProtectedError):
        type(whose).objects.filter(pk=whose.pk).delete()


def test_so_do_whoever_made_it_and_the_meeting_it_happened_at(lines):
    for kept in (lines[AuditEntry].by, lines[AuditEntry].meeting):
        with pytest.raises(models.ProtectedError):
            kept.delete()


# Forgetting


@pytest.mark.parametrize("model", HISTORIES)
def test_what_must_be_forgotten_can_be(lines, model):
    with forgetting():
        model.objects.update(by=None)
        model.objects.all().delete()
    assert not model.objects.exists()


def test_it_ends_with_its_block(lines):
    with forgetting():
        pass
    refused(AuditEntry.objects.all().delete)


def test_an_inner_one_does_not_end_the_outer_one(lines):
    with forgetting():
        with forgetting():
            RegistrationEvent.objects.all().delete()
        DelegationEvent.objects.all().delete()
    refused(AuditEntry.objects.all().delete)


def test_an_inner_one_that_failed_does_not_either(lines):
    with forgetting():
        with pytest.raises(ValueError, match="slip"), forgetting():
            raise ValueError("slip")
        DelegationEvent.objects.all().delete()
    refused(AuditEntry.objects.all().delete)


def test_it_ends_when_something_goes_wrong_inside(lines):
    with pytest.raises(ValueError, match="slip"), forgetting():
        AuditEntry.objects.all().delete()
        raise ValueError("slip")
    assert AuditEntry.objects.exists()
    refused(AuditEntry.objects.all().delete)


def test_it_ends_when_the_database_refuses_something_inside(lines):
    """The error is the one that happened, not a second one from tidying up."""
    with pytest.raises(IntegrityError, match="user_email"), forgetting():
        User.objects.create(email=lines[AuditEntry].by.email)
    refused(AuditEntry.objects.all().delete)


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_of_the_same_connection_remembers():
    entry = AuditEntry.objects.create(meeting=MeetingFactory(), action="export")
    with forgetting():
        AuditEntry.objects.filter(pk=entry.pk).update(about="before")
    assert AuditEntry.objects.get().about == "before"
    refused(AuditEntry.objects.all().delete)
    with pytest.raises(ValueError, match="slip"), forgetting():
        raise ValueError("slip")
    refused(AuditEntry.objects.all().delete)


@pytest.mark.django_db(transaction=True)
def test_another_connection_remembers_meanwhile():
    """The exception is the transaction's own."""
    AuditEntry.objects.create(meeting=MeetingFactory(), action="export")
    other = connection.copy()
    try:
        with forgetting(), other.cursor() as cursor, pytest.raises(IntegrityError, match="history is appended"):
            cursor.execute("DELETE FROM meeting_auditentry")
    finally:
        other.close()


def test_only_those_who_erase_may_forget():
    found = {
        str(path.relative_to(ROOT))
        for app in ("config", "meeting", "registration", "programme")
        for path in (ROOT / app).rglob("*.py")
        if path.name != "appended.py" and uses_forgetting(ast.parse(path.read_text()))
    }
    assert found == MAY_FORGET


def uses_forgetting(tree):
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return any(node.module and node.module.endswith("appended") for node in imported)


def test_nobody_goes_around_the_triggers():
    """Neither the setting nor an empty table nor a trigger switched off stands anywhere but where it is made."""
    words = ("placard.forgetting", "TRUNCATE", "DISABLE TRIGGER", "session_replication_role")
    found = {
        str(path.relative_to(ROOT))
        for app in ("config", "meeting", "registration", "programme")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and any(word in path.read_text() for word in words)
    }
    assert found == {"meeting/appended.py"}


# The column that triggers fill in


def test_every_event_knows_its_meeting_however_it_was_inserted(lines):
    event = lines[RegistrationEvent]
    elsewhere = MeetingFactory()
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration=event.registration, from_status="draft", to_status="submitted", meeting=m)
        for m in (None, elsewhere)
    )
    home = event.registration.meeting_id
    assert set(RegistrationEvent.objects.values_list("meeting", flat=True)) == {home}
    assert set(DelegationEvent.objects.values_list("meeting", flat=True)) == {home}


# The stock admin


@pytest.mark.parametrize("whose", ["meeting", "delegation", "category", "user"])
def test_the_admin_says_calmly_that_somebody_with_a_history_stays(client, lines, whose):
    event = lines[RegistrationEvent]
    registration = event.registration
    record = {
        "meeting": registration.meeting,
        "delegation": registration.delegation,
        "category": registration.delegation.category,
        "user": event.by,
    }[whose]
    client.force_login(User.objects.create_superuser("root@example.org"))
    url = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_delete", args=[record.pk])
    assert "<title>Cannot delete" in client.get(url).content.decode()
    assert client.post(url, {"post": "yes"}).status_code == 200
    assert type(record).objects.filter(pk=record.pk).exists()


def test_a_delegation_without_people_stays_for_its_history_alone(client, lines):
    delegation = lines[DelegationEvent].delegation
    with forgetting():
        RegistrationEvent.objects.all().delete()
    delegation.registrations.update(status=Status.DRAFT)
    delegation.registrations.all().delete()
    client.force_login(User.objects.create_superuser("root@example.org"))
    url = reverse("admin:registration_delegation_delete", args=[delegation.pk])
    assert client.post(url, {"post": "yes"}).status_code == 200
    assert DelegationEvent.objects.filter(delegation=delegation).exists()
