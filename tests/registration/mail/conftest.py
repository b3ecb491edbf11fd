import pytest
from celery import current_app

from registration.mail import pacing
from registration.mail.broker import publisher
from registration.mail.postbox import postbox
from tests.smtp_sink import Sink

from .processes import Broker
from .scripted import Scripted


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
def scripted(settings):
    """A mail server that misbehaves step by step, with a password of ours."""
    with Scripted() as server:
        settings.EMAIL_BACKEND = "registration.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "placard", "secret"
        settings.EMAIL_TIMEOUT = 1
        yield server


@pytest.fixture
def broker(tmp_path_factory, monkeypatch):
    """A broker of this test's own, which this process publishes to."""
    broker = Broker(tmp_path_factory.mktemp("b"))
    broker.start()
    monkeypatch.setattr(current_app.conf, "broker_url", broker.url.replace("unix://", "redis+socket://"))
    _forget_connections()
    yield broker
    broker.crash()
    _forget_connections()


def _forget_connections():
    current_app._pool = None
    current_app.amqp._producer_pool = None


@pytest.fixture
def unannounced(monkeypatch):
    """The ids that were to be announced to a worker; nothing reaches the broker."""
    announced: list[int] = []
    monkeypatch.setattr(publisher, "send_mail", announced.append)
    return announced
