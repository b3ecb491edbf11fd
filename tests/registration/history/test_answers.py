"""Answers to the meeting's own questions: each edit says which changed from what to what, to whoever may read them."""

import ast
import csv
import datetime
import io
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role, User
from registration import workflow
from registration.history.lines import every
from registration.history.reading import HistoryFilter, Reader
from registration.letters.files import AcceptedFile
from registration.models import (
    AccessKey,
    Answer,
    Channel,
    Likeness,
    Question,
    RegistrationEvent,
    ReviewedCategory,
    Status,
)
from registration.questions import answers, forgetting, past, versions
from tests.factories import (
    PDF,
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.registration.imports.sheets import started, written, xlsx
from tests.registration.roster.conftest import at, look_after

pytestmark = pytest.mark.django_db
OLD, NEW = "Rice without nuts", "Fish on Friday"
MEALS = {"halal": "Halal food", "none": "Anything"}


@pytest.fixture
def meeting():
    return MeetingFactory(slug="eap")


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def person(delegation):
    return RegistrationFactory(delegation=delegation, channel=Channel.ROSTER)


@pytest.fixture
def hotel(meeting):
    return QuestionFactory(meeting=meeting, key="hotel", label="Which hotel?")


def staff(meeting, *roles):
    user = UserFactory()
    for role in roles:
        StaffRoleFactory(meeting=meeting, role=role, user=user)
    return user


def edited():
    return RegistrationEvent.objects.get(action="edited")


def change(person, question, now, *, by=None):
    """One edit of one answer, as every path does it."""
    given = {question: now}
    workflow.edit(person.pk, {}, by=by, needs_word=False, answered=past.between(person, given))
    answers.save(person, given)


def row_page(client, delegation, person, **changed):
    """The page of a row in the roster, sent as it was drawn but for what is `changed`."""
    address = at("row", delegation, reference=person.reference)
    form = client.get(address).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, dict(form.seen()) | values | changed)


def own_page(client, person, **changed):
    session = client.session
    session["may_change"] = {str(person.pk): timezone.now().timestamp() + 1200}
    session.save()
    address = reverse("private:change", args=[AccessKey.objects.issue(person)])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    response = client.post(address, data | changed)
    assert response.status_code == 302, response.context["form"].errors


# Each way of editing


@pytest.fixture(params=["delegate", "returned", "focal point", "organiser", "many with a file"])
def edit(request, client, meeting, delegation, person):
    """Changes answers in one of the ways in which they can be; calling it returns whose word it is."""

    def by_delegate(**changed):
        if request.param == "returned":
            workflow.return_for_correction(person.pk, by=UserFactory(), reason="Look again.", fields=["q_hotel"])
            person.refresh_from_db()
        own_page(client, person, **changed)

    def on_the_roster(**changed):
        if request.param == "focal point":
            user = look_after(client, delegation)
        else:
            client.force_login(user := staff(meeting, Role.ORGANISER))
        assert row_page(client, delegation, person, **changed).status_code == 302
        return user

    def with_a_file(**changed):
        return by_file(delegation, person, **changed)

    ways = {"delegate": by_delegate, "returned": by_delegate, "many with a file": with_a_file}
    return ways.get(request.param, on_the_roster)


def by_file(delegation, person, **changed):
    labels = [Question.objects.get(key=name[2:], is_current=True).label for name in changed if name.startswith("q_")]
    heads = ["Reference", *labels]
    user = UserFactory()
    job = written(started(delegation, xlsx([heads, [person.reference, *changed.values()]])), by=user)
    assert job.state == job.State.DONE, job.problem
    return user


def test_every_edit_says_which_answer_changed_from_what_to_what(person, hotel, edit):
    answers.save(person, {hotel: OLD})
    by = edit(q_hotel=NEW)
    assert Answer.objects.get().value == NEW
    event = edited()
    assert event.changes == {"q_hotel": {"was": OLD, "now": NEW, "asked": [hotel.pk, hotel.pk]}}
    assert event.by == by


