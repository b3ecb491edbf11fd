"""A provider tells what became of a message: checked and read by anymail, with the same effects as a report."""

import base64
import hashlib
import hmac
import json

import pytest
from django.urls import reverse

from registration.bounces import effects
from registration.mail import marks
from registration.mail.message import compose, message_id
from registration.models import MailState, UnreachableAddress

pytestmark = pytest.mark.django_db
SECRET = "placard:a-long-random-password"


@pytest.fixture
def postmark(settings):
    settings.MAIL_WEBHOOK_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def tell(client, payload, *, provider="postmark", secret=SECRET):
    known = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
    content = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    client.raise_request_exception = False
    return client.post(reverse("registration:webhook", args=[provider]), content, "application/json", **known)


def bounce(mail, **values):
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "MessageID": "11111111-2222",
        "Email": mail.to,
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 <litia@example.org>: user unknown",
        "BouncedAt": "2024-01-01T00:00:00Z",
        "Metadata": {"placard": marks.mark_of(mail)},
    } | values


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def test_a_bounce_takes_effect_once(client, write, postmark):
    mail = write()
    assert tell(client, bounce(mail)).status_code == 200
    assert tell(client, bounce(mail)).status_code == 200
    assert (state_of(mail), mail.provider_id) == (MailState.BOUNCED, "11111111-2222")
    row = UnreachableAddress.objects.get()
    assert (row.email, row.mail) == ("litia@example.org", mail)
    assert "@" not in row.answer
    assert mail.events.count() == 1


def test_delivered_is_told(client, write, postmark):
    mail = write()
    tell(client, bounce(mail, RecordType="Delivery", Details="smtp;250 ok"))
    assert state_of(mail) == MailState.DELIVERED
    assert not UnreachableAddress.objects.exists()


@pytest.mark.parametrize(
    ("values", "state", "is_dead"),
    [
        ({"Type": "Transient", "Details": "smtp;451 4.4.1 later"}, MailState.SENT, False),
        ({"Type": "SoftBounce", "Details": "smtp;552 5.2.2 mailbox full"}, MailState.BOUNCED, False),
        ({"Type": "HardBounce", "Details": ""}, MailState.BOUNCED, True),
        ({"Type": "Blocked", "Details": ""}, MailState.BOUNCED, False),
        ({"Type": "BadEmailAddress", "Details": ""}, MailState.BOUNCED, True),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, MailState.DELIVERED, True),
        ({"Type": "AutoResponder"}, MailState.SENT, False),
        ({"RecordType": "Open"}, MailState.SENT, False),
    ],
)
def test_each_kind_of_event_means_what_it_says(client, write, postmark, values, state, is_dead):
    mail = write()
    assert tell(client, bounce(mail, **values)).status_code == 200
    assert state_of(mail) == state
    assert UnreachableAddress.objects.exists() is is_dead


def test_a_mark_without_proof_is_of_no_message(client, write, postmark):
    mail = write()
    assert tell(client, bounce(mail, Metadata={"placard": f"{mail.pk}.{'0' * 24}"})).status_code == 200
    assert tell(client, bounce(mail, Metadata="placard")).status_code in (200, 400)
    assert state_of(mail) == MailState.SENT


def test_later_events_are_known_by_the_number_of_the_provider(client, write, postmark):
    mail = write()
    tell(client, bounce(mail, RecordType="Delivery"))
    tell(client, bounce(mail, Metadata={}))
    assert state_of(mail) == MailState.BOUNCED


@pytest.mark.parametrize("secret", ["", "placard:wrong-password-of-some-length", "nonsense"])
def test_without_the_secret_nothing_is_taken_in(client, write, postmark, secret):
    mail = write()
    assert tell(client, bounce(mail), secret=secret).status_code == 400
    assert state_of(mail) == MailState.SENT


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", b"\xff", '{"RecordType": ["a"]}'])
def test_what_no_provider_sends_is_refused_and_never_a_fault(client, postmark, content):
    assert tell(client, content).status_code in (200, 400)


def test_only_the_provider_that_is_set_up_is_heard(client, write, postmark, settings):
    mail = write()
    assert tell(client, bounce(mail), provider="mailjet").status_code == 404
    settings.MAIL_WEBHOOK_PROVIDER = ""
    assert tell(client, bounce(mail)).status_code == 404
    assert state_of(mail) == MailState.SENT


