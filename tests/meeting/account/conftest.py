import time

import pytest
from django.test import Client

from meeting.account import factors, totp
from meeting.models import AuthenticatorApp, Role
from tests.factories import MeetingFactory, StaffRoleFactory

PASSWORD = "seven lanterns on a quiet pier"


class Door:
    """A browser of its own, in a network of its own, that knows how to sign in."""

    def __init__(self, network: str = "203.0.113.7") -> None:
        self.client = Client(REMOTE_ADDR=network)
        self.last = None

    def get(self, path: str):
        self.last = self.client.get(path)
        return self.last

    def post(self, path: str, **data):
        self.last = self.client.post(path, data)
        return self.last

    def password(self, email: str, password: str = PASSWORD, **more):
        return self.post("/admin/login/", username=email, password=password, **more)

    def code(self, code: str):
        return self.post("/admin/account/second/", code=code)

    def is_inside(self) -> bool:
        return self.get("/admin/account/").status_code == 200


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="ours")


@pytest.fixture
def owner(meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER, user__email="Ana@mission.example").user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def secret(owner):
    """The secret of the owner's app."""
    made = totp.new_secret()
    AuthenticatorApp.objects.create(user=owner, secret=made)
    return made


@pytest.fixture
def codes(owner, secret):
    return factors.new_codes(owner)


def now_shown(secret: str) -> str:
    return totp.code(secret, int(time.time() // totp.SECONDS))


@pytest.fixture
def inside(owner):
    """A browser in which the owner has signed in, with the password alone."""
    door = Door()
    door.password(owner.email)
    assert door.is_inside()
    return door
