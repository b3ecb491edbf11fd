"""A connection that was checked a moment ago is trusted, unless the server has said goodbye since."""

import time

import pytest
from django.db import connection, connections


@pytest.fixture
def fresh(django_db_blocker):
    """A connection of the test's own, to the same database."""
    with django_db_blocker.unblock():
        copy = connection.copy()
        copy.connect()
        yield copy
        copy.close()


def test_a_checked_connection_is_not_asked_again_at_once(fresh):
    assert fresh.is_usable()
    checked = fresh.checked_at
    assert fresh.is_usable()
    assert fresh.checked_at == checked


def test_after_a_while_it_is_asked(fresh):
    fresh.checked_at = time.monotonic() - 10
    assert fresh.is_usable()
    assert time.monotonic() - fresh.checked_at < 5


@pytest.mark.django_db
def test_a_server_that_hung_up_is_noticed_at_once(fresh):
    assert fresh.is_usable()
    pid = fresh.connection.info.backend_pid
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not fresh.is_usable()
