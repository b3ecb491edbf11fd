"""Delivery over a real SMTP conversation: what the server says decides what becomes of the message."""

import asyncio
import datetime
import socket
from concurrent.futures import ThreadPoolExecutor

import icalendar
import pytest
from django.db import connection
from django.utils import timezone

from registration.mail import calendar, links, outbox, pacing
from registration.mail.folder import EmailBackend as FolderBackend
from registration.mail.postbox import postbox
from registration.mail.verdict import WAITS, Verdict
from registration.models import AccessKey, DomainPace, MailState, OutgoingMail, Status
from tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]


def queued(kind="submitted", key="event-1", **values):
    return outbox.queue(kind, RegistrationFactory(status=kind, **values), key=key, with_calendar=kind == "approved")


def reloaded(mail):
    return OutgoingMail.objects.get(pk=mail.pk)


def key_in(message) -> str:
    text = message.get_body(("plain",)).get_content()
    return text.partition("/r/")[2].partition("/")[0]


def make_due(mail):
    """Whatever it waits for is over."""
    DomainPace.objects.all().delete()
    pacing.known.forget()
    postbox.shut_until = 0
    OutgoingMail.objects.filter(pk=mail.pk).update(not_before=timezone.now())


def test_delivered_message_is_complete(sink):
    mail = queued("approved", delegation__category__meeting__short_title='Meeting: "EAP"', email="delegate@example.org")
    assert outbox.deliver(mail.pk) == MailState.SENT
    (message,) = sink.messages
    assert sink.recipients == ["delegate@example.org"]
    assert message["To"] == "delegate@example.org"
    assert message["Subject"] == mail.subject
    assert message["Reply-To"] == "secretariat@example.org"
    assert message["From"].addresses[0].display_name == "Meeting EAP"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert reloaded(mail).sent_at is not None


def test_private_link_is_made_at_delivery_and_only_its_hash_is_kept(sink, settings):
    mail = queued()
    outbox.deliver(mail.pk)
    (message,) = sink.messages
    key = key_in(message)
    assert AccessKey.objects.find(key).registration_id == mail.registration_id
    assert f'href="{settings.SITE_URL}/r/{key}/"' in message.get_body(("html",)).get_content()
    assert links.PLACEHOLDER in reloaded(mail).text
    assert key not in reloaded(mail).text + reloaded(mail).html


def test_private_link_leads_to_the_page(sink, client):
    outbox.deliver(queued().pk)
    assert client.get(f"/r/{key_in(sink.messages[0])}/").status_code == 200


def test_sent_message_is_not_sent_again(sink):
    mail = queued()
    outbox.deliver(mail.pk)
    assert outbox.deliver(mail.pk) is None
    assert len(sink.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends(sink):
    mail = queued()

    def work(_):
        try:
            return outbox.deliver(mail.pk)
        finally:
            postbox.close()
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(work, range(6)))
    assert results.count(MailState.SENT) == 1
    assert results.count(None) == 5
    assert len(sink.messages) == 1


