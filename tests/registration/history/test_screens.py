"""What each reader sees of the history, how it is filtered and paged, and what it costs."""

import copy
import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role, User
from registration import workflow
from registration.history import sources
from registration.history.lines import every, page
from registration.history.reading import HistoryFilter, Reader
from registration.history.sources import Place
from registration.models import DelegationEvent, RegistrationEvent, ReviewedCategory, Status
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action
NOON = datetime.datetime(2008, 9, 1, 5, 0, tzinfo=datetime.UTC)  # in Bangkok


@pytest.fixture
def meeting():
    return MeetingFactory(slug="ours")


@pytest.fixture
def person(meeting):
    return RegistrationFactory(delegation__category__meeting=meeting)


def staff(meeting, role):
    return StaffRoleFactory(meeting=meeting, role=role).user


@pytest.fixture
def organiser(meeting):
    return staff(meeting, Role.ORGANISER)


@pytest.fixture
def auditor(meeting):
    return staff(meeting, Role.AUDITOR)


def lines(user, meeting, **filters):
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    data.update(filters)
    return list(every(Reader(user, meeting), HistoryFilter(data, meeting), 1000))


def whats(found):
    return [line.said.what for line in found]


def moved(person, **values):
    return person.events.create(**{"from_status": "draft", "to_status": "submitted", **values})


def entry(meeting, action="export", **values):
    return AuditEntry.objects.create(meeting=meeting, action=action, **values)


# One order


def test_all_three_histories_stand_in_one_order_newest_first(meeting, person, organiser):
    moved(person, at=NOON)
    person.delegation.events.create(
        action="quota", at=NOON + datetime.timedelta(minutes=1), detail={"was": 1, "now": None}
    )
    entry(meeting, about="CSV")
    found = lines(organiser, meeting)
    assert whats(found) == ["Exported a list", "Changed the seats", "Submitted"]
    assert [line.source for line in found] == ["staff", "delegation", "person"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_lose_and_repeat_nothing_where_many_happened_at_one_moment(meeting, person, organiser, size):
    events = [
        RegistrationEvent(registration=person, at=NOON, from_status="draft", to_status="submitted") for _n in range(5)
    ]
    RegistrationEvent.objects.bulk_create(events)
    whole = DelegationEvent.Action.LETTER
    DelegationEvent.objects.bulk_create(
        DelegationEvent(delegation=person.delegation, at=NOON, action=whole, detail={"version": n}) for n in range(5)
    )
    asked, reader = HistoryFilter({}, meeting), Reader(organiser, meeting)
    seen, place = [], None
    while True:
        found = page(reader, asked, place, size)
        seen += found.lines
        if found.following is None:
            break
        assert len(found.lines) == size
        place = Place.parse(str(found.following))
    assert seen == page(reader, asked, None, 1000).lines
    assert [line.source for line in seen] == ["person"] * 5 + ["delegation"] * 5


@pytest.mark.parametrize(
    "text", ["", "x", "x~0~1", "2008-09-01~0~1", "2008-99-01T00:00:00+00:00~0~1", "2008-09-01T00:00:00+00:00~0~-1"]
)
def test_a_mistyped_place_is_the_beginning(client, meeting, person, organiser, text):
    moved(person)
    client.force_login(organiser)
    page = client.get(reverse("admin:desk:history", args=["ours"]), {"after": text})
    assert page.status_code == 200 and "Submitted" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, meeting, organiser, rows, django_assert_num_queries):
    asked = QuestionFactory(meeting=meeting, key="food").pk
    food = {"was": "a", "now": "b", "asked": [asked, asked]}
    for _n in range(rows):
        person = RegistrationFactory(delegation__category__meeting=meeting)
        moved(person, by=UserFactory())
        changes = {"category": ["A", "B"], "q_food": food, "role": ["head", "adviser"]}
        moved(person, action=Action.EDITED, changes=changes)
        person.delegation.events.create(action="quota", by=UserFactory(), detail={"was": 1, "now": 2})
        entry(meeting, "read_letter", by=organiser, subject=person.reference)
        entry(meeting, "read_letter", by=organiser, subject=person.delegation.reference)
    client.force_login(organiser)
    with django_assert_num_queries(19):
        client.get(reverse("admin:desk:history", args=["ours"]))


# Filters


@pytest.fixture
def busy(meeting, person, organiser):
    """One line of each history about each of two persons."""
    other = RegistrationFactory(delegation__category__meeting=meeting)
    for who in (person, other):
        moved(who, by=organiser, at=NOON)
        who.delegation.events.create(action="letter", at=NOON, detail={"version": 1})
        entry(meeting, "read_letter", subject=who.reference, by=organiser)
    entry(meeting, "read_letter", subject=person.delegation.reference)
    entry(meeting, "export", by=UserFactory())
    return other


