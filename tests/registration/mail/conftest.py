import pytest

from registration.mail import pacing
from registration.mail.broker import publisher
from registration.mail.postbox import postbox
from tests.smtp_sink import Sink


@pytest.fixture(autouse=True)
def _fresh_lines():
    """No line to an earlier test's mail server, and no pause because an earlier test's broker was away."""
    postbox.close()
    publisher.quiet_until = 0.0
    postbox.shut_until = 0.0
    pacing.known.forget()
    yield
    postbox.close()


@pytest.fixture
def sink(settings):
    """A mail server of this test's own, and settings that use it."""
    with Sink() as sink:
        settings.EMAIL_BACKEND = "registration.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_TIMEOUT = 3
        yield sink


@pytest.fixture
def unannounced(monkeypatch):
    """The ids that were to be announced to a worker; nothing reaches the broker."""
    announced: list[int] = []
    monkeypatch.setattr(publisher, "send_mail", announced.append)
    return announced