def test_message_id_stays_the_same_for_every_attempt(sink):
    mail = queued()
    sink.drop("content")
    outbox.deliver(mail.pk)
    sink.accept()
    outbox.send_again(mail.pk)
    outbox.deliver(mail.pk)
    first, second = sink.messages
    assert first["Message-ID"] == second["Message-ID"]
    outbox.deliver(queued(key="event-2").pk)
    assert sink.messages[2]["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize("refuse", ["refuse_recipients", "refuse_content"])
def test_not_now_means_later_and_a_new_link(sink, refuse):
    mail = queued(email="delegate@example.org")
    getattr(sink, refuse)("451 4.7.1 Greylisted, <delegate@example.org> comes back later")
    before = timezone.now()
    assert outbox.deliver(mail.pk) == MailState.QUEUED
    waiting = reloaded(mail)
    assert waiting.not_before > before + datetime.timedelta(seconds=10)
    assert waiting.last_error == "451 4.7.1 Greylisted, <***> comes back later"
    assert outbox.deliver(mail.pk) is None, "not due yet"
    assert AccessKey.objects.filter(revoked_at=None).count() == 0, "nobody has received the first link"

    sink.accept()
    make_due(mail)
    assert outbox.deliver(mail.pk) == MailState.SENT
    assert AccessKey.objects.filter(revoked_at=None).count() == 1
    assert AccessKey.objects.find(key_in(sink.messages[0])) is not None


@pytest.mark.parametrize("refuse", ["refuse_recipients", "refuse_content"])
def test_never_means_never(sink, refuse):
    mail = queued(email="delegate@example.org")
    getattr(sink, refuse)("550 5.1.1 No mailbox delegate@example.org here")
    assert outbox.deliver(mail.pk) == MailState.FAILED
    assert reloaded(mail).last_error == "550 5.1.1 No mailbox *** here"
    assert AccessKey.objects.filter(revoked_at=None).count() == 0
    sink.accept()
    assert outbox.deliver(mail.pk) is None
    assert sink.messages == []


def test_answer_is_cut(sink):
    mail = queued()
    sink.refuse_recipients("550 " + "x" * 400)
    outbox.deliver(mail.pk)
    assert len(reloaded(mail).last_error) == 300


def test_lost_after_the_server_took_it_waits_for_a_human(sink):
    mail = queued()
    sink.drop("content")
    assert outbox.deliver(mail.pk) == MailState.STUCK
    assert AccessKey.objects.find(key_in(sink.messages[0])) is not None, "the link may have been received"
    sink.accept()
    OutgoingMail.objects.update(not_before=timezone.now() - datetime.timedelta(days=1))
    assert outbox.deliver(mail.pk) is None
    assert outbox.sweep() == 0
    assert len(sink.messages) == 1


def test_lost_before_the_server_took_it_is_tried_again(sink):
    mail = queued()
    sink.drop("mail")
    assert outbox.deliver(mail.pk) == MailState.QUEUED
    assert sink.messages == []


def test_lost_between_data_and_the_text_is_tried_again(sink, settings):
    with socket.create_server((sink.host, 0)) as listener, ThreadPoolExecutor(1) as pool:
        settings.EMAIL_PORT = listener.getsockname()[1]
        pool.submit(_hang_up_on_data, listener)
        assert outbox.deliver(queued().pk) == MailState.QUEUED


def _hang_up_on_data(listener):
    line, _address = listener.accept()
    with line, line.makefile("rwb", buffering=0) as talk:
        talk.write(b"220 ready\r\n")
        for command in talk:
            if command.upper().startswith(b"DATA"):
                return
            talk.write(b"250 fine\r\n")


def test_silent_server_is_tried_again(sink, settings):
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server((sink.host, 0)) as deaf:
        settings.EMAIL_PORT = deaf.getsockname()[1]
        assert outbox.deliver(queued().pk) == MailState.QUEUED


def test_server_that_falls_silent_after_the_text_is_unclear(sink, settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 0.3
    monkeypatch.setattr(sink.handler, "handle_DATA", _slow_answer)
    assert outbox.deliver(queued().pk) == MailState.STUCK


async def _slow_answer(server, session, envelope):
    await asyncio.sleep(1)
    return "250 OK"


def test_server_away_for_a_while(sink):
    mail = queued()
    sink.stop()
    assert outbox.deliver(mail.pk) == MailState.QUEUED
    assert "ConnectionRefusedError" in reloaded(mail).last_error
    sink.start()
    make_due(mail)
    assert outbox.deliver(mail.pk) == MailState.SENT


def test_server_away_for_good_is_given_up_after_ten_attempts_with_growing_delays(sink):
    mail = queued()
    sink.stop()
    delays = []
    for _ in range(len(WAITS[Verdict.AWAY])):
        make_due(mail)
        assert outbox.deliver(mail.pk) == MailState.QUEUED
        delays.append(reloaded(mail).not_before - timezone.now())
    assert delays == sorted(delays)
    assert delays[0] < datetime.timedelta(seconds=20) and delays[-1] > datetime.timedelta(hours=20)
    make_due(mail)
    assert outbox.deliver(mail.pk) == MailState.FAILED
    assert reloaded(mail).attempts == 10


def test_wrong_password_of_ours_loses_no_mail(sink):
    mail = queued()
    sink.refuse_recipients("530 5.7.0 Authentication required")
    assert outbox.deliver(mail.pk) == MailState.QUEUED


def test_address_with_a_line_break_never_reaches_a_server(sink):
    mail = queued()
    OutgoingMail.objects.update(to="a@example.org\r\nBcc: b@example.org")
    assert outbox.deliver(mail.pk) == MailState.FAILED
    assert sink.messages == []


def test_fault_of_ours_is_tried_again_and_tells_no_values(sink, monkeypatch):
    def broken(meeting, language):
        raise ValueError("delegate@example.org")

    monkeypatch.setattr(calendar, "attachment", broken)
    mail = queued("approved")
    assert outbox.deliver(mail.pk) == MailState.QUEUED
    assert reloaded(mail).last_error == "ValueError"


def test_human_sends_a_stuck_message_again(sink, unannounced, django_capture_on_commit_callbacks):
    mail = queued()
    sink.drop("content")
    outbox.deliver(mail.pk)
    sink.accept()
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.send_again(mail.pk)
    assert unannounced == [mail.pk]
    assert outbox.deliver(mail.pk) == MailState.SENT
    assert not outbox.send_again(mail.pk), "a sent message is done"


def test_one_connection_carries_many_messages(sink):
    for n in range(5):
        outbox.deliver(queued(key=f"event-{n}").pk)
    assert len(sink.messages) == 5
    assert sink.connections == 1


def test_line_that_was_idle_too_long_is_opened_anew(sink, monkeypatch):
    outbox.deliver(queued(key="event-1").pk)
    monkeypatch.setattr("registration.mail.postbox.MAX_IDLE", 0)
    outbox.deliver(queued(key="event-2").pk)
    assert sink.connections == 2


def test_server_that_hung_up_on_an_idle_line_costs_no_attempt(sink):
    outbox.deliver(queued(key="event-1").pk)
    sink.stop()
    sink.start()
    mail = queued(key="event-2")
    assert outbox.deliver(mail.pk) == MailState.SENT
    assert reloaded(mail).attempts == 1


def test_delivery_costs_few_queries(sink, django_assert_num_queries):
    registration = RegistrationFactory(status=Status.APPROVED)
    first, second = (
        outbox.queue("approved", registration, key=f"event-{n}", with_calendar=True) for n in range(2)
    )  # fmt: skip
    outbox.deliver(first.pk)  # reads the meeting
    with django_assert_num_queries(5):  # savepoint, claim, key, release, settle
        outbox.deliver(second.pk)


def test_mail_into_a_folder_is_one_file_a_message(settings, tmp_path):
    settings.EMAIL_BACKEND = f"{FolderBackend.__module__}.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    for n in range(2):
        assert outbox.deliver(queued(key=f"event-{n}").pk) == MailState.SENT
    files = list((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert {file.suffix for file in files} == {".eml"}
    assert {oct(file.stat().st_mode)[-3:] for file in files} == {"600"}


def test_calendar_opens_with_the_meetings_days(sink):
    registration = RegistrationFactory(status=Status.APPROVED)
    mail = outbox.queue("approved", registration, key="event-1", with_calendar=True)
    outbox.deliver(mail.pk)
    part = next(part for part in sink.messages[0].walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == f"{registration.meeting.slug}.ics"
    file = icalendar.Calendar.from_ical(part.get_content())
    (event,) = file.walk("VEVENT")
    assert file["METHOD"] == "PUBLISH"
    assert event.decoded("dtstart") == datetime.date(2008, 9, 18)
    assert event.decoded("dtend") == datetime.date(2008, 9, 20)
    assert event["UID"].startswith(f"meeting-{registration.meeting.slug}@")
    assert [str(zone["TZID"]) for zone in file.walk("VTIMEZONE")] == ["Asia/Bangkok"]


def test_calendar_follows_a_change_of_the_meeting():
    registration = RegistrationFactory()
    meeting = registration.meeting
    assert "20080920" in calendar.attachment(meeting, "en").get_payload(decode=True).decode()
    meeting.ends_on = datetime.date(2008, 9, 22)
    meeting.save()
    assert "20080923" in calendar.attachment(meeting, "en").get_payload(decode=True).decode()
