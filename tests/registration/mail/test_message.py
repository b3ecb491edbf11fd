"""What goes over the wire: headers that programs act on, and placeholders filled at the last moment."""

import re

import pytest

from registration import texts
from registration.mail import outbox
from registration.mail.links import PLACEHOLDER, STOP
from registration.mail.message import compose
from registration.models import Status
from tests.factories import RegistrationFactory

pytestmark = pytest.mark.django_db
WORDS = texts.Words("Hotels", "Hotels", "Rooms are kept for {{ name }}.")


def written(kind, language="en", **values):
    registration = RegistrationFactory(status=Status.APPROVED, language=language)
    return outbox.queue(kind, registration, key=f"{kind}-1", values=values)


def bodies(message):
    return [message.body, message.alternatives[0].content]


def test_a_message_to_many_can_be_stopped_from_the_mail_program_and_from_its_text(unannounced, client):
    mail = written("campaign", words=WORDS)
    assert STOP in mail.text and STOP in mail.html
    message = compose(mail, "r/key")
    address = re.fullmatch(r"<(https?://.+)>", message.extra_headers["List-Unsubscribe"])[1]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in bodies(message):
        assert address in body
        assert STOP not in body and PLACEHOLDER not in body
    assert client.get(address.partition("localhost:8000")[2]).status_code == 200


def test_what_concerns_the_registration_itself_cannot_be_stopped(unannounced):
    message = compose(written("approved"), "r/key")
    assert "List-Unsubscribe" not in message.extra_headers
    assert "Stop such messages" not in "".join(bodies(message))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_programs_see_that_a_machine_wrote_it_and_in_which_language(language, unannounced):
    mail = written("approved", language)
    headers = compose(mail, "r/key").extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == language
    assert headers["Message-ID"] == compose(mail, "r/another").extra_headers["Message-ID"]


def test_a_long_name_stays_within_what_a_header_may_be(unannounced):
    registration = RegistrationFactory(status=Status.APPROVED, display_name="Ñ" * 200, given_names="Ñ" * 100)
    registration.meeting.short_title = "Ж" * 80
    registration.meeting.save()
    raw = compose(outbox.queue("approved", registration, key="long"), "r/key").message().as_bytes()
    head = raw.split(b"\n\n")[0]
    assert max(len(line) for line in head.splitlines()) <= 998
