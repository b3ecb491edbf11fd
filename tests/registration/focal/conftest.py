import pytest

from registration.models import FocalPoint, MailedKey
from tests.factories import DelegationFactory, UserFactory
from tests.registration.mail.conftest import _fresh_lines, sink

__all__ = ["_fresh_lines", "sink"]  # fixtures: a mail server of this test's own


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Answers to those who ask for a link come as soon as they are ready."""
    monkeypatch.setattr("registration.focal.signing_in.ANSWER_SECONDS", 0)


@pytest.fixture
def delegation(db):
    return DelegationFactory()


@pytest.fixture
def litia(delegation):
    """The focal point of `delegation`."""
    user = UserFactory(email="litia@mission.example", name="Litia", is_staff=False)
    user.set_unusable_password()
    user.save()
    FocalPoint.objects.create(delegation=delegation, user=user)
    return user


@pytest.fixture
def signed_in(client):
    """`signed_in(user)`: a browser in which this focal point has followed a link."""

    def go(user):
        response = client.post(f"/delegations/enter/{MailedKey.objects.issue(user=user)}/")
        assert response.status_code == 302
        return client

    return go
