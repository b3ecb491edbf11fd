"""A code is worth one sign-in, a link is worth one password, and a reset takes everything away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from meeting.account import factors, totp
from meeting.models import AuditEntry, AuthenticatorApp, RecoveryCode, User
from tests.factories import UserFactory
from tests.meeting.account.conftest import PASSWORD, Door, now_shown

pytestmark = pytest.mark.django_db
# RFC 6238, appendix B: the last six of its eight digits.
VECTORS = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(second, code):
    assert totp.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", second // 30) == code


def test_codes_of_half_a_minute_before_and_after_are_taken_and_no_others():
    secret = totp.new_secret()
    found = [totp.matching_step(secret, totp.code(secret, step), now=3000) for step in range(97, 104)]
    assert found == [None, None, 99, 100, 101, None, None]


def test_digits_of_every_script_are_digits():
    assert totp.digits("٠١٢ ३४५") == "012345"


def test_a_code_opens_once(owner, secret):
    first, second = Door(), Door("198.51.100.9")
    code = now_shown(secret)
    for door in (first, second):
        door.password(owner.email)
        door.code(code)
    assert (first.is_inside(), second.is_inside()) == (True, False)


def test_a_recovery_code_opens_once_however_it_is_typed(owner, codes):
    first, second = Door(), Door("198.51.100.9")
    for door, typed in ((first, codes[0].upper()), (second, codes[0].replace("-", " "))):
        door.password(owner.email)
        door.code(typed)
    assert (first.is_inside(), second.is_inside()) == (True, False)
    assert factors.codes_left(owner) == 9


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_recovery_code_one_gets_in(owner, codes):
    def prove(_):
        try:
            return factors.proves(owner, codes[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(prove, range(4))) == ["", "", "", "recovery_code"]


def test_codes_are_stored_as_digests_and_the_secret_sealed(owner, codes, secret):
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    with connection.cursor() as cursor:
        cursor.execute("select secret::text from meeting_authenticatorapp")
        assert secret not in cursor.fetchone()[0]


def by_command(owner):
    call_command("reset_second_factor", owner.email.upper())


def by_an_administrator(owner):
    root = User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    secret = totp.new_secret()
    AuthenticatorApp.objects.create(user=root, secret=secret)
    door = Door("198.51.100.9")
    door.password(root.email)
    door.code(now_shown(secret))
    answer = door.post("/admin/meeting/user/", action="reset_second_factor", _selected_action=[owner.pk])
    assert answer["Location"] == "/admin/meeting/user/"
    assert AuditEntry.objects.get(detail={"what": "factors_reset"}).by == root


@pytest.mark.parametrize("reset", [by_command, by_an_administrator])
def test_a_reset_takes_everything_and_signs_out(owner, codes, secret, required, reset):
    door = Door()
    door.password(owner.email)
    door.code(now_shown(secret))
    assert door.is_inside()
    reset(owner)
    assert not door.is_inside()
    assert not factors.has_any(owner) and not factors.codes_left(owner)
    assert AuditEntry.objects.filter(about=owner.email, detail={"what": "factors_reset"}).exists()
    assert door.password(owner.email)["Location"] == "/admin/account/set-up/"


def test_only_administrators_reset(owner, inside):
    other = UserFactory()
    factors.new_codes(other)
    answer = inside.post("/admin/meeting/user/", action="reset_second_factor", _selected_action=[other.pk])
    assert answer.status_code == 403
    assert factors.codes_left(other) == 10


def test_the_command_knows_whom_it_does_not_know(db):
    with pytest.raises(CommandError, match="No member of staff"):
        call_command("reset_second_factor", "nobody@example.org")


def test_the_last_factor_stays_where_one_is_required(owner, secret, required):
    door = Door()
    door.password(owner.email)
    door.code(now_shown(secret))
    door.post("/admin/account/app/remove/")
    assert factors.app_of(owner)


def test_elsewhere_it_goes_and_the_codes_with_it(owner, codes, secret):
    door = Door()
    door.password(owner.email)
    door.code(now_shown(secret))
    door.post("/admin/account/app/remove/")
    assert not factors.app_of(owner) and not factors.codes_left(owner)


def test_factors_change_only_after_the_password_once_more(owner, inside, secret):
    session = inside.client.session
    session["staff"] = session["staff"] | {"confirmed": 0}
    session.save()
    for path in ("app/remove/", "codes/", "passkeys/1/remove/"):
        assert inside.post(f"/admin/account/{path}")["Location"].startswith("/admin/account/confirm/")
    for path in ("app/", "passkeys/new/", "set-up/"):
        assert inside.get(f"/admin/account/{path}")["Location"].startswith("/admin/account/confirm/")
    assert factors.app_of(owner)
    inside.post("/admin/account/confirm/", password="wrong", next="/admin/account/app/")
    assert inside.get("/admin/account/app/").status_code == 302
    answer = inside.post("/admin/account/confirm/", password=PASSWORD, next="/admin/account/app/")
    assert answer["Location"] == "/admin/account/app/"
    assert inside.get("/admin/account/app/").status_code == 200
