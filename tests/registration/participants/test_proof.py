"""What the proof finds, what it leaves alone, and what somebody said is right."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meeting.models import Role
from registration.models import (
    FoundRight,
    LetterName,
    Likeness,
    Listing,
    Officer,
    Registration,
    ReviewedCategory,
    RoleInDelegation,
    Status,
)
from registration.participants.findings import SHOWN, Kind
from registration.participants.proof import Proof
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    LetterFactory,
    StaffRoleFactory,
)
from tests.registration.participants.making import person, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.LISTS).user


@pytest.fixture
def fiji(members):
    """A delegation of which nothing looks wrong."""
    delegation = state(members, "FJI", en="Fiji")
    person(delegation, role=RoleInDelegation.HEAD, department="Ministry of Justice")
    return delegation


def right(delegation, **values):
    """Somebody of whom nothing looks wrong."""
    return person(delegation, **{"department": "Ministry of Justice", **values})


def found(meeting, user, *, with_letters=True) -> list[tuple[str, str, str]]:
    proof = Proof(meeting, user, with_letters=with_letters)
    return [(str(one.kind), line.who, line.text) for one in proof.kinds for line in one.first]


def kinds(meeting, user, **asked) -> list[str]:
    return [kind for kind, _who, _text in found(meeting, user, **asked)]


def test_where_nothing_looks_wrong_nothing_is_found(meeting, clerk, fiji):
    assert found(meeting, clerk) == []


def test_and_an_empty_meeting_has_nothing_to_read(meeting, clerk):
    proof = Proof(meeting, clerk, with_letters=True)
    assert (proof.kinds, proof.looked_at, proof.count) == ([], 0, 0)


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ({"display_name": "ANA SILVA"}, "capitals", "In capitals, and not as the family name: ANA."),
        ({"display_name": "ana silva"}, "lower_case", "In small letters: ana silva."),
        ({"passport_name": "SILVERA ANA"}, "passport", "In the passport: SILVERA ANA."),
        ({"functional_title": "-"}, "no_title", "Under “functional title” stands “-”."),
        ({"department": "", "organisation": ""}, "no_organisation", "Neither ministry nor organization."),
        ({"functional_title": "Director\u202e"}, "unseen", "Left out in print: right-to-left override (U+202E)."),
    ],
)
def test_what_looks_wrong_in_one_person(meeting, clerk, fiji, values, kind, text):
    wrong = right(fiji, **values)
    assert found(meeting, clerk) == [(kind, wrong.display_name, text)]


def test_a_title_of_four_lines_is_too_long(meeting, clerk, fiji):
    right(fiji, functional_title="Director " * 20)
    assert found(meeting, clerk)[0][2].startswith("About 4 lines: Director")


def test_an_organisation_says_itself_where_its_people_are_from(meeting, clerk, ngos):
    person(DelegationFactory(category=ngos))
    assert kinds(meeting, clerk) == []


@pytest.mark.parametrize("listing", [Listing.NUMBER, Listing.NOT])
def test_whoever_is_not_printed_by_name_is_not_read(meeting, clerk, listing):
    category = CategoryFactory(meeting=meeting, listing=listing, code="SEC")
    person(DelegationFactory(category=category), display_name="ANA SILVA")
    assert kinds(meeting, clerk) == []


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REJECTED, Status.DRAFT])
def test_nor_whoever_does_not_come(meeting, clerk, fiji, status):
    right(fiji, display_name="ANA SILVA", status=status)
    assert kinds(meeting, clerk) == []


def test_two_heads_and_none(meeting, clerk, members, fiji):
    right(fiji, role=RoleInDelegation.HEAD, family="Other")
    tonga = state(members, "TON", en="Tonga")
    right(tonga)
    assert found(meeting, clerk) == [
        ("no_head", "Tonga", "1 person, nobody the head."),
        ("two_heads", "Fiji", "2 people are head of delegation."),
    ]


def test_where_the_list_prints_no_roles_nobody_misses_a_head(meeting, clerk, ngos):
    person(DelegationFactory(category=ngos), role=RoleInDelegation.ADVISER)
    assert "no_head" not in kinds(meeting, clerk)


def test_two_people_in_one_place_of_one_role(meeting, clerk, fiji):
    right(fiji, given="Ben", precedence=2)
    right(fiji, given="Eva", precedence=2)
    right(fiji, given="Ivo", precedence=2, role=RoleInDelegation.SUPPORT)
    assert found(meeting, clerk) == [("precedence", "Fiji", "2 people in place 2, Adviser.")]


def test_names_in_another_style(meeting, clerk, fiji):
    fiji.entity.names.update(formal="Republic of Fiji")
    fiji.name = "Republic of Fiji"
    fiji.save()
    assert found(meeting, clerk) == [
        ("name_style", "Republic of Fiji", "This is the formal name; others stand with their short one: Fiji.")
    ]


def test_a_name_that_the_directory_has_changed(meeting, clerk, fiji):
    fiji.entity.names.update(valid_to=datetime.date(2008, 1, 1))
    fiji.entity.names.create(language="en", name="Viti", valid_from=datetime.date(2008, 1, 2))
    assert found(meeting, clerk)[0] == (
        "name_style", "Fiji", "On the first day of the meeting the directory calls it Viti.",
    )  # fmt: skip


def test_names_on_a_letter_and_people_whom_it_does_not_name(meeting, clerk, fiji):
    letter = LetterFactory(registration=None, delegation=fiji, meeting=meeting)
    LetterName.objects.create(letter=letter, number=1, name="Peni Ravouvou")
    assert found(meeting, clerk) == [("letter_names", "Fiji", "Peni Ravouvou."), ("not_named", "Fiji", "1 person.")]
    assert kinds(meeting, clerk, with_letters=False) == []


def test_a_matched_name_is_no_finding_until_its_person_withdraws(meeting, clerk, fiji):
    letter = LetterFactory(registration=None, delegation=fiji, meeting=meeting)
    head = Registration.objects.get(delegation=fiji)
    LetterName.objects.create(letter=letter, number=1, name="Ana", pairing="matched", registration=head)
    assert kinds(meeting, clerk) == []
    Registration.objects.filter(pk=head.pk).update(status=Status.WITHDRAWN)
    assert kinds(meeting, clerk) == ["letter_names"]


def test_one_person_in_two_categories(meeting, clerk, twice):
    (_kind, who, text), *_rest = [line for line in found(meeting, clerk) if line[0] == "categories"]
    assert (who, text.startswith("Members: Fiji (")) == ("Ana Silva", True)
    Likeness.objects.create(first=twice[0], second=twice[1], score=1, state="apart", decided_by=clerk,
                            decided_at=datetime.datetime.now(datetime.UTC))  # fmt: skip
    assert "categories" not in kinds(meeting, clerk)


def test_an_officer_who_does_not_come(meeting, clerk, fiji):
    chair = right(fiji, given="Eva", status=Status.WITHDRAWN)
    Officer.objects.create(meeting=meeting, order=1, office="Chair", registration=chair)
    assert found(meeting, clerk) == [("officers", "Eva Silva", "Elected as Chair.")]


def test_a_child_among_adults_is_told_by_its_reference_alone(meeting, clerk, fiji, members):
    child = ChildFactory(delegation=fiji, status=Status.APPROVED)
    assert found(meeting, clerk) == [
        ("children", child.reference, "Counted in “Members”, and not named. Change the category.")
    ]


def test_a_reviewer_with_limits_reads_their_own_categories_only(meeting, members, ngos, fiji):
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=ngos)
    chair = right(fiji, display_name="EVA SILVA", status=Status.WITHDRAWN)
    right(fiji, display_name="ANA SILVA")
    Officer.objects.create(meeting=meeting, order=1, office="Chair", registration=chair)
    assert found(meeting, role.user) == []


def test_only_the_first_are_kept_and_all_are_counted(meeting, clerk, fiji):
    for n in range(SHOWN + 1):
        right(fiji, given=f"Ana{n}", functional_title="-", email=f"p{n}@example.org")
    (one,) = Proof(meeting, clerk, with_letters=False).kinds
    assert (one.kind, one.count, len(one.first), one.is_cut) == (Kind.NO_TITLE, SHOWN + 1, SHOWN, True)


def test_as_many_queries_for_three_delegations_as_for_one(meeting, clerk, members, fiji):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            found(meeting, clerk)
        return len(counted)

    queries()  # what the reader may see is asked once for each user
    once = queries()
    for code in ("TON", "WSM"):
        delegation = state(members, code, en=code.title())
        right(delegation, display_name="ANA SILVA")
        right(delegation, display_name="eva", precedence=1)
        LetterName.objects.create(
            letter=LetterFactory(registration=None, delegation=delegation, meeting=meeting), number=1, name="X Y"
        )
    assert queries() == once


# --- The page ---------------------------------------------------------------------------------------------------------


def page(client, meeting, query=""):
    return client.get(reverse("admin:desk:proof", args=[meeting.slug]) + query)


def test_the_page_leads_to_where_it_is_mended(client, meeting, fiji):
    organiser = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    wrong = right(fiji, display_name="ANA SILVA")
    client.force_login(organiser)
    row = reverse("roster:row", args=[meeting.slug, fiji.reference, wrong.reference])
    assert f'href="{row}"' in page(client, meeting).content.decode()
    assert client.get(row).status_code == 200


def test_what_somebody_says_is_right_is_gone_until_it_changes(client, meeting, clerk, fiji):
    wrong = right(fiji, display_name="ANA SILVA")
    client.force_login(clerk)
    (line,) = Proof(meeting, clerk, with_letters=False).found[Kind.CAPITALS].first
    said = {"kind": "capitals", "registration": wrong.pk, "delegation": fiji.pk, "value": line.value}
    answer = client.post(reverse("admin:desk:proof_right", args=[meeting.slug]), said, follow=True)
    kept = FoundRight.objects.get()
    assert (kept.by, kept.registration, kept.value) == (clerk, wrong, line.value)
    assert "1 line was said to be right as it is" in answer.content.decode()
    assert kinds(meeting, clerk) == []
    Registration.objects.filter(pk=wrong.pk).update(display_name="ANNA SILVA")
    assert kinds(meeting, clerk) == ["capitals"]


def test_and_after_all_it_may_be_looked_at_again(client, meeting, clerk, fiji):
    right(fiji, role=RoleInDelegation.HEAD)
    client.force_login(clerk)
    (line,) = Proof(meeting, clerk, with_letters=False).found[Kind.TWO_HEADS].first
    said = {"kind": "two_heads", "registration": "", "delegation": fiji.pk, "value": line.value}
    address = reverse("admin:desk:proof_right", args=[meeting.slug])
    client.post(address, said)
    assert kinds(meeting, clerk) == []
    client.post(address, said | {"again": "1"})
    assert kinds(meeting, clerk) == ["two_heads"]


def test_nobody_speaks_for_somebody_of_another_meeting(client, meeting, clerk):
    stranger = person(DelegationFactory(), display_name="ANA SILVA")
    client.force_login(clerk)
    said = {"kind": "capitals", "registration": stranger.pk, "delegation": stranger.delegation.pk, "value": "0" * 32}
    assert client.post(reverse("admin:desk:proof_right", args=[meeting.slug]), said).status_code == 404
    assert not FoundRight.objects.exists()


@pytest.mark.parametrize("query", ["?kind=nonsense", "?kind=", "?kind=no_title", "?kind=%F0%9F%92%A9&kind=x"])
def test_whatever_kind_is_asked_for_there_is_a_page(client, meeting, clerk, fiji, query):
    client.force_login(clerk)
    assert page(client, meeting, query).status_code == 200


def test_a_name_is_shown_and_never_run(client, meeting, clerk, fiji):
    right(fiji, display_name="<script>alert(1)</script> ANA")
    client.force_login(clerk)
    assert "<script>alert" not in page(client, meeting).content.decode()