def test_of_one_person(meeting, person, organiser, busy):
    person.delegation.events.create(action="paired", detail={"registration": person.reference, "what": "matched"})
    expected = ["Compared the letter with the roster", "Read a letter", "Submitted"]
    assert whats(lines(organiser, meeting, person=person.reference.lower())) == expected


@pytest.mark.parametrize("by_name", [True, False])
def test_of_one_delegation(meeting, person, organiser, busy, by_name):
    wanted = person.delegation.name if by_name else person.delegation.reference
    found = lines(organiser, meeting, delegation=wanted)
    assert whats(found) == ["Read a letter", "Read a letter", "Submitted", "Received a letter"]


def test_of_no_such_delegation(meeting, organiser, busy):
    assert lines(organiser, meeting, delegation="Atlantis") == []


def test_of_one_member_of_staff(meeting, organiser, busy):
    found = lines(organiser, meeting, by=str(organiser.pk))
    assert whats(found) == ["Read a letter", "Read a letter", "Submitted", "Submitted"]


def test_whoever_has_or_had_a_role_here_can_be_chosen_and_nobody_else(meeting, organiser):
    left, root = UserFactory(is_staff=False), User.objects.create_superuser("root@example.org")
    entry(meeting, "role", about=left.email, detail={"reviewer": [True, False]})
    elsewhere = StaffRoleFactory().user
    entry(MeetingFactory(), "role", about=elsewhere.email)
    assert set(HistoryFilter({}, meeting).fields["by"].queryset) == {organiser, left, root}


def test_of_one_kind(meeting, organiser, busy):
    assert whats(lines(organiser, meeting, kind="lists")) == ["Exported a list"]
    assert whats(lines(organiser, meeting, kind="delegations")) == ["Received a letter"] * 2
    assert whats(lines(organiser, meeting, kind="decisions")) == ["Submitted"] * 2


def test_days_are_the_meetings_own(meeting, person, organiser):
    """Half past six in the evening of 31 August in London is half past midnight of 1 September in Bangkok."""
    moved(person, at=datetime.datetime(2008, 8, 31, 17, 30, tzinfo=datetime.UTC))
    assert lines(organiser, meeting, since="2008-09-01", until="2008-09-01")
    assert not lines(organiser, meeting, until="2008-08-31")
    assert not lines(organiser, meeting, since="2008-09-02")


@pytest.mark.parametrize(
    "filters", [{"since": "yesterday"}, {"kind": "x"}, {"by": "x"}, {"by": "1"}, {"until": "9999-12-31"}]
)
def test_a_filter_that_cannot_be_understood_is_left_out(client, meeting, person, organiser, filters):
    moved(person)
    client.force_login(organiser)
    page = client.get(reverse("admin:desk:history", args=["ours"]), filters)
    assert "Submitted" in page.content.decode()


# Who may know what


def test_other_meetings_are_not_there(meeting, organiser):
    there = RegistrationFactory()
    moved(there)
    there.delegation.events.create(action="letter")
    entry(there.meeting)
    assert lines(organiser, meeting) == []
    assert lines(organiser, meeting, person=there.reference) == []


def test_drafts_are_nobodys_business_and_a_child_who_left_leaves_no_trace(meeting, organiser):
    kept = {"delegation__category__meeting": meeting}
    for who in (RegistrationFactory(status=Status.DRAFT, **kept), ChildFactory(status=Status.WITHDRAWN, **kept)):
        moved(who, action=Action.EDITED)
    assert lines(organiser, meeting) == []


def test_contact_data_are_concealed_from_auditors_as_everywhere(meeting, person, organiser, auditor):
    moved(
        person,
        action=Action.EDITED,
        changes={"email": ["old@example.org", "new@example.org"], "role": ["head", "adviser"]},
    )
    told = {user: lines(user, meeting)[0].said.changes for user in (organiser, auditor)}
    assert next((c.was, c.becomes) for c in told[organiser]) == ("old@example.org", "new@example.org")
    assert next((c.label, c.was, c.becomes) for c in told[auditor]) == ("Email", "", "")
    assert told[auditor][1].becomes == "Adviser"


def test_of_a_child_the_alias_and_that_something_changed(client, meeting, organiser):
    child = ChildFactory(delegation__category__meeting=meeting)
    moved(child, action=Action.EDITED, reason="Because of her mother", changes={"role": ["head", "adviser"]})
    [line] = lines(organiser, meeting)
    assert line.subject.name == child.display_name
    assert (line.said.reason, line.said.changes[0].was, line.said.changes[0].becomes) == ("", "", "")


