"""An exception for one delegation after registration has closed: at the desk, on the roster, on the public form."""

import datetime

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.models import DelegationEvent, FocalPoint, OutgoingMail, Registration, Status
from registration.roster.sending import forecast
from registration.setup.moments import by_the_clocks
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
OFFER = "Has the secretariat let your delegation register late?"


@pytest.fixture
def meeting():
    """Closed an hour ago; begins in a month."""
    now = timezone.now()
    first = now.date() + datetime.timedelta(days=30)
    return MeetingFactory(
        registration_held_open=False,
        registration_opens_at=now - 100 * HOUR,
        registration_closes_at=now - HOUR,
        starts_on=first,
        ends_on=first,
    )


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(
        category=CategoryFactory(meeting=meeting), entity=EntityFactory(names={"en": "Save Coasts"})
    )


@pytest.fixture
def other(delegation):
    return DelegationFactory(category=delegation.category)


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def let(client, delegation, at=None, **data):
    at = at or timezone.now() + 24 * HOUR
    written = at.astimezone(delegation.meeting.zone).strftime("%Y-%m-%dT%H:%M")
    address = reverse("admin:desk:delegation_late", args=[delegation.meeting.slug, delegation.reference])
    return client.post(address, {"until": written, "reason": "The mission was closed", **data})


def excepted(delegation, until=None):
    delegation.open_until = until or timezone.now() + HOUR
    delegation.save()
    return delegation


def form_of(delegation):
    return reverse("registration:form", args=[delegation.meeting.slug, delegation.entity.code])


def typed(**more):
    return {
        "adult": "yes", "given_names": "Litia", "family_name": "Waqanisau", "functional_title": "Director",
        "role": "adviser", "modality": "in_person", "email": "litia@example.org", **more,
    }  # fmt: skip


# At the desk


def test_an_organiser_lets_a_delegation_register_and_its_focal_points_are_told(client, delegation, organiser):
    FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False, email="focal@example.org"))
    assert let(client, delegation).status_code == 302
    delegation.refresh_from_db()
    assert delegation.may_register_late()
    event = delegation.events.get(action=DelegationEvent.Action.EXCEPTION)
    assert (event.by, event.detail["reason"]) == (organiser, "The mission was closed")
    assert event.detail["until"] == delegation.open_until.isoformat()
    mail = OutgoingMail.objects.get(kind="late_opened")
    assert mail.to == "focal@example.org"
    assert "You can register until" in mail.text
    assert "late=on" in mail.text
    page = client.get(reverse("admin:desk:delegation", args=[delegation.meeting.slug, delegation.reference])).text
    assert f'value="{settings.SITE_URL}/{delegation.meeting.slug}/register/?late=on"' in page


def test_the_time_is_read_by_the_clocks_of_the_meeting(client, delegation, organiser):
    at = (timezone.now() + 24 * HOUR).replace(second=0, microsecond=0)
    let(client, delegation, at)
    delegation.refresh_from_db()
    assert delegation.open_until == at


def test_no_exception_without_a_reason_or_in_the_past(client, delegation, organiser):
    assert let(client, delegation, reason=" ").status_code == 422
    assert let(client, delegation, timezone.now() - HOUR).status_code == 422
    delegation.refresh_from_db()
    assert delegation.open_until is None
    assert not delegation.events.exists()


def test_beyond_the_end_of_the_meeting_only_after_a_word(client, delegation, organiser):
    late = timezone.now() + datetime.timedelta(days=60)
    answer = let(client, delegation, late)
    assert answer.status_code == 422
    assert "even after the meeting has ended" in answer.text
    assert let(client, delegation, late, after_the_end="on").status_code == 302


def test_it_can_be_ended_early_and_that_is_told_too(client, delegation, organiser):
    FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False))
    let(client, delegation)
    let(client, delegation, end="1")
    delegation.refresh_from_db()
    assert delegation.open_until is None
    assert delegation.events.count() == 2
    assert OutgoingMail.objects.filter(kind="late_opened", text__contains="has been ended").count() == 1


