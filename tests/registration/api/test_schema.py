"""The OpenAPI document, and whatever it allows sent to the real application with a real database."""

import datetime

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from registration.api import limits, tokens
from registration.versions import publishing
from registration.versions.making import make
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory
from tests.registration.participants.making import person, state

DOCUMENT = "/api/v1/openapi.json"
PATHS = ["/api/v1/meetings/{slug}/participants", "/api/v1/meetings/{slug}/attendees"]


@pytest.fixture
def api(transactional_db, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 10_000)
    cache.clear()
    meeting = MeetingFactory(slug="ours")
    person(state(CategoryFactory(meeting=meeting, code="MEM", kinds=["state"]), "FJI", en="Fiji"))
    organiser = StaffRoleFactory(meeting=meeting).user
    publishing.publish(make(meeting, "final", ["en", "fr"], by=organiser), by=organiser)
    until = timezone.now() + datetime.timedelta(days=1)
    made = tokens.make(meeting, name="n", purpose="p", fields=["name"], expires_at=until, by=organiser)
    monkeypatch.setattr(tokens, "find", lambda token: made[0] if token else None)  # some of what is sent is let in
    return schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())


@pytest.mark.parametrize("path", PATHS)
def test_it_keeps_its_contract_whatever_is_sent(api, path):
    """Answers have the documented statuses and shapes, and nothing that is sent is a fault of ours."""

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=api[path]["GET"].as_strategy())
    def send(case):
        case.call_and_validate()

    send()


def test_the_document_names_what_there_is(client, db):
    document = client.get(DOCUMENT).json()
    assert list(document["paths"]) == PATHS  # each of them is sent whatever it allows, above
    for path in document["paths"].values():
        assert set(path) == {"get"}  # nothing writes


def test_there_is_no_page_that_loads_scripts(client, db):
    assert client.get("/api/v1/docs").status_code == 404
