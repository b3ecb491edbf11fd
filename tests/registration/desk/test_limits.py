"""A reviewer limited to one category sees nothing of another: every address of the desk, found by itself, is asked.

`world` of the permission table is the other category. Of one's own there is one of everything too, and each page of it
must read the same whatever happens in the other.
"""

import re

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.models import (
    Category,
    ChangeProposal,
    Letter,
    Likeness,
    Note,
    OutgoingMail,
    Registration,
    ReviewedCategory,
    Status,
)
from tests import test_permissions as table
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    FileAnswerFactory,
    LetterFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.test_permissions import world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

# What is in no category: settings, accounts, one's own choices. A new address is asked unless it stands here.
SECRET = "Zyxwvut"
DESK = [name for name in table.routes() if name.startswith("admin:desk:")]


@pytest.fixture
def other(world):  # noqa: F811
    """The category that is not theirs, with somebody in it by a name that stands nowhere else."""
    Category.objects.filter(pk=world["category"].pk).update(name=f"{SECRET} category", name_en=f"{SECRET} category")
    world["delegation"].name = f"{SECRET} Union"
    world["delegation"].save()
    for person in Registration.objects.filter(delegation=world["delegation"]):
        person.family_name, person.display_name = f"{SECRET}-{person.pk}", f"Litia {SECRET}-{person.pk}"
        person.save()
    return world


@pytest.fixture
def own(other):
    """One of everything in the category that is theirs."""
    meeting = other["meeting"]
    me = RegistrationFactory(
        delegation__category=CategoryFactory(meeting=meeting), email="twin@example.org", given_names="Sione"
    )
    again = RegistrationFactory(delegation=me.delegation)
    letter = LetterFactory(registration=None, delegation=me.delegation, meeting=meeting, media_type="image/png")
    mail = OutgoingMail.objects.create(
        key="own", meeting=meeting, registration=me, kind="submitted", to="a@b.org", language="en",
        subject="s", text="t", html="<p>h</p>",
    )  # fmt: skip
    return other | {
        "registration": me,
        "delegation": me.delegation,
        "category": me.delegation.category,
        "entity": me.delegation.entity,
        "letter": LetterFactory(registration=me),
        "delegation_letter": letter,
        "answer": FileAnswerFactory(registration=me),
        "mail": mail,
        "note": Note.objects.create(registration=me, by=UserFactory(), text="n"),
        "likeness": Likeness.objects.create(first=me, second=again, score=1),
    }


@pytest.fixture
def limited(client, own):
    role = StaffRoleFactory(meeting=own["meeting"], role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=own["category"])
    client.force_login(role.user)
    return role.user


def told(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def ask(client, name, records):
    url = table.address(name, records)
    return client.post(url, table.body(name, records)) if name in table.POSTED else client.get(url)


def stirred(records):
    """Much happens in the other category, some of it about people who are like one's own."""
    me, delegation = records["own"]["registration"], records["other"]["delegation"]
    meeting = records["other"]["meeting"]
    for status in (Status.SUBMITTED, Status.APPROVED, Status.REJECTED, Status.WAITLISTED, Status.RETURNED) * 3:
        twin = RegistrationFactory(
            delegation=delegation, status=status, email=me.email, display_name=f"{me.display_name} {SECRET}"
        )
        first, second = sorted((me, twin), key=lambda r: r.pk)
        Likeness.objects.create(first=first, second=second, score=0.9, signals={"email": "same"})
    same = Letter.objects.get(pk=records["own"]["delegation_letter"].pk).sha256
    LetterFactory(registration=None, delegation=delegation, meeting=meeting, sha256=same)
    elsewhere = DelegationFactory(category=delegation.category, entity=me.delegation.entity, name=f"{SECRET} Two")
    RegistrationFactory(delegation=elsewhere, display_name=me.display_name, family_name=me.family_name)
    approved = Registration.objects.filter(delegation=delegation, status=Status.APPROVED)[0]
    ChangeProposal.objects.create(registration=approved, changes={"role": ["adviser", "head"]})


def steady(text):
    """Without what is another one each time."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|\d+ (second|minute)s?|[0-9a-f-]{36}', "", text)


@pytest.mark.parametrize("name", DESK)
def test_nothing_of_another_category_opens_or_shows(client, limited, own, other, name):
    before = list(Registration.objects.filter(delegation=other["delegation"]).order_by("pk").values())
    response = ask(client, name, other)
    assert response.status_code in (200, 302, 403, 404, 405, 422)
    if response.status_code in (200, 422):
        assert SECRET not in told(response) and other["registration"].reference not in told(response)
        assert other["delegation"].reference not in told(response)
    if response.status_code == 302 and response["Location"].startswith("/admin/desk/"):
        text = told(client.get(response["Location"]))
        assert SECRET not in text and other["registration"].reference not in text
    assert list(Registration.objects.filter(delegation=other["delegation"]).order_by("pk").values()) == before
    assert other["registration"].events.count() == 1  # the one it has had from the start
    assert Note.objects.filter(registration=other["registration"]).count() == 1


@pytest.mark.parametrize("name", [one for one in DESK if one not in table.POSTED])  # pages
def test_no_page_of_ones_own_tells_what_happens_in_another(client, limited, own, other, name):
    first = ask(client, name, own)
    if first.status_code != 200:
        return
    before = steady(told(first))
    assert SECRET not in before
    stirred({"own": own, "other": other})
    assert steady(told(ask(client, name, own))) == before


@pytest.mark.parametrize("screen", ["queue", "people", "delegations"])
@pytest.mark.parametrize(
    "asked", ["q=Zyxwvut", "entity=Zyxwvut", "q=Zyxwvot", "q={reference}", "q={email}", "status=approved"]
)
def test_no_search_finds_another_category(client, limited, own, other, screen, asked):
    stirred({"own": own, "other": other})
    them = other["registration"]
    asked = asked.format(reference=them.reference, email=them.email)
    text = told(client.get(f"{reverse(f'admin:desk:{screen}', args=[other['meeting'].slug])}?{asked}"))
    rows = text.replace(asked, "")
    assert other["delegation"].reference not in rows and f"Litia {SECRET}" not in rows
    assert f"registrations/{them.reference}/" not in rows and f"{SECRET} Union" not in rows


def test_a_category_asked_for_by_number_shows_nothing(client, limited, own, other):
    for screen in ("queue", "people", "delegations"):
        address = reverse(f"admin:desk:{screen}", args=[other["meeting"].slug])
        text = told(client.get(f"{address}?category={other['category'].pk}"))
        assert other["registration"].reference not in text and other["delegation"].reference not in text


def test_the_same_answers_for_everybody_else(client, own, other):
    """The limit is the reviewer's, not the page's."""
    client.force_login(StaffRoleFactory(meeting=other["meeting"], role=Role.REVIEWER).user)
    for name in ("registration", "delegation", "duplicate", "letter_page"):
        assert ask(client, f"admin:desk:{name}", other).status_code == 200
    assert SECRET in told(ask(client, "admin:desk:queue", other))


def test_files_of_another_category_are_not_there(client, limited, own, other):
    question = other["answer"].question
    question.readers = [Role.REVIEWER]
    question.save()
    assert ask(client, "admin:desk:answer", other).status_code == 404
    own["answer"].question.readers = [Role.REVIEWER]
    own["answer"].question.save()
    assert ask(client, "admin:desk:answer", own).status_code == 200
