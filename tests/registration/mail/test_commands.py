"""What the command line says of the outbox and of the mail server, and with which exit status."""

import datetime
import json
import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from registration.mail import alarms, outbox
from registration.mail.stages import Stage
from registration.mail.verdict import OURS
from registration.models import MailState, OutgoingMail
from tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]


def outbox_says(*arguments):
    """What it prints, and its exit status."""
    out = StringIO()
    try:
        call_command("outbox", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def written(registration, **values):
    mail = outbox.queue("submitted", registration, key=f"event-{OutgoingMail.objects.count()}")
    OutgoingMail.objects.filter(pk=mail.pk).update(**values)


def test_empty_outbox_is_well():
    assert outbox_says() == (f"{'meeting':<24} {'stage':<10} {'messages':>9}  oldest\nNo message yet.\n", 0)


def test_counts_by_meeting_and_stage_with_the_oldest():
    registration = RegistrationFactory()
    slug = registration.meeting.slug
    for hours in (1, 30):
        written(registration, created_at=timezone.now() - datetime.timedelta(hours=hours), state="sent",
                sent_at=timezone.now())  # fmt: skip
    written(registration)
    text, status = outbox_says()
    assert status == 0
    assert [line.split() for line in text.splitlines()[1:]] == [
        [slug, "waiting", "1", "0", "min"],
        [slug, "sent", "2", "1", "d"],
    ]


def test_json_names_every_stage():
    registration = RegistrationFactory()
    written(registration)
    text, status = outbox_says("--json")
    said = json.loads(text)
    assert (status, said["ok"], said["wrong"]) == (0, True, [])
    assert set(said["total"]) == set(Stage.values)
    assert said["meetings"][registration.meeting.slug]["waiting"]["count"] == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": MailState.STUCK},
        {"state": MailState.FAILED},
        {"last_error": f"{OURS}535 no"},
        {"not_before": timezone.now() - alarms.LATE_AFTER - datetime.timedelta(minutes=1)},
    ],
    ids=["unclear", "failed", "not accepted", "late"],
)
@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_exit_status_says_that_somebody_must_look(values, arguments):
    written(RegistrationFactory(), **values)
    text, status = outbox_says(*arguments)
    assert status == 1
    assert arguments == [] or json.loads(text)["ok"] is False
    assert arguments == [] or len(json.loads(text)["wrong"]) == 1


@pytest.mark.parametrize(
    ("values", "what", "advice"),
    [
        ({"state": MailState.FAILED}, "failed", "correct the address, send or stop them"),
        ({"state": MailState.STUCK}, "unclear", "take them as sent"),
    ],
)
def test_it_names_what_waits_for_a_word_and_what_to_do(values, what, advice):
    registration = RegistrationFactory()
    written(registration, **values)
    slug = registration.meeting.slug
    text, _status = outbox_says()
    assert f"{what}: {slug}: 1 {what}. " in text and advice in text
    [told] = json.loads(outbox_says("--json")[0])["wrong"]
    assert (told["what"], told["meeting"], told["count"]) == (what, slug, 1)
    assert advice in told["in_words"]


@pytest.mark.parametrize("error", [OperationalError("connection refused\nsecond"), ProgrammingError("no table")])
def test_without_a_database_it_says_which_settings_name_it(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr("registration.management.commands.outbox._rows", fail)
    with pytest.raises(CommandError, match="same PLACARD_LOCAL, or DATABASE_URL, as the server") as refusal:
        outbox_says()
    assert "second" not in str(refusal.value)


@pytest.mark.parametrize(
    "values",
    [
        {"state": MailState.HELD, "held_for": "review"},
        {"state": MailState.CANCELLED},
        {"attempts": 3, "last_error": "451 later", "not_before": timezone.now() + datetime.timedelta(hours=1)},
    ],
    ids=["held", "stopped", "tried again"],
)
def test_what_goes_its_way_is_no_alarm(values):
    written(RegistrationFactory(), **values)
    assert outbox_says()[1] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_table_costs_the_same_however_many(rows, django_assert_num_queries):
    registration = RegistrationFactory()
    for _ in range(rows):
        written(registration)
    with django_assert_num_queries(5):
        outbox_says()


# The test mail


def try_it(address="somebody@example.org"):
    """The command's own words; raises where it ends with 1."""
    out = StringIO()
    call_command("send_test_mail", address, stdout=out)
    return out.getvalue()


def test_message_arrives_and_the_conversation_is_told(scripted):
    said = try_it()
    assert f"{scripted.host}:{scripted.port}" in said
    assert "Connected." in said and "Signed in." in said and "Encryption: none" in said
    assert "Accepted for somebody@example.org" in said
    assert sum(scripted.taken.values()) == 1
    assert "secret" not in said


@pytest.mark.parametrize(
    ("step", "answer", "words"),
    [
        ("greeting", "421 4.3.2 closing", ["No line to the mail server", "host and port"]),
        ("auth", "535 5.7.8 wrong", ["signing in was refused", "535 5.7.8 wrong", "EMAIL_URL"]),
        ("mail", "553 5.1.8 not yours", ["not accepted", "553 5.1.8 not yours", "MAIL_FROM"]),
        ("rcpt", "550 5.1.1 nobody", ["not accepted", "550 5.1.1 nobody", "address"]),
        ("rcpt", "450 4.2.1 later", ["not accepted", "some minutes"]),
        ("text", "drop", ["look whether the message arrived"]),
    ],
)
def test_refusal_is_told_with_what_to_do_and_ends_with_1(scripted, step, answer, words):
    scripted.script = {step: answer}.get
    with pytest.raises(CommandError) as refusal:
        try_it()
    assert refusal.value.returncode == 1
    for part in words:
        assert part in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_nobody_there(settings, scripted):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    with pytest.raises(CommandError, match="No line to the mail server"):
        try_it()


def test_server_without_encryption_is_told(settings, scripted):
    settings.EMAIL_USE_TLS = True
    with pytest.raises(CommandError, match="EMAIL_URL"):
        try_it()


def test_what_is_no_address_goes_nowhere(scripted):
    with pytest.raises(CommandError, match=r"Write one like name@example\.org"):
        try_it("nobody")
    assert scripted.lines == 0


def test_without_a_mail_server_it_says_where_the_message_is(settings, tmp_path):
    settings.EMAIL_BACKEND = "registration.mail.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert "Set EMAIL_URL" in try_it()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), NotADirectoryError(20, "Not a directory")])
def test_a_folder_that_cannot_be_written_is_named(settings, tmp_path, monkeypatch, error):
    def fail(*args, **options):
        raise error

    settings.EMAIL_BACKEND = "registration.mail.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    monkeypatch.setattr("registration.mail.folder.Path.mkdir", fail)
    with pytest.raises(CommandError, match="cannot be written") as refusal:
        try_it()
    assert str(tmp_path / "mail") in str(refusal.value) and error.strerror in str(refusal.value)
    assert "EMAIL_URL" in str(refusal.value)
