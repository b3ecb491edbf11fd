"""What stands in the environment about reports is looked at when a process starts; a wrong value stops it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from registration.bounces.mailbox import Address

SECRET = "placard:abcdefghijklmnopqrst"


@pytest.fixture
def env(monkeypatch):
    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def test_nothing_set_is_nothing_done():
    assert (environment.bounce_address(), environment.mailbox(), environment.webhook()) == ("", "", ("", ""))


@pytest.mark.parametrize(
    "wrong", ["bounces", "@example.org", "a b@example.org", "bounces+x@example.org", "<a@b.org>", "a" * 27 + "@b.org"]
)
def test_the_return_path_is_one_plain_address_with_room_for_a_proof(env, wrong):
    env(MAIL_BOUNCE_ADDRESS=wrong)
    with pytest.raises(ImproperlyConfigured, match="MAIL_BOUNCE_ADDRESS"):
        environment.bounce_address()
    env(MAIL_BOUNCE_ADDRESS="bounces@meetings.example.org")
    assert environment.bounce_address() == "bounces@meetings.example.org"


@pytest.mark.parametrize(
    "wrong", ["pop3://u:geheim@host", "imaps://host/INBOX", "imaps://u@host", "imaps://:geheim@host", "u:geheim@host"]
)
def test_a_mailbox_that_cannot_be_read_stops_the_start_without_telling_its_password(env, wrong):
    env(MAIL_BOUNCE_MAILBOX=wrong)
    with pytest.raises(ImproperlyConfigured, match="MAIL_BOUNCE_MAILBOX") as stopped:
        environment.mailbox()
    assert "geheim" not in str(stopped.value)


def test_an_address_of_a_mailbox_is_taken_apart():
    found = Address.of("imaps://bounces%40example.org:p%2F%3Aw@mail.example.org/Reports%2F2024")
    assert (found.user, found.password, found.port) == ("bounces@example.org", "p/:w", 993)
    assert (found.host, found.folder) == ("mail.example.org", "Reports/2024")
    assert Address.of("imap+tls://a:b@host").port == 143
    assert Address.of("imap://a:b@host:1143/").folder == "INBOX"


@pytest.mark.parametrize(
    ("provider", "secret", "named"),
    [
        ("sendgrid", SECRET, "MAIL_WEBHOOK_PROVIDER"),
        ("postmark", "", "MAIL_WEBHOOK_SECRET"),
        ("postmark", "short:short", "MAIL_WEBHOOK_SECRET"),
        ("postmark", "abcdefghijklmnopqrstuvwxyz", "MAIL_WEBHOOK_SECRET"),
        ("", SECRET, "MAIL_WEBHOOK_PROVIDER"),
        ("mailgun", SECRET, "MAIL_WEBHOOK_SIGNING_KEY"),
    ],
)
def test_a_webhook_needs_a_known_provider_and_a_secret_worth_the_name(env, provider, secret, named):
    env(MAIL_WEBHOOK_PROVIDER=provider, MAIL_WEBHOOK_SECRET=secret)
    with pytest.raises(ImproperlyConfigured, match=named):
        environment.webhook()


def test_a_provider_with_a_secret_is_heard(env):
    env(MAIL_WEBHOOK_PROVIDER="Postmark", MAIL_WEBHOOK_SECRET=SECRET)
    assert environment.webhook() == ("postmark", SECRET)
