"""A new meeting from an earlier one."""

import datetime

import pytest

from meeting.models import AuditEntry, Organiser, Role, StaffRole
from registration import texts
from registration.models import Category, Question, QuestionOption, Wording
from registration.setup.copying import NewMeeting, copy_meeting
from registration.setup.reasons import add_usual
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def source():
    meeting = MeetingFactory(
        slug="eap-2008", title="First meeting", subtitle="Only once", practical_information="Bring a badge.",
        registration_opens_at=datetime.datetime(2008, 8, 1, tzinfo=datetime.UTC),
        registration_closes_at=datetime.datetime(2008, 9, 12, 10, tzinfo=datetime.UTC),
    )  # fmt: skip
    Organiser.objects.create(meeting=meeting, order=1, name="ESCAP", acronym="ESCAP")
    return meeting


def copy(source, **changes):
    asked = {
        "title": "Second meeting", "short_title": "Second", "slug": "eap-2010", "starts_on": DAY(2010, 9, 18),
        "ends_on": DAY(2010, 9, 19), "reference_prefix": "EAQ", **changes,
    }  # fmt: skip
    return copy_meeting(source, NewMeeting(**asked), by=UserFactory())


def test_deadlines_move_with_the_first_day_and_nothing_is_public(source):
    new = copy(source)
    assert (new.registration_opens_at.date(), new.registration_closes_at.date()) == (DAY(2010, 8, 1), DAY(2010, 9, 12))
    assert (new.is_published, new.registration_held_open, new.previous) == (
        False,
        False,
        source.__class__.objects.get(slug="eap-2008"),
    )
    assert (new.title, new.subtitle, new.practical_information) == ("Second meeting", "", "Bring a badge.")


def test_the_earlier_meeting_stays_as_it_is(source):
    copy(source)
    source.refresh_from_db()
    assert (source.slug, source.title, source.subtitle, source.is_published) == (
        "eap-2008",
        "First meeting",
        "Only once",
        True,
    )
    assert source.organisers.count() == 1


def test_categories_come_along_with_all_they_ask(source):
    CategoryFactory(
        meeting=source, code="NGO", order=30, name="NGOs", typist="endorsed", required_documents=["accreditation"],
        delegation_quota=5, quota=100, badge_colour="orange",
        closes_at=datetime.datetime(2008, 9, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    found = Category.objects.get(meeting=copy(source))
    assert (found.code, found.typist, found.required_documents) == ("NGO", "endorsed", ["accreditation"])
    assert (found.delegation_quota, found.quota, found.badge_colour) == (5, 100, "orange")
    assert found.closes_at.date() == DAY(2010, 9, 1)


def test_questions_come_along_and_point_at_their_copies(source):
    category = CategoryFactory(meeting=source)
    visa = Question.objects.create(meeting=source, key="visa", version=3, kind="one_of", label="Visa?", purpose="visa")
    QuestionOption.objects.create(question=visa, key="yes", label="Yes")
    city = Question.objects.create(
        meeting=source, key="city", kind="text", label="Where?", purpose="visa", shown_if=visa, shown_if_answer="yes"
    )
    city.categories.add(category)
    Question.objects.create(meeting=source, key="old", kind="text", label="Old", purpose="-", is_retired=True)
    new = copy(source)
    copies = {q.key: q for q in Question.objects.filter(meeting=new)}
    assert set(copies) == {"visa", "city"}
    assert (copies["visa"].version, [o.key for o in copies["visa"].options.all()]) == (1, ["yes"])
    assert copies["city"].shown_if == copies["visa"]
    assert [c.meeting for c in copies["city"].categories.all()] == [new]
    assert visa.__class__.objects.get(meeting=source, key="visa").options.count() == 1


def test_no_person_delegation_or_role_comes_along(source):
    RegistrationFactory(delegation__category__meeting=source)
    DelegationFactory(category__meeting=source)
    StaffRoleFactory(meeting=source, role=Role.REVIEWER)
    new = copy(source)
    assert (new.registrations.count(), new.delegations.count()) == (0, 0)
    roles = StaffRole.objects.filter(meeting=new)
    assert [r.role for r in roles] == [Role.ORGANISER]
    assert AuditEntry.objects.get(meeting=new).by == roles[0].user


def test_ready_reasons_come_along_in_every_language(source):
    add_usual(source)
    new = copy(source)
    texts = list(source.canned_reasons.values_list("use", "text_en", "text_ar"))
    assert list(new.canned_reasons.values_list("use", "text_en", "text_ar")) == texts and texts


def test_words_of_messages_come_along_as_first_versions(source):
    category = CategoryFactory(meeting=source, code="NGO")
    for words in ("old", "in use"):
        texts.save(source, "approved", category, "fr", texts.Words("s", "t", words), by=None)
    texts.save(source, "rejected", None, "en", texts.Words("s", "t", "given up"), by=None)
    texts.save(source, "rejected", None, "en", None, by=None)
    new = copy(source)
    [wording] = Wording.objects.filter(meeting=new)
    assert (wording.body, wording.version, wording.is_current) == ("in use", 1, True)
    assert wording.category == new.categories.get(code="NGO")
    assert Wording.objects.filter(meeting=source).count() == 4