def test_a_first_answer_and_one_taken_back_are_told_too(meeting, person, hotel):
    organiser = staff(meeting, Role.ORGANISER)
    change(person, hotel, NEW)
    change(person, hotel, None)
    shown = [told(line) for line in history(organiser, meeting)]
    assert shown == [[("Which hotel?", NEW, "")], [("Which hotel?", "", NEW)]]


def test_an_edit_of_a_field_and_an_answer_is_one_line(client, delegation, person, hotel):
    look_after(client, delegation)
    row_page(client, delegation, person, functional_title="Judge", q_hotel=NEW)
    assert set(edited().changes) == {"functional_title", "q_hotel"}


def test_what_was_sent_untouched_is_no_change(client, delegation, person, hotel):
    answers.save(person, {hotel: OLD})
    look_after(client, delegation)
    row_page(client, delegation, person, q_hotel=OLD)
    own_page(client, person)
    assert not RegistrationEvent.objects.exists()


def test_what_is_refused_is_not_told(client, delegation, person, hotel):
    look_after(client, delegation)
    row_page(client, delegation, person, family_name="", given_names="", display_name="", q_hotel=NEW)
    assert not Answer.objects.exists() and not RegistrationEvent.objects.exists()


def test_the_history_of_a_draft_begins_when_it_is_sent(client, delegation, hotel):
    draft = RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.ROSTER)
    look_after(client, delegation)
    row_page(client, delegation, draft, q_hotel=NEW)
    assert Answer.objects.get().value == NEW and not RegistrationEvent.objects.exists()


def test_answers_that_come_along_with_a_merger(delegation, hotel):
    one, other = (RegistrationFactory(delegation=delegation) for _n in range(2))
    secret = QuestionFactory(meeting=delegation.meeting, key="passport", data_class=3, label="Passport")
    answers.save(other, {hotel: OLD, secret: "P-4711"})
    pair = Likeness.objects.create(first=one, second=other, score=1, signals={"name": 1.0})
    workflow.merge(pair.pk, keep=one.pk, take=(), seen=workflow.as_seen(one, other), by=UserFactory())
    changes = one.events.get(action="merged").changes
    assert changes["q_hotel"] == {"was": None, "now": OLD, "asked": [None, hotel.pk]}
    assert (changes["q_passport"], "P-4711" in json.dumps(changes)) == ({}, False)
    assert other.events.get(action="merged").changes == {"registration": one.reference}


def test_whoever_comes_in_somebodys_place_begins_anew(client, delegation, person, hotel):
    answers.save(person, {hotel: OLD})
    look_after(client, delegation)
    address = at("substitute", delegation, reference=person.reference)
    form = client.get(address).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    names = {
        "given_names": "Ana",
        "family_name": "Cruz",
        "display_name": "Ana Cruz",
        "email": "ana@example.org",
        "functional_title": "Judge",
    }
    assert (answer := client.post(address, dict(form.seen()) | values | names | {"q_hotel": NEW})).status_code == 302, (
        answer.context["form"].errors
    )
    assert Answer.objects.filter(registration__replaces=person).get().value == NEW
    assert all(name == "registration" for event in RegistrationEvent.objects.all() for name in event.changes)


# What is not written down at all


GUARDED = [
    {"data_class": 3, "readers": ["organiser", "visa"]},
    {"data_class": 2, "readers": ["visa"]},
    {"data_class": 1, "readers": ["safeguarding", "auditor"]},
]


