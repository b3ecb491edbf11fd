"""Exports by a worker: once, resumed, stopped, kept for some days, and only for who may have them all the while."""

import datetime
import os
import uuid
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role, StaffRole
from registration.exports import jobs, leftovers, options, pieces
from registration.lists import reading
from registration.models import ExportJob, OutgoingMail, Question, Registration, Status
from registration.models.review import QUERY_LENGTH
from registration.questions import answers
from tests.factories import QuestionFactory, RegistrationFactory, StaffRoleFactory

from . import REASON, ask, content, in_xlsx, read_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch, announced):
    """Two people are many, and a piece holds three."""
    monkeypatch.setattr(options, "AT_ONCE", 1)
    for module in (pieces, jobs, reading):
        monkeypatch.setattr(module, "CHUNK", 3)


@pytest.fixture
def people(person):
    return [person, *RegistrationFactory.create_batch(9, delegation=person.delegation)]


def url(name, job):
    return reverse(f"admin:desk:{name}", args=[job.meeting.slug, job.token])


def asked(client, meeting, file_format="xlsx", query=None, **given):
    response = ask(client, meeting, file_format, query, **given)
    assert response.status_code == 302, response.content.decode()
    job = ExportJob.objects.get(token=response.url.rstrip("/").rpartition("/")[2])
    assert response.url == url("export_job", job)
    return job


def made(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def state(client, job):
    return client.get(url("export_job", job)).context["state"]


def kept_files():
    folder = default_storage.path("exports")
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def test_many_are_made_by_a_worker_and_are_what_one_gets_at_once(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)
    assert state(client, job) == "running"
    assert not AuditEntry.objects.exists()
    made(job)
    assert (job.count, job.done, state(client, job)) == (10, 10, "ready")
    response = client.get(url("export_file", job))
    assert response["Content-Disposition"].startswith('attachment; filename="eap-people-20')
    headings, *rows = read_xlsx(response).iter_rows(values_only=True)
    monkeypatch.setattr(options, "AT_ONCE", 100)
    assert [dict(zip(headings, row, strict=True)) for row in rows] == in_xlsx(client, meeting)


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_once_however_often_the_page_is_sent(client, meeting, exporter, people, announced):
    token = str(uuid.uuid4())
    first, second = (asked(client, meeting, token=token) for _ in range(2))
    assert first == second and ExportJob.objects.count() == 1
    assert announced == [("make_export", first.pk)]
    assert asked(client, meeting, "pdf", token=token) != first


def test_each_time_it_is_fetched_is_written_into_the_history(client, meeting, exporter, people):
    job = made(asked(client, meeting, query={"status": "submitted"}))
    for _ in range(2):
        content(client.get(url("export_file", job)))
    entries = AuditEntry.objects.filter(action="export")
    told = [{name: e.detail[name] for name in ("format", "count", "reason", "filter")} for e in entries]
    assert told == 2 * [{"format": "xlsx", "count": 9, "reason": REASON, "filter": {"status": "submitted"}}]


@pytest.mark.parametrize("file_format", ["xlsx", "pdf"])
def test_a_worker_that_dies_leaves_what_it_has_read_and_the_next_reads_the_rest(
    client, meeting, exporter, people, monkeypatch, file_format
):
    job = asked(client, meeting, file_format)
    real, read = pieces._read, []

    def dies(choice, keys):
        read.append(keys)
        if len(read) == 3:
            raise SystemExit
        return real(choice, keys)

    monkeypatch.setattr(pieces, "_read", dies)
    with pytest.raises(SystemExit):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.ended_at, pieces.rows_read(job)) == (None, 6)
    # Meanwhile somebody comes, and somebody goes: the list is the one it was, without whoever is gone.
    gone = Registration.objects.get(pk=read[2][0])
    Registration.objects.filter(pk=gone.pk).update(status=Status.DRAFT)
    RegistrationFactory(delegation=people[0].delegation)
    ExportJob.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    jobs.sweep()
    job.refresh_from_db()
    assert [len(keys) for keys in read] == [3, 3, 3, 3, 1]
    assert read[2] == read[3]
    assert job.file_made_at is not None and job.tries == 2
    assert kept_files() == [job.token.hex]  # the pieces are gone
    if file_format == "xlsx":
        sheet = read_xlsx(client.get(url("export_file", job)))
        assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {p.reference for p in people} - {gone.reference}
    assert job.count == job.held["count"] == 9


