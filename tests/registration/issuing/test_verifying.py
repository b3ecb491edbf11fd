"""The public page: genuine, valid or revoked, for which meeting; and of the person nothing."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from registration import workflow
from registration.issuing import codes, issue, public
from registration.models import IssuedKind

from .conftest import approved, letter_for

Kind = IssuedKind


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    cache.clear()


@pytest.fixture
def letter(person):
    return letter_for(person, Kind.INVITATION)


def page(client, code):
    return client.get(reverse("registration:verify", args=[code]))


def test_a_letter_that_counts_is_genuine_and_valid_for_its_meeting(client, letter):
    answer = page(client, letter.code)
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "Genuine and valid" in words
    assert "Regional Preparatory Meeting" in words
    assert "EAP/2008/INV/0001" in words
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("state", ["valid", "revoked"])
def test_it_tells_nothing_about_the_person(client, delegation, organiser, state):
    secrets = {
        "display_name": "Litia Vunibobo", "given_names": "Litia", "family_name": "Vunibobo", "passport_name": "L V",
        "functional_title": "Permanent Secretary", "department": "Ministry of Women", "organisation": "Lautoka Office",
        "email": "litia@lautoka.example", "phone": "+679 330 0000",
    }  # fmt: skip
    who = approved(delegation=delegation, honorific="H.E. Ms.", **secrets)
    letter = letter_for(who, Kind.INVITATION)
    if state == "revoked":
        issue.revoke(letter.pk, by=organiser, reason="Sent to a stranger")
    words = page(client, letter.code).content.decode()
    told = [*secrets.values(), who.reference, "H.E.", "Fiji", "Members", "stranger", str(organiser)]
    assert [secret for secret in told if secret in words] == []


def test_a_revoked_one_is_genuine_and_says_since_when(client, letter, organiser):
    issue.revoke(letter.pk, by=organiser, reason="Wrong person")
    words = page(client, letter.code).content.decode()
    assert "Genuine, but revoked" in words
    assert "Genuine and valid" not in words
    assert str(timezone.now().astimezone(letter.meeting.zone).year) in words


def test_a_withdrawal_shows_at_once(client, letter, person):
    workflow.withdraw(person.pk)
    assert "Genuine, but revoked" in page(client, letter.code).content.decode()


def test_an_unknown_code_gets_a_calm_answer(client, letter):
    answer = page(client, "0" * 26)
    assert answer.status_code == 404
    assert "We know no letter with this code" in answer.content.decode()
    assert page(client, "<script>alert(1)").status_code == 404


@pytest.mark.parametrize("typed", ["{}", "lower {}", "with-dashes {}"])
def test_a_code_is_found_however_it_is_typed(client, letter, typed):
    code = letter.code.replace("0", "O").replace("1", "l")
    code = {"l": code.lower(), "w": "-".join(code[n : n + 4] for n in range(0, 26, 4))}.get(
        typed[0], codes.spaced(code)
    )
    answer = client.get(reverse("registration:verify_any"), {"code": code}, follow=True)
    assert "Genuine and valid" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code"),
        ("EAP/2008/INV/0001", "the number of the letter"),
        ("0WC1 2P", "26 letters and digits; this has 6"),
        ("Ü" * 26, "this has 26"),
    ],
)
def test_what_is_no_code_is_told_beside_the_field_and_stays_there(client, letter, typed, said):
    answer = client.get(reverse("registration:verify_any"), {"code": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode() and f'value="{typed}"' in answer.content.decode()


def test_codes_have_enough_bits_and_no_letters_that_are_taken_for_others():
    assert len(codes.ALPHABET) ** codes.LENGTH >= 2**100
    assert not set("OIL") & set(codes.ALPHABET)
    assert len({codes.new_code() for _ in range(100)}) == 100


def test_whoever_tries_many_codes_has_to_wait(client, letter, monkeypatch):
    monkeypatch.setattr(public, "MOST", 3)
    answers = [page(client, "1" * 26).status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    assert page(client, letter.code).status_code == 429


@pytest.mark.parametrize("what", ["valid", "unknown"])
def test_an_answer_costs_the_same_whatever_it_is(client, letter, what, django_assert_num_queries):
    with django_assert_num_queries(1):
        page(client, letter.code if what == "valid" else "Z" * 26)
    with django_assert_num_queries(1):
        page(client, letter.code if what == "valid" else "not a code")


def test_the_address_on_the_letter_is_that_of_the_page(client, letter, settings):
    assert codes.link(letter.code) == settings.SITE_URL + reverse("registration:verify", args=[letter.code])
    assert client.get(f"/{codes.address().partition('/')[2]}/").status_code == 200