def test_whose_sealed_record_was_opened_only_the_lead_is_told(client, meeting, organiser, auditor):
    child = ChildFactory(delegation__category__meeting=meeting)
    lead = staff(meeting, Role.SAFEGUARDING)
    StaffRoleFactory(meeting=meeting, role=Role.ORGANISER, user=lead)
    entry(meeting, "read_child", by=lead, about=child.reference, subject=child.reference, detail={"what": "file"})
    for user in (organiser, auditor):
        [line] = lines(user, meeting)
        assert (line.said.what, line.said.more, line.subject) == ("Read a safeguarding record", "", None)
        assert lines(user, meeting, person=child.reference) == []
        assert lines(user, meeting, delegation=child.delegation.reference) == []
        client.force_login(user)
        assert child.reference not in client.get(reverse("admin:desk:history", args=["ours"])).content.decode()
    assert lines(lead, meeting)[0].subject.reference == child.reference
    assert len(lines(lead, meeting, person=child.reference)) == 1


def test_sign_ins_of_our_staff_are_for_auditors_and_administrators(meeting, organiser, auditor):
    AuditEntry.objects.create(by=organiser, action="signed_in")
    AuditEntry.objects.create(by=UserFactory(), action="signed_in")  # who has no role here
    assert lines(organiser, meeting) == []
    for user in (auditor, User.objects.create_superuser("root@example.org")):
        assert [line.by for line in lines(user, meeting)] == [organiser]


@pytest.fixture
def limited(meeting, person):
    """A reviewer of the category of `person`, and of no other."""
    given = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=given, category=person.delegation.category)
    return given.user


def test_a_limited_reviewer_reads_the_history_of_their_own(client, meeting, person, limited):
    other = RegistrationFactory(delegation__category=CategoryFactory(meeting=meeting))
    client.force_login(limited)
    for found, status in ((person, 200), (other, 404)):
        one = reverse("admin:desk:registration_history", args=["ours", found.reference])
        whole = reverse("admin:desk:delegation_history", args=["ours", found.delegation.reference])
        assert [client.get(url).status_code for url in (one, whole)] == [status, status]
    assert client.get(reverse("admin:desk:history", args=["ours"])).status_code == 403


def test_the_page_of_a_person_cannot_be_widened_by_its_address(client, meeting, person, limited):
    other = RegistrationFactory(delegation__category__meeting=meeting)
    moved(other, reason="Not this one")
    client.force_login(limited)
    url = reverse("admin:desk:registration_history", args=["ours", person.reference])
    page = client.get(url, {"person": other.reference, "delegation": "", "by": ""}).content.decode()
    assert "Not this one" not in page


# The screens


def test_a_decision_stands_with_who_when_and_why(client, meeting, person, organiser):
    workflow.reject(person.pk, by=organiser, reason="The letter is of another year.")
    client.force_login(organiser)
    page = client.get(reverse("admin:desk:registration_history", args=["ours", person.reference])).content.decode()
    assert "Rejected" in page and "The letter is of another year." in page and str(organiser) in page


def test_older_lines_are_one_page_further(client, meeting, person, organiser):
    start = timezone.now()
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(
            registration=person, from_status="draft", to_status="submitted", reason=f"Line {n}.",
            at=start - datetime.timedelta(minutes=n),
        )
        for n in range(60)
    )  # fmt: skip
    client.force_login(organiser)
    first = client.get(reverse("admin:desk:history", args=["ours"]), {"person": person.reference})
    assert "Line 49." in first.content.decode() and "Line 50." not in first.content.decode()
    second = client.get(reverse("admin:desk:history", args=["ours"]) + "?" + first.context["following"])
    assert "Line 50." in second.content.decode() and "Line 49." not in second.content.decode()
    assert second.context["following"] == ""


@pytest.mark.parametrize(
    ("source", "kind", "index"),
    [
        (sources.of_persons, "messages", "event_of_meeting_by_kind"),
        (sources.of_staff, "children", "audit_of_meeting_by_kind"),
    ],
)
def test_what_nobody_did_is_not_looked_for_among_everything(meeting, source, kind, index):
    """Read by an index of the kind: else every event of the meeting is, and there are hundreds of thousands."""
    who = StaffRoleFactory(meeting=meeting, role="organiser").user
    person = RegistrationFactory(delegation__category__meeting=meeting)
    moved = RegistrationEvent(registration=person, meeting=meeting, by=who, from_status="draft", to_status="submitted")
    exported = AuditEntry(meeting=meeting, by=who, action="export")
    for one in (moved, exported):
        type(one).objects.bulk_create(copy.copy(one) for _n in range(3000))
    asked = HistoryFilter(QueryDict(f"kind={kind}"), meeting)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_registrationevent, meeting_auditentry")
    assert index in source(Reader(who, meeting), asked)[:51].explain()