def test_a_worker_that_dies_again_and_again_is_not_followed_for_ever(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)
    monkeypatch.setattr(jobs, "_make", lambda job: (_ for _ in ()).throw(SystemExit))
    for _ in range(jobs.MOST_TRIES):
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
    made(job)
    assert job.told == "It was too much for us. Filter the list, or take CSV, which has no limit."
    assert state(client, job) == "failed"


def test_stopped_before_a_worker_came_it_ends_at_once(client, meeting, exporter, people):
    job = asked(client, meeting)
    for _ in range(2):
        assert client.post(url("export_stop", job)).status_code == 302
    page = client.get(url("export_job", job))
    assert page.context["state"] == "stopped"
    assert "You stopped it. Nothing was kept." in page.content.decode()
    assert made(job).file == ""


def test_stopped_in_the_middle_nothing_is_kept(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)
    real = pieces._read

    def is_stopped_by_somebody(choice, keys):
        ExportJob.objects.update(stopped_at=timezone.now())
        return real(choice, keys)

    monkeypatch.setattr(pieces, "_read", is_stopped_by_somebody)
    made(job)
    assert (state(client, job), job.file, kept_files()) == ("stopped", "", [])
    assert job.done == 0


def test_a_file_is_deleted_after_seven_days_and_the_job_after_thirty(client, meeting, exporter, people):
    job = made(asked(client, meeting))
    ExportJob.objects.update(file_made_at=timezone.now() - jobs.KEPT + datetime.timedelta(minutes=1))
    assert jobs.forget() == 0
    assert client.get(url("export_file", job)).status_code == 200
    ExportJob.objects.update(file_made_at=timezone.now() - jobs.KEPT)
    response = client.get(url("export_file", job))
    assert response.status_code == 410
    assert "The file was deleted: it is kept for seven days." in response.content.decode()
    assert jobs.forget() == 1 and kept_files() == []
    assert state(client, job) == "expired"
    ExportJob.objects.update(ended_at=timezone.now() - jobs.REMEMBERED)
    jobs.forget()
    assert not ExportJob.objects.exists()


def test_whoever_may_export_no_more_has_nothing_made(client, meeting, exporter, people):
    job = asked(client, meeting)
    StaffRole.objects.filter(user=exporter).update(role=Role.AUDITOR)
    made(job)
    assert job.file == "" and job.told.startswith("You may not export lists of this meeting any more.")
    assert client.get(url("export_job", job)).status_code == 403


def test_whoever_cannot_sign_in_any_more_has_nothing_made(client, meeting, exporter, people):
    job = asked(client, meeting)
    exporter.is_active = False
    exporter.save()
    assert made(job).file == ""


def test_whoever_may_export_no_more_does_not_get_what_is_made(client, meeting, exporter, people):
    job = made(asked(client, meeting))
    StaffRole.objects.filter(user=exporter).delete()
    assert client.get(url("export_file", job)).status_code == 404
    assert not AuditEntry.objects.exists()


def test_answers_that_one_may_read_no_more_are_not_given_out(client, meeting, exporter, people):
    question = QuestionFactory(meeting=meeting, key="seat", readers=["lists"])
    answers.save(people[0], {question: "Aisle"})
    job = made(asked(client, meeting))
    assert "q_seat" in job.held["columns"]
    Question.objects.update(readers=["organiser"])
    response = client.get(url("export_file", job))
    assert response.status_code == 403
    assert "It holds answers that you may not read any more. Ask for it once more." in response.content.decode()
    assert kept_files() == [] and not AuditEntry.objects.exists()
    # Asked for once more, it holds what they may read.
    again = made(asked(client, meeting))
    assert "q_seat" not in again.held["columns"]
    content(client.get(url("export_file", again)))


