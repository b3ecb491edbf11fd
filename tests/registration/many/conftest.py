import pytest
from celery import current_app

from registration.mail.broker import publisher
from tests.registration.mail.conftest import _fresh_lines, sink  # noqa: F401
from tests.registration.mail.processes import Broker


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
    """What was to be announced to a worker; nothing reaches the broker."""
    announced: list[tuple[object, ...]] = []
    monkeypatch.setattr(publisher, "announce", lambda *what: announced.append(what))
    return announced
