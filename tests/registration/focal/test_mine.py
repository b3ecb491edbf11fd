"""All delegations of a focal point, across meetings, with what waits in each."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.letters import reconcile
from registration.models import Channel, FocalPoint, LetterName, SeatOffer, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db

MINE = "/delegations/"


def look_after(user, **around):
    delegation = DelegationFactory(**around)
    FocalPoint.objects.create(delegation=delegation, user=user)
    return delegation


def shown(client):
    return [row for at in client.get(MINE).context["meetings"] for row in at.rows]


def test_newest_meeting_first_with_all_its_delegations(litia, delegation, signed_in):
    later = MeetingFactory(starts_on=datetime.date(2020, 1, 7), ends_on=datetime.date(2020, 1, 8), short_title="Later")
    second, first = CategoryFactory(meeting=later, order=2), CategoryFactory(meeting=later, order=1)
    mine = [look_after(litia, category=first), look_after(litia, category=second)]
    DelegationFactory(category=first)
    client = signed_in(litia)
    assert [row.delegation for row in shown(client)] == [*mine, delegation]
    said = client.get(MINE).content.decode()
    assert said.index("Later") < said.index(delegation.meeting.short_title)


def test_seats_and_what_waits(litia, delegation, signed_in):
    delegation.quota = 10
    delegation.save()
    delegation.category.required_documents = ["note_verbale"]
    delegation.category.save()
    for status, count in {Status.APPROVED: 3, Status.SUBMITTED: 2, Status.RETURNED: 2, Status.WAITLISTED: 2}.items():
        RegistrationFactory.create_batch(count, delegation=delegation, status=status)
    RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.ROSTER)
    RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.SELF)
    waiting = delegation.registrations.filter(status=Status.WAITLISTED).first()
    SeatOffer.objects.create(registration=waiting, expires_at=timezone.now() + datetime.timedelta(hours=1))
    [row] = shown(signed_in(litia))
    assert row.seats == "7 of 10 used, 2 waiting"
    assert row.tasks == [
        "2 returned: correct them",
        "1 seat on offer: take it or leave it",
        "1 draft not sent",
        "No letter for the delegation yet",
    ]


def test_names_on_the_letter_in_force_and_words_to_give(litia, delegation, signed_in):
    delegation.category.typist = "endorsed"
    delegation.category.save()
    RegistrationFactory(delegation=delegation)
    old = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting, supersedes=old)
    for n, each in enumerate((old, letter, letter)):
        LetterName.objects.create(letter=each, number=n, name=f"Name {n}")
    [row] = shown(signed_in(litia))
    assert row.tasks == ["1 waits for your word", "2 named in the letter, not registered"]


def test_nothing_waits(litia, delegation, signed_in):
    client = signed_in(litia)
    assert "Nothing waits for you" in client.get(MINE).content.decode()
    assert shown(client)[0].seats == "0 registered, no limit"


def test_the_closing_time_in_the_zone_of_the_meeting(litia, delegation, signed_in):
    meeting = delegation.meeting
    meeting.registration_closes_at = datetime.datetime(2030, 5, 3, 10, tzinfo=datetime.UTC)
    meeting.registration_opens_at = datetime.datetime(2020, 5, 3, 10, tzinfo=datetime.UTC)
    meeting.save()
    said = signed_in(litia).get(MINE).content.decode()
    assert "3 May 2030, 17:00" in said
    assert 'data-own-time="2030-05-03T10:00:00Z"' in said
    delegation.category.closes_at = datetime.datetime(2030, 5, 1, 10, tzinfo=datetime.UTC)
    delegation.category.save()
    assert "1 May 2030, 17:00" in signed_in(litia).get(MINE).content.decode()


def test_who_looks_after_nothing_is_told_what_will_be_here(client, litia, signed_in):
    FocalPoint.objects.update(ended_at=timezone.now())
    assert "no delegation at present" in signed_in(litia).get(MINE).content.decode()


def test_as_many_queries_for_one_as_for_three(litia, delegation, signed_in):
    client = signed_in(litia)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MINE).status_code == 200
        return len(queries)

    RegistrationFactory(delegation=delegation)
    one = count()
    for _ in range(2):
        RegistrationFactory(delegation=look_after(litia))
    # session, focal point, delegations, statuses, offers, names on letters
    assert (one, count()) == (6, 6)


def test_the_names_are_counted_as_the_workspace_counts_them(litia, delegation, signed_in):
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    gone = RegistrationFactory(delegation=delegation, display_name="Do Quang Huy", status=Status.WITHDRAWN)
    RegistrationFactory(delegation=delegation, display_name="Tran Quoc Bao", status=Status.APPROVED)
    LetterName.objects.create(letter=letter, number=1, name="Mr. Trần Quốc Bảo")
    LetterName.objects.create(letter=letter, number=2, name="Do Quang Huy", registration=gone, pairing="matched")
    LetterName.objects.create(letter=letter, number=3, name="Sitiveni Rabuka")
    [row] = shown(signed_in(litia))
    assert row.tasks == ["1 to confirm", "2 named in the letter, not registered"]
    tally = reconcile.state_of(delegation).tally
    assert (tally["proposed"], tally["unregistered"]) == (1, 2)


@pytest.mark.parametrize("more", [0, 2])
def test_letters_cost_one_query_more_however_many(litia, delegation, signed_in, django_assert_num_queries, more):
    client = signed_in(litia)
    for each in (delegation, *(look_after(litia) for _ in range(more))):
        RegistrationFactory(delegation=each)
        letter = LetterFactory(registration=None, delegation=each, meeting=each.meeting)
        LetterName.objects.create(letter=letter, number=1, name="Sitiveni Rabuka")
    with django_assert_num_queries(7):
        client.get(MINE)