def test_the_same_time_twice_is_once(client, delegation, organiser):
    at = timezone.now() + 24 * HOUR
    for _ in range(2):
        let(client, delegation, at)
    assert delegation.events.count() == 1


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (datetime.datetime(2008, 3, 30, 2, 30), "leave out 02:30"),
        (datetime.datetime(2008, 10, 26, 2, 30), "show 02:30 twice"),
    ],
)
def test_a_time_that_the_clocks_leave_out_or_show_twice_is_told(written, told):
    import zoneinfo

    with pytest.raises(ValidationError, match=told):
        by_the_clocks(written, zoneinfo.ZoneInfo("Europe/Paris"))


# On the roster


def test_the_roster_takes_rows_though_registration_is_closed(delegation, other):
    excepted(delegation)
    assert forecast([], delegation, even_if_closed=False).closed == ""
    assert "is closed" in forecast([], other, even_if_closed=False).closed


def test_a_draft_begun_before_closing_is_sent_by_the_exception_and_not_without(delegation, other):
    draft, theirs = (RegistrationFactory(delegation=d, status=Status.DRAFT) for d in (excepted(delegation), other))
    assert workflow.submit(draft.pk).status == Status.SUBMITTED
    with pytest.raises(workflow.MoveNotAllowed, match="is closed"):
        workflow.submit(theirs.pk)


def test_a_category_closed_by_itself_is_opened_too(delegation):
    delegation.meeting.registration_held_open = True
    delegation.meeting.save()
    delegation.category.is_open = False
    delegation.category.save()
    draft = RegistrationFactory(delegation=excepted(delegation), status=Status.DRAFT)
    assert workflow.submit(draft.pk).status == Status.SUBMITTED


# On the public form


def test_the_closed_page_offers_the_way_only_while_somebody_has_an_exception(client, delegation):
    address = reverse("registration:represent", args=[delegation.meeting.slug])
    assert OFFER not in client.get(address, {"represents": "ngo"}).text
    assert client.get(address, {"late": "on"}).templates[0].name == "registration/closed.html"
    excepted(delegation)
    assert OFFER in client.get(address, {"represents": ""}).text
    chosen = client.get(address, {"late": "on", "represents": "ngo", "entity": delegation.entity.code})
    assert chosen.url == form_of(delegation)


def test_who_has_no_exception_finds_the_closed_page_of_everybody(client, delegation, other):
    excepted(delegation)
    asked = client.get(form_of(other))
    address = reverse("registration:represent", args=[delegation.meeting.slug])
    assert asked.templates[0].name == "registration/closed.html"
    assert asked.text == client.get(address, {"represents": ""}).text.replace("?represents=&amp;lang", "?lang")


def test_who_has_one_registers_to_the_end(client, delegation):
    excepted(delegation)
    assert client.get(form_of(delegation)).templates[0].name == "registration/form.html"
    key = client.post(form_of(delegation), typed()).url
    assert client.get(key).status_code == 200
    assert client.post(key).status_code == 302
    assert Registration.objects.get().status == Status.SUBMITTED


def test_an_exception_that_ends_between_form_and_sending_loses_nothing(client, delegation):
    excepted(delegation)
    key = client.post(form_of(delegation), typed()).url
    excepted(delegation, timezone.now() - HOUR / 60)
    refused = client.post(key)
    assert "Your delegation could register until" in refused.text
    assert Registration.objects.get().status == Status.DRAFT
    back = client.post(form_of(delegation), typed(given_names="Mereseini"))
    assert "is closed" in back.text
    assert 'value="Mereseini"' in back.text


def test_an_exception_in_another_category_leads_there(client, delegation):
    observers = CategoryFactory(meeting=delegation.meeting, order=900)
    theirs = DelegationFactory(category=observers, entity=delegation.entity)
    excepted(theirs)
    client.post(form_of(theirs), typed())
    assert Registration.objects.get().delegation == theirs


def test_for_whom_the_focal_point_registers_the_page_says_so(client, delegation):
    delegation.category.typist = "focal_point"
    delegation.category.save()
    excepted(delegation)
    assert "You cannot register here yourself" in client.get(form_of(delegation)).text


def test_another_meetings_exception_opens_nothing_here(client, delegation, other):
    elsewhere = DelegationFactory(entity=other.entity)
    excepted(elsewhere)
    assert client.get(form_of(other)).templates[0].name == "registration/closed.html"
