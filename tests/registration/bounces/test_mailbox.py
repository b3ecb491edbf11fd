"""The mailbox for reports, over a real IMAP conversation; and the same from a mail server's pipe."""

import io
import socket
import sys
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import OperationalError

from registration import tasks
from registration.bounces import effects, mailbox
from registration.models import MailState
from tests.imap_server import PASSWORD, USER, ImapServer
from tests.registration.bounces import samples

pytestmark = pytest.mark.django_db
DONE, FOR_A_PERSON = {r"\Answered", r"\Seen"}, {r"\Flagged"}


@pytest.fixture(scope="module")
def server():
    with ImapServer() as server:
        yield server


@pytest.fixture
def box(server, settings):
    """An empty mailbox, and settings that name it."""
    with server.opened() as opened:
        opened.select("INBOX")
        opened.store("1:*", "+FLAGS", r"(\Deleted)")
        opened.expunge()
    address = f"imap://{USER}:{quote(PASSWORD, safe='')}@{server.host}:{server.port}/INBOX"
    settings.MAIL_BOUNCE_MAILBOX = address
    settings.MAIL_BOUNCE_ADDRESS = "bounces@placard.example"
    return server


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def test_reports_are_read_and_marked_and_not_read_again(box, write):
    mail, other = write(), write()
    box.put(samples.postfix(mail))
    box.put(samples.out_of_office(other))
    assert mailbox.read() == 2
    assert (state_of(mail), state_of(other)) == (MailState.BOUNCED, MailState.SENT)
    assert box.flags() == [DONE, DONE]
    assert mailbox.read() == 0


def test_what_a_person_should_see_is_flagged_and_stays_unread(box, write):
    box.put(b"Subject: hello\r\n\r\nPlease call me.\r\n")
    box.put(b"\x00\xff")
    assert mailbox.read() == 2
    assert box.flags() == [FOR_A_PERSON, FOR_A_PERSON]
    assert mailbox.read() == 0


def test_whoever_looks_into_the_mailbox_takes_nothing_away_from_us(box, write):
    mail = write()
    box.put(samples.postfix(mail))
    with box.opened() as opened:
        opened.select("INBOX")
        opened.fetch("1", "(BODY[])")  # a mail program opens it, which marks it as read
    assert mailbox.read() == 1
    assert state_of(mail) == MailState.BOUNCED


def test_a_report_whose_effects_were_not_committed_is_read_again(box, write, monkeypatch):
    mail = write()
    box.put(samples.postfix(mail))

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(effects, "apply", away)
    with pytest.raises(OperationalError):
        mailbox.read()
    assert box.flags() == [set()]
    monkeypatch.undo()
    assert state_of(mail) == MailState.SENT


def test_one_run_reads_so_many_and_the_next_goes_on(box, write, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST", 2)
    for _n in range(3):
        box.put(samples.postfix(write()))
    assert [mailbox.read(), mailbox.read(), mailbox.read()] == [2, 1, 0]


def test_a_run_ends_when_its_time_is_over(box, write, monkeypatch):
    monkeypatch.setattr(mailbox, "SECONDS", -1)
    box.put(samples.postfix(write()))
    assert mailbox.read() == 0


def test_an_enormous_message_is_fetched_only_in_part(box, write, monkeypatch):
    mail = write()
    box.put(samples.postfix(mail).replace(b"\n", b"\r\n") + b"x" * 3_000_000)
    fetched = []
    monkeypatch.setattr(mailbox, "receive", lambda raw: fetched.append(len(raw)) or mailbox.Received.APPLIED)
    mailbox.read()
    assert fetched == [mailbox.LARGEST]


@pytest.mark.parametrize("wrong", ["password", "folder", "port"])
def test_a_mailbox_that_is_away_waits_and_the_log_has_no_password(box, settings, capsys, caplog, wrong):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = taken.getsockname()[1]
        settings.MAIL_BOUNCE_MAILBOX = {
            "password": settings.MAIL_BOUNCE_MAILBOX.replace("pass", "geheim"),
            "folder": settings.MAIL_BOUNCE_MAILBOX.replace("INBOX", "None%22such"),
            "port": f"imap://{USER}:geheim@127.0.0.1:{nobody}/INBOX",
        }[wrong]
        assert mailbox.read() == 0
    assert "geheim" not in capsys.readouterr().out + caplog.text


def test_without_a_mailbox_nothing_is_asked(settings):
    settings.MAIL_BOUNCE_MAILBOX = ""
    assert mailbox.read() == 0


def test_beat_reads_and_lets_go_what_was_held_for_nothing(box, write):
    held = write(MailState.HELD, held_for="address")
    box.put(samples.postfix(write(to="gone@example.org")))
    tasks.read_bounces()
    assert state_of(held) == MailState.QUEUED
    assert box.flags() == [DONE]


# A pipe


def piped(monkeypatch, raw, *arguments):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    told = io.StringIO()
    call_command("receive_bounce", *arguments, stdout=told)
    return told.getvalue().strip()


def test_a_mail_server_pipes_a_report(write, monkeypatch, settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounces@placard.example"
    mail = write()
    raw = samples.postfix(mail, sent_back="Subject: x")
    assert piped(monkeypatch, raw) == "not ours"
    assert piped(monkeypatch, raw, samples.return_path(mail)) == "applied"
    assert piped(monkeypatch, raw, samples.return_path(mail)) == "known"


def test_what_is_piped_is_read_to_its_end_and_kept_in_part(write, monkeypatch):
    raw = samples.postfix(write()) + b"x" * 2_000_000
    stream = io.BytesIO(raw)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    call_command("receive_bounce", stdout=io.StringIO())
    assert stream.read() == b""


def test_a_database_that_is_away_makes_the_mail_server_try_again(write, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(effects, "apply", away)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(samples.postfix(write()))))
    with pytest.raises(SystemExit) as ended:
        call_command("receive_bounce", stderr=io.StringIO())
    assert ended.value.code == 75