def test_a_provider_named_without_a_secret_is_not_heard(client, write, settings):
    settings.MAIL_WEBHOOK_PROVIDER, settings.ANYMAIL = "postmark", {}
    assert tell(client, bounce(write())).status_code == 404


def test_no_page_is_shown_to_whoever_looks(client, postmark):
    assert client.get(reverse("registration:webhook", args=["postmark"])).status_code == 405


def test_a_fault_of_ours_makes_the_provider_tell_it_again(client, write, postmark, monkeypatch):
    def fault(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr(effects, "apply", fault)
    assert tell(client, bounce(write())).status_code == 500


@pytest.mark.parametrize("content", ["", "{", "[]", "1", '{"signature": 1}', '{"signature": {}, "event-data": []}'])
def test_nor_does_what_mailgun_never_sends_make_a_fault(client, settings, content):
    settings.MAIL_WEBHOOK_PROVIDER = "mailgun"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    assert tell(client, content, provider="mailgun").status_code == 400


# What other providers send: the mark of ours is in their own place for it.


def brevo(mail):
    return {"event": "hard_bounce", "email": mail.to, "ts_epoch": 1, "message-id": "<x@brevo>", "reason": "550 5.1.1",
            "X-Mailin-custom": json.dumps({"placard": marks.mark_of(mail)})}  # fmt: skip


def mailjet(mail):
    return [{"event": "bounce", "email": mail.to, "time": 1, "MessageID": 5, "hard_bounce": True, "blocked": False,
             "error_related_to": "recipient", "error": "user unknown",
             "Payload": json.dumps({"placard": marks.mark_of(mail)})}]  # fmt: skip


def sparkpost(mail):
    event = {"type": "bounce", "bounce_class": "10", "rcpt_to": mail.to, "timestamp": "1", "transmission_id": "7",
             "raw_reason": "550 5.1.1 user unknown", "rcpt_meta": {"placard": marks.mark_of(mail)}}  # fmt: skip
    return [{"msys": {"message_event": event}}]


@pytest.mark.parametrize("form", [brevo, mailjet, sparkpost], ids=lambda form: form.__name__)
def test_each_provider_is_understood(client, write, settings, form):
    settings.MAIL_WEBHOOK_PROVIDER, settings.ANYMAIL = form.__name__, {"WEBHOOK_SECRET": SECRET}
    mail = write()
    assert tell(client, form(mail), provider=form.__name__).status_code == 200
    assert state_of(mail) == MailState.BOUNCED
    assert UnreachableAddress.objects.exists()


def mailgun(mail, key, **values):
    signed = {"timestamp": "1", "token": "t"}
    signed["signature"] = hmac.new(key.encode(), b"1t", hashlib.sha256).hexdigest()
    data = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "timestamp": 1.0,
        "id": "e",
        "recipient": mail.to,
        "message": {"headers": {"message-id": message_id(mail).strip("<>")}},
        "delivery-status": {"code": 550, "message": "5.1.1 user unknown"},
        **values,
    }
    return {"signature": signed, "event-data": data}


def test_mailgun_keeps_our_message_id_and_signs_what_it_tells(client, write, settings):
    settings.MAIL_WEBHOOK_PROVIDER = "mailgun"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    mail = write()
    assert tell(client, mailgun(mail, "another"), provider="mailgun").status_code == 400
    assert state_of(mail) == MailState.SENT
    assert tell(client, mailgun(mail, "key"), provider="mailgun").status_code == 200
    assert state_of(mail) == MailState.BOUNCED


# What leaves


@pytest.mark.parametrize("provider", sorted(marks.HEADERS))
def test_each_message_carries_the_mark_for_the_provider(write, settings, provider):
    settings.MAIL_WEBHOOK_PROVIDER = provider
    mail = write()
    message = compose(mail, "").message()
    assert marks.mark_of(mail) in message[marks.HEADERS[provider][0]]


def test_without_a_provider_there_is_no_mark_and_no_path_of_its_own(write):
    mail = write()
    message = compose(mail, "")
    assert not {name for name, _wrapped in marks.HEADERS.values()} & set(message.message().keys())
    assert "+" not in message.from_email


def test_readers_see_the_meeting_and_reports_go_to_a_path_of_their_own(write, settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounces@placard.example"
    mail = write()
    message = compose(mail, "")
    assert message.from_email.startswith(f"bounces+{mail.pk}.")
    assert message.message()["From"].startswith(mail.meeting.short_title)
    assert len(message.from_email.partition("@")[0]) <= 64
