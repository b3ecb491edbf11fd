"""Who guesses is slowed; who owns the account gets in all the same."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from meeting.account import links, throttle
from meeting.models import FailedSignIn
from tests.meeting.account.conftest import PASSWORD, Door, now_shown

pytestmark = pytest.mark.django_db


def a_thousand_failures(email: str, step=FailedSignIn.Step.PASSWORD) -> None:
    """Each from a network of its own, in the last ten minutes."""
    now = timezone.now()
    FailedSignIn.objects.bulk_create(
        FailedSignIn(
            step=step,
            account=throttle.digest(email),
            network=f"10.0.{n // 250}.{n % 250}",
            at=now - datetime.timedelta(seconds=n / 2),
        )
        for n in range(1000)
    )


def test_the_owner_gets_in_where_they_were_before(owner, inside):
    inside.post("/admin/logout/")
    a_thousand_failures(owner.email)
    inside.password(owner.email)
    assert inside.is_inside()


def test_elsewhere_the_owner_waits_and_is_told_of_the_mailed_link_which_lets_them_in(owner):
    a_thousand_failures(owner.email)
    door = Door("198.51.100.9")
    answer = door.password(owner.email)
    assert answer.status_code == 429
    assert "Password forgotten?" in answer.content.decode()
    new = "eight herons over a still lagoon"
    answer = door.post(links.set_password_link(owner, "password_reset"), password=new, again=new)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    door.password(owner.email, new)
    assert door.is_inside()


def test_failures_at_one_account_stop_no_other(owner, inside):
    a_thousand_failures("somebody.else@mission.example")
    door = Door("198.51.100.9")
    door.password(owner.email)
    assert door.is_inside()


def test_of_a_thousand_tries_in_an_hour_few_are_looked_at(owner, rf):
    start, looked_at = timezone.now(), 0
    for n in range(1000):
        request = rf.post("/admin/login/", REMOTE_ADDR=f"10.1.{n // 250}.{n % 250}")
        with time_machine.travel(start + datetime.timedelta(seconds=n * 3.6), tick=False):
            try:
                throttle.begin(request, throttle.Step.PASSWORD, owner.email, "")
            except throttle.MustWait:
                continue
        looked_at += 1
    assert 10 < looked_at < 35


def test_one_network_tries_ten_passwords_of_an_account(owner):
    door = Door()
    answers = [door.password(owner.email, "wrong").status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert door.password(owner.email).status_code == 429  # the right one is not looked at either


def test_a_known_browser_has_its_own_count(owner, inside):
    inside.post("/admin/logout/")
    assert [inside.password(owner.email, "wrong").status_code for _ in range(21)] == [200] * 20 + [429]


def test_a_copied_word_of_another_account_makes_no_browser_known(owner, inside):
    door = Door("198.51.100.9")
    door.client.cookies["known_browser"] = inside.client.cookies["known_browser"].value + "x"
    a_thousand_failures(owner.email)
    assert door.password(owner.email).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_no_more_than_many_after_each_other(owner, rf):
    def one(n: int) -> bool:
        try:
            throttle.begin(rf.post("/", REMOTE_ADDR="10.9.9.9"), throttle.Step.PASSWORD, owner.email, "")
        except throttle.MustWait:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(60))) <= 10


def test_five_codes_then_from_the_beginning(owner, secret):
    door = Door()
    door.password(owner.email)
    for _ in range(4):
        assert door.code("000000").status_code == 200
    assert door.code("000000")["Location"].startswith("/admin/login/")
    door.password(owner.email)
    assert door.code(now_shown(secret)).status_code == 429
    assert not door.is_inside()


def test_what_was_typed_is_kept_nowhere(owner):
    Door().password("nobody@mission.example", PASSWORD)
    row = FailedSignIn.objects.get()
    assert "nobody" not in str(row.__dict__) and PASSWORD not in str(row.__dict__)


@pytest.mark.parametrize("letter", ["\N{LATIN SMALL LETTER DOTLESS I}", "I"])
def test_letters_that_the_database_takes_for_the_same_make_no_second_count(owner, letter):
    type(owner).objects.filter(pk=owner.pk).update(email="rita@mission.example")
    for n in range(10):
        Door(f"198.51.100.{n}").password("rita@mission.example", "wrong")
    assert Door("198.51.100.99").password(f"r{letter}ta@mission.example", "wrong").status_code == 429