def stored():
    return json.dumps(list(RegistrationEvent.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize("asked", GUARDED)
def test_of_an_answer_to_a_few_only_that_it_changed(meeting, person, asked):
    secret = QuestionFactory(meeting=meeting, key="needs", **asked)
    answers.save(person, {secret: OLD})
    change(person, secret, NEW)
    assert stored() == '[{"q_needs": {}}]'
    change(person, secret, None)
    assert stored() == '[{"q_needs": {}}, {"q_needs": {}}]'  # not even whether there is an answer


def test_however_it_is_edited(person, meeting, edit):
    secret = QuestionFactory(meeting=meeting, key="hotel", label="Needs", **GUARDED[0])
    answers.save(person, {secret: OLD})
    edit(q_hotel=NEW)
    assert Answer.objects.get().value == NEW
    assert edited().changes == {"q_hotel": {}}


def test_nor_of_a_file(person, meeting):
    paper = QuestionFactory(meeting=meeting, key="paper", kind="file")
    sent = AcceptedFile(content=PDF, original_name="Statement-of-Ana.pdf", media_type="application/pdf")
    change(person, paper, sent)
    assert stored() == '[{"q_paper": {}}]'
    change(person, paper, Answer.objects.get())  # the file that is there
    assert RegistrationEvent.objects.count() == 1


@pytest.mark.parametrize("ever", [1, 2])
def test_nor_where_any_version_was_for_a_few(person, meeting, hotel, ever):
    """Somebody asked under the other version reads the history too."""
    answers.save(person, {hotel: OLD})
    Question.objects.filter(pk=hotel.pk).update(is_current=False, data_class=3 if ever == 1 else 2)
    now = QuestionFactory(meeting=meeting, key="hotel", version=2, data_class=3 if ever == 2 else 2)
    change(person, now, NEW)
    assert stored() == '[{"q_hotel": {}}]'


def test_nor_where_being_asked_already_tells(person, meeting):
    """Who is asked for the width of a wheelchair has one."""
    needs = QuestionFactory(meeting=meeting, key="needs", kind="yes_no", data_class=3)
    width = QuestionFactory(meeting=meeting, key="width", shown_if=needs, shown_if_answer="yes")
    change(person, width, "62 cm")
    assert stored() == '[{"q_needs": {}}]'


def test_of_somebody_under_18_not_even_which(meeting, hotel):
    child = ChildFactory(delegation__category__meeting=meeting)
    assert past.between(child, {hotel: NEW}) == {"answers": {}}
    child.events.create(action="edited", from_status="submitted", to_status="submitted", changes={"answers": {}})
    shown = [told(line) for line in history(staff(meeting, Role.ORGANISER, Role.SAFEGUARDING), meeting)]
    assert shown == [[("Answers to questions", "", "")]]


def test_a_row_that_turns_out_to_be_a_childs_loses_what_was_told(client, delegation, person, hotel):
    CategoryFactory(meeting=delegation.meeting, for_children=True, listing="number")
    change(person, hotel, OLD)
    look_after(client, delegation)
    row_page(client, delegation, person, birth_date="2015-01-01", q_hotel=NEW)
    person.refresh_from_db()
    assert person.is_minor and "q_hotel" not in stored() and OLD not in stored() and NEW not in stored()


# Each reader


def history(user, meeting, **filters):
    return [line for line in every(Reader(user, meeting), HistoryFilter(filters, meeting), 100) if line.said.changes]


def told(line):
    return [(each.label, each.was, each.becomes) for each in line.said.changes]


@pytest.fixture
def told_of(meeting, person):
    """One edit of an answer for organisers and reviewers, and of one for the visa office alone."""
    meal = QuestionFactory(
        meeting=meeting, key="meal", kind="one_of", options=MEALS, label="Meals", readers=["organiser", "reviewer"]
    )
    secret = QuestionFactory(meeting=meeting, key="passport", label="Passport", data_class=3, readers=["visa"])
    answers.save(person, {meal: "halal", secret: "P-1111"})
    given = {meal: "none", secret: "P-4711"}
    workflow.edit(person.pk, {}, by=None, answered=past.between(person, given))
    answers.save(person, given)
    return person


ALL, NAMED = ("Halal food", "Anything"), ("", "")
READERS = [
    ([Role.ORGANISER], ALL),
    ([Role.REVIEWER], ALL),
    ([Role.AUDITOR], NAMED),
    ([Role.VISA], NAMED),
    ([Role.SAFEGUARDING], NAMED),
    ([Role.VISA, Role.AUDITOR], NAMED),
]


@pytest.mark.parametrize(("roles", "words"), READERS)
def test_each_is_told_what_they_may_read(meeting, told_of, roles, words):
    [line] = history(staff(meeting, *roles), meeting)
    assert told(line) == [("Meals", *words), ("Passport", "", "")]


def pages(client, user, person):
    """Every screen and file with the history of a person that this reader may open."""
    client.force_login(user)
    slug = person.meeting.slug
    found = [
        client.get(reverse("admin:desk:history", args=[slug])),
        client.get(reverse("admin:desk:registration_history", args=[slug, person.reference])),
        client.get(reverse("admin:desk:delegation_history", args=[slug, person.delegation.reference])),
        client.get(reverse("admin:desk:registration", args=[slug, person.reference])),
        client.get(reverse("admin:desk:history_export", args=[slug])),
    ]
    return [
        (b"".join(r.streaming_content) if r.streaming else r.content).decode() for r in found if r.status_code == 200
    ]


@pytest.mark.parametrize(("roles", "words"), READERS)
def test_on_every_screen_and_in_the_file(client, meeting, told_of, roles, words):
    Answer.objects.all().delete()  # what stands beside the history is another matter
    shown = pages(client, staff(meeting, *roles), told_of)
    assert shown or roles == [Role.SAFEGUARDING] or roles == [Role.VISA]
    for page in shown:
        assert ("Halal food" in page, "Anything" in page) == (words == ALL, words == ALL)
        assert "P-1111" not in page and "P-4711" not in page


def test_a_limited_reviewer(client, meeting, told_of):
    given = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=given, category=told_of.delegation.category)
    shown = pages(client, given.user, told_of)
    assert len(shown) == 3 and all("Anything" in page and "P-4711" not in page for page in shown)
    ReviewedCategory.objects.update(category=CategoryFactory(meeting=meeting))
    assert pages(client, User.objects.get(pk=given.user.pk), told_of) == []


def test_the_file_for_auditors(client, meeting, told_of):
    client.force_login(staff(meeting, Role.ORGANISER))
    response = client.get(reverse("admin:desk:history_export", args=["eap"]))
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert (rows[-1]["old"], rows[-1]["new"]) == ("Meals: Halal food; Passport: ", "Meals: Anything; Passport: ")


def test_the_short_history_beside_a_decision(client, meeting, told_of):
    client.force_login(staff(meeting, Role.ORGANISER))
    page = client.get(reverse("admin:desk:registration", args=["eap", told_of.reference])).content.decode()
    assert "Meals: from “Halal food” to “Anything”; Passport" in page


def test_the_own_page_tells_what_is_not_for_a_few(client, told_of):
    page = client.get(reverse("private:page", args=[AccessKey.objects.issue(told_of)])).content.decode()
    assert "Changed by you. Meals: from “Halal food” to “Anything”; Passport<" in page
    assert "P-1111" not in page


@pytest.mark.parametrize("today", [{"readers": ["reviewer"]}, {"data_class": 3}])
def test_whom_the_question_names_no_more_is_told_no_more(meeting, told_of, today):
    Question.objects.filter(key="meal").update(is_current=False)
    version = {"key": "meal", "version": 2, "label": "Meals", "readers": ["organiser", "reviewer"]}
    QuestionFactory(meeting=meeting, **version | today)
    [line] = history(staff(meeting, Role.ORGANISER), meeting)
    assert told(line)[0] == ("Meals", "", "")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("view", ["registration_history", "registration", "own"])
def test_query_count(client, meeting, told_of, rows, view, django_assert_num_queries):
    """However many answers were changed, it costs what one costs, whatever else the page shows."""
    meal = Question.objects.get(key="meal")
    if view == "own":
        address = reverse("private:page", args=[AccessKey.objects.issue(told_of)])
    else:
        client.force_login(staff(meeting, Role.ORGANISER))
        address = reverse(f"admin:desk:{view}", args=["eap", told_of.reference])
    client.get(address)
    with CaptureQueriesContext(connection) as of_one:
        client.get(address)
    for n in range(rows):
        change(told_of, meal, ["halal", "none"][n % 2])
    with django_assert_num_queries(len(of_one)):
        client.get(address)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_comparing(meeting, hotel, rows, django_assert_num_queries):
    people = [RegistrationFactory(delegation__category__meeting=meeting) for _n in range(rows)]
    with django_assert_num_queries(2):
        found = past.between_all({person: {hotel: NEW} for person in people})
    assert len(found) == rows


# Forgetting


LAST_DAY = datetime.date(2008, 9, 19)


@pytest.fixture
def over(meeting, person):
    """Two answers that were changed: one kept for 30 days after the meeting, one for 700."""
    type(meeting).objects.filter(pk=meeting.pk).update(ends_on=LAST_DAY)
    meeting.refresh_from_db()
    food = QuestionFactory(meeting=meeting, key="food", keep_days=30)
    title = QuestionFactory(meeting=meeting, key="title", keep_days=700)
    answers.save(person, {food: OLD, title: "Dr."})
    given = {food: NEW, title: "Prof."}
    workflow.edit(person.pk, {"role": "head"}, by=None, answered=past.between(person, given))
    answers.save(person, given)
    return person


def after(days):
    return LAST_DAY + datetime.timedelta(days=days)


def test_what_is_forgotten_is_forgotten_in_the_history_too(over):
    forgetting.forget(after(30))
    assert OLD in stored() and NEW in stored()
    forgetting.forget(after(31))
    changes = edited().changes
    assert changes["q_food"] == {} and changes["q_title"]["now"] == "Prof." and "role" in changes
    forgetting.forget(after(701))
    assert "Prof." not in stored()


def test_also_where_the_answer_itself_went_long_ago(over):
    Answer.objects.all().delete()
    forgetting.forget(after(31))
    assert OLD not in stored() and NEW not in stored()


def test_the_shorter_promise_of_two_versions_holds(meeting, over):
    food = Question.objects.get(key="food")
    Question.objects.filter(pk=food.pk).update(is_current=False)
    longer = QuestionFactory(meeting=meeting, key="food", version=2, keep_days=700)
    change(over, longer, "Soup")
    forgetting.forget(after(31))
    assert NEW not in stored() and "Soup" not in stored()


def test_an_answer_that_only_a_few_may_read_from_now_on_goes(over):
    Question.objects.filter(key="food").update(data_class=3)
    forgetting.forget(after(0))
    assert edited().changes["q_food"] == {} and "Prof." in stored()


def test_with_a_question_that_is_deleted_goes_what_was_answered(meeting, over):
    Answer.objects.all().delete()
    versions.delete(Question.objects.get(key="food"))
    assert edited().changes["q_food"] == {} and "Prof." in stored()
    assert told(history(staff(meeting, Role.ORGANISER), meeting)[0])[0] == ("An answer", "", "")


def test_lines_of_another_meeting_stay_as_they_are(over):
    there = RegistrationFactory()
    theirs = QuestionFactory(meeting=there.meeting, key="food", keep_days=9000)
    change(there, theirs, "Soup")
    forgetting.forget(after(31))
    assert "Soup" in stored() and NEW not in stored()


# Nobody forgets to tell


def test_whoever_saves_answers_has_told_the_history():
    """A new way of editing says here how it tells."""
    root = Path(__file__).resolve().parents[3]
    found = {
        str(path.relative_to(root))
        for path in (root / "registration").rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "answers.save"
    }
    assert found == {
        "registration/drafts.py",  # a draft: its history begins when it is sent
        "registration/imports/commit.py",
        "registration/own_page/changing.py",
        "registration/roster/editing.py",
    }
