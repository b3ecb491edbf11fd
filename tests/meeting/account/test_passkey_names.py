"""A passkey can be called otherwise by its owner, and by nobody else."""

import pytest

from meeting.models import AuditEntry, Passkey
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def key_of(user, name="Phone"):
    return Passkey.objects.create(user=user, name=name, credential_id=f"{user.pk}-{name}".encode(), public_key=b"x")


def rename(door, key, name):
    door.post(f"/admin/account/passkeys/{key.pk}/rename/", name=name)
    key.refresh_from_db()
    return key.name


def test_its_owner_renames_it_and_the_history_says_that(owner, inside):
    key = key_of(owner)
    assert f"/admin/account/passkeys/{key.pk}/rename/" in inside.get("/admin/account/").content.decode()
    assert rename(inside, key, "  Key ring ") == "Key ring"
    assert AuditEntry.objects.get(detail={"what": "passkey_renamed"}).by == owner
    assert "“Key ring”" in inside.get("/admin/account/").content.decode()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_is_none_changes_nothing_and_is_told(owner, inside, name):
    assert rename(inside, key_of(owner), name) == "Phone"
    assert "Give the passkey a name" in inside.get("/admin/account/").content.decode()


def test_the_same_name_is_no_line_of_the_history(owner, inside):
    rename(inside, key_of(owner), "Phone")
    assert not AuditEntry.objects.filter(detail__what="passkey_renamed").exists()


def test_somebody_elses_stays_as_it_is(inside):
    assert rename(inside, key_of(UserFactory()), "Mine") == "Phone"