def test_what_one_may_read_no_more_while_it_waits_is_not_in_it(client, meeting, exporter, people):
    QuestionFactory(meeting=meeting, key="seat", readers=["lists"])
    job = asked(client, meeting, query={"columns": "reference,q_seat"})
    Question.objects.update(readers=["organiser"])
    assert made(job).held["columns"] == ["reference"]


@pytest.mark.parametrize("name", ["export_job", "export_progress", "export_file", "export_stop"])
def test_to_everybody_else_there_is_none(client, meeting, exporter, people, name):
    job = made(asked(client, meeting))
    for role in (Role.LISTS, Role.ORGANISER):
        client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
        method = client.post if name == "export_stop" else client.get
        assert method(url(name, job)).status_code == 404


def test_a_disk_that_is_full_is_told(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "_written", full)
    made(job)
    assert job.told == "The file could not be stored. Tell the administrator, and ask for it once more after that."
    assert "Export it once more" in client.get(url("export_job", job)).content.decode()


def test_a_list_that_grew_too_large_while_it_waited_is_told(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)
    monkeypatch.setitem(options.MOST, "xlsx", 9)
    assert made(job).told.startswith("At most 9 people fit into this format.")


def test_the_bar_moves_while_it_is_read_and_written(client, meeting, exporter, people, monkeypatch):
    job = asked(client, meeting)
    seen = []

    def look(real):
        def looking(*args):
            seen.append(client.get(url("export_progress", job)).json())
            return real(*args)

        return looking

    monkeypatch.setattr(jobs, "_goes_on", look(jobs._goes_on))
    made(job)
    shown = [each["decided"] for each in seen]
    assert shown == sorted(shown) and len(set(shown)) > 5 and all(each["running"] for each in seen)
    assert seen[2]["said"] == "6 of 10 people are read" and seen[-1]["said"] == "10 of 10 people are written"
    assert client.get(url("export_progress", job)).json()["running"] is False


@pytest.mark.parametrize("rows", [1, 3])
def test_all_exports_on_a_page_with_as_many_queries(client, meeting, rows, django_assert_num_queries):
    user = StaffRoleFactory(meeting=meeting).user
    client.force_login(user)
    for _ in range(rows):
        ExportJob.objects.create(meeting=meeting, by=user, format="xlsx")
        AuditEntry.objects.create(meeting=meeting, by=StaffRoleFactory(meeting=meeting).user, action="export")
    # session, user, meeting, may export, organises, jobs, schedules, what was exported
    with django_assert_num_queries(8):
        client.get(reverse("admin:desk:exports", args=[meeting.slug]))


def test_more_filters_than_can_be_kept_are_told(client, meeting, exporter, people):
    response = ask(client, meeting, "xlsx", {"columns": "reference", "nonsense": "x" * QUERY_LENGTH})
    assert response.status_code == 422
    assert "These are more filters and columns than we can keep. Take some away." in response.content.decode()


def test_what_is_left_of_deleted_jobs_goes_after_some_days(client, meeting, exporter, people):
    old, new = made(asked(client, meeting)), made(asked(client, meeting, reason="For another company"))
    days = (timezone.now() - datetime.timedelta(days=9)).timestamp()
    os.utime(old.file.path, (days, days))
    ExportJob.objects.all().delete()
    assert leftovers.sweep() == 1
    assert kept_files() == [new.token.hex]


@pytest.mark.parametrize(("minutes", "mails"), [(1, 0), (3, 1)])
def test_whoever_waited_long_is_mailed_a_link(client, meeting, exporter, people, minutes, mails):
    job = asked(client, meeting)
    ExportJob.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=minutes))
    made(job)
    found = OutgoingMail.objects.filter(kind="export_ready")
    assert [mail.to for mail in found] == [exporter.email] * mails
    assert all("The export “People” is made, with 10 people." in " ".join(mail.text.split()) for mail in found)
