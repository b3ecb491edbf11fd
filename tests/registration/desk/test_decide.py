"""One person on one screen: what is shown, what a decision does, and who comes next."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration import workflow
from registration.desk import person as desk_person
from registration.lists.filters import people_of
from registration.models import Honorific, OutgoingMail, Registration, RegistrationEvent, RoleInDelegation, Status
from tests.factories import (
    PDF,
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - datetime.timedelta(**span)


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user
    client.force_login(user)
    return user


@pytest.fixture
def three(delegation):
    """Waiting since three, two and one days."""
    return [RegistrationFactory(delegation=delegation, status_since=ago(days=n)) for n in (3, 2, 1)]


def page(registration):
    return reverse("admin:desk:registration", args=[registration.meeting.slug, registration.reference])


def send(client, registration, move, query="", **values):
    data = {"move": move, "seen": "submitted", **values}
    return client.post(
        reverse("admin:desk:decide", args=[registration.meeting.slug, registration.reference]) + query, data
    )


def told(client, url):
    return [str(message) for message in client.get(url).context["messages"]]


def test_approving_opens_the_next_in_line(client, reviewer, three):
    first, second, _third = three
    response = send(client, first, "approve")
    first.refresh_from_db()
    assert first.status == Status.APPROVED
    assert response.url == page(second)
    assert told(client, response.url) == [f"{first.printed_name} approved. The mail is on its way."]
    assert OutgoingMail.objects.get(registration=first).kind == "approved"
    event = RegistrationEvent.objects.get(registration=first)
    assert (event.by, event.to_status) == (reviewer, Status.APPROVED)


def test_rejecting_needs_a_reason_and_loses_nothing(client, reviewer, three):
    first, second, _third = three
    response = send(client, first, "reject", reason="  ")
    assert response.status_code == 422
    assert "Give a reason: the delegate reads it." in response.content.decode()
    first.refresh_from_db()
    assert first.status == Status.SUBMITTED
    response = send(client, first, "reject", reason="No letter came.")
    first.refresh_from_db()
    assert (first.status, first.status_reason) == (Status.REJECTED, "No letter came.")
    assert response.url == page(second)


def test_behind_the_last_one_the_queue_begins_again(client, reviewer, three):
    first, _second, third = three
    assert send(client, third, "approve").url == page(first)


def test_after_the_very_last_the_queue_is_shown(client, meeting, reviewer, delegation):
    only = RegistrationFactory(delegation=delegation)
    assert send(client, only, "approve").url == reverse("admin:desk:queue", args=[meeting.slug])


def test_the_next_one_is_of_the_same_filter(client, meeting, reviewer, three):
    first, _second, _third = three
    other = RegistrationFactory(
        delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)), status_since=ago(hours=1)
    )
    wanted = RegistrationFactory(delegation=first.delegation, status_since=ago(minutes=1))
    LetterFactory(registration=wanted)
    LetterFactory(registration=first)
    response = send(client, first, "approve", query="?letter=yes")
    assert response.url == page(wanted) + "?letter=yes"
    category = other.delegation.category.pk
    assert send(client, wanted, "approve", query=f"?category={category}").url == page(other) + f"?category={category}"


def test_the_second_reviewer_is_told_calmly_who_decided_and_when(client, reviewer, three):
    first, *_ = three
    colleague = UserFactory(name="Somchai R.")
    event_at = workflow.approve(first.pk, by=colleague).status_since.astimezone(first.meeting.zone)
    for move in ("approve", "reject"):
        response = send(client, first, move, reason="Late")
        assert response.url == page(first)
        assert told(client, response.url) == [
            f"{first.printed_name} is approved already: Somchai R. did that at {event_at:%H:%M}. "
            "Nothing was changed by you."
        ]
    assert RegistrationEvent.objects.filter(registration=first).count() == 1
    assert OutgoingMail.objects.filter(registration=first).count() == 1


def test_a_decision_that_is_refused_says_why(client, reviewer, delegation):
    delegation.quota = 0
    delegation.save()
    waiting = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    response = send(client, waiting, "approve", seen="waitlisted")
    assert "is on the waiting list and no seat is free for" in told(client, response.url)[0]
    waiting.refresh_from_db()
    assert waiting.status == Status.WAITLISTED


@pytest.mark.parametrize("values", [{"move": "dance"}, {"seen": "nonsense"}, {"move": ""}])
def test_what_no_button_sends_changes_nothing(client, reviewer, three, values):
    assert send(client, three[0], **({"move": "approve"} | values)).status_code == 422
    three[0].refresh_from_db()
    assert three[0].status == Status.SUBMITTED


def test_a_decision_is_never_made_by_a_link(client, meeting, reviewer, three):
    address = reverse("admin:desk:decide", args=[meeting.slug, three[0].reference])
    client.get(address, {"move": "approve", "seen": "submitted"})
    three[0].refresh_from_db()
    assert three[0].status == Status.SUBMITTED


def test_loading_a_refused_form_anew_leads_to_the_person(client, reviewer, three):
    address = reverse("admin:desk:decide", args=[three[0].meeting.slug, three[0].reference])
    assert client.get(address + "?letter=yes").url == page(three[0]) + "?letter=yes"


def test_the_page_shows_person_roster_history_and_messages(client, reviewer, delegation):
    head = RegistrationFactory(delegation=delegation, role=RoleInDelegation.HEAD, status=Status.APPROVED)
    me = RegistrationFactory(
        delegation=delegation,
        honorific=Honorific.MS,
        display_name="Somphone Keovilay",
        department="Labour & Social Welfare",
        phone="+66 2 288 1234",
    )
    RegistrationFactory(delegation=delegation, status=Status.DRAFT, display_name="Unsent Draft")
    workflow.reject(me.pk, by=reviewer, reason="Wrong letter")
    response = client.get(page(me))
    assert [mate.pk for mate in response.context["mates"]] == [head.pk, me.pk]
    assert [words for _event, words in response.context["history"]] == ["Rejected by Suda P."]
    assert [message.mail.kind for message in response.context["mails"]] == ["rejected"]
    text = response.content.decode()
    for shown in ("<bdi>Ms. Somphone Keovilay</bdi>", "Labour &amp; Social Welfare", "+66 2 288 1234", "Wrong letter"):
        assert shown in text
    assert "Unsent Draft" not in text
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_there_is_nothing_to_press_where_nothing_can_be_decided(client, reviewer, delegation):
    rejected = RegistrationFactory(delegation=delegation, status=Status.REJECTED)
    assert 'value="approve"' not in client.get(page(rejected)).content.decode()
    waiting = RegistrationFactory(delegation=delegation)
    assert 'value="approve"' in client.get(page(waiting)).content.decode()


@pytest.mark.parametrize(
    ("twin", "is_twin"),
    [
        ({"email": "SOMPHONE@example.org", "display_name": "Quite Different"}, True),
        ({"email": "a@example.org", "display_name": "KEOVILAY Sómphone"}, True),
        ({"email": "a@example.org", "display_name": "Somphone Keovilayvong"}, False),
        ({"email": "xsomphone@example.org", "display_name": "Quite Different"}, False),
    ],
)
def test_the_same_person_twice_is_noticed(meeting, reviewer, delegation, twin, is_twin):
    me = RegistrationFactory(
        delegation=delegation,
        given_names="Somphone",
        family_name="Keovilay",
        display_name="Somphone Keovilay",
        email="somphone@example.org",
    )
    elsewhere = DelegationFactory(category=delegation.category)
    other = RegistrationFactory(delegation=elsewhere, **({"given_names": "Somphone", "family_name": "Keovilay"} | twin))
    RegistrationFactory(email="somphone@example.org")  # the same person at another meeting is nobody's business here
    found = desk_person.twins(me, people_of(meeting, reviewer))
    assert found == ([other] if is_twin else [])


def test_seats_and_letter_are_checked(meeting, reviewer):
    delegation = DelegationFactory(
        category=CategoryFactory(meeting=meeting, required_documents=["nomination"], delegation_quota=1)
    )
    me = RegistrationFactory(delegation=delegation)
    everybody = people_of(meeting, reviewer)

    def texts(letters):
        return [(c.is_fine, c.text) for c in desk_person.checks(me, everybody, letters=letters)]

    alone = (True, "Nobody else here with this name or email")
    assert texts(0) == [
        (False, "No letter, and the category needs one"),
        (True, "Seat kept: 1 of 1 used, 0 left"),
        alone,
    ]
    RegistrationFactory(delegation=delegation)
    assert texts(2) == [(True, "2 letters sent"), (False, "Seat kept: 2 of 1 used, 0 left"), alone]


def test_a_name_that_the_delegate_typed_is_to_be_checked(meeting, reviewer):
    typed = EntityFactory(is_checked=False)
    me = RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting), entity=typed))
    found = desk_person.checks(me, people_of(meeting, reviewer), letters=None)
    assert (found[0].is_fine, found[0].text) == (
        False,
        "The delegate typed this organization: check its name under Setup, Entities",
    )


# Letters


def test_a_letter_comes_as_a_download_and_the_read_is_written_down(client, meeting, reviewer, three):
    letter = LetterFactory(registration=three[0], original_name="Note\u202everbale ສົມ.pdf")
    response = client.get(reverse("admin:desk:letter", args=[meeting.slug, letter.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.get()
    assert (entry.meeting, entry.by, entry.action) == (meeting, reviewer, "read_letter")
    assert (entry.about, entry.detail) == (three[0].reference, {"letter": letter.pk})


def test_pages_stand_in_the_page_and_what_cannot_be_drawn_is_a_file(client, meeting, reviewer, three):
    picture = LetterFactory(registration=three[0], media_type="image/jpeg", original_name="scan.jpg")
    pdf = LetterFactory(registration=three[0])  # a document without any page
    text = client.get(page(three[0])).content.decode()
    address = reverse("admin:desk:letter_page", args=[meeting.slug, picture.pk, 1])
    assert f'<img src="{address}"' in text
    assert reverse("admin:desk:letter_page", args=[meeting.slug, pdf.pk, 1]) not in text
    assert "We cannot show this file here" in text
    assert f'href="{reverse("admin:desk:letter", args=[meeting.slug, pdf.pk])}"' in text


@pytest.mark.parametrize("mates", [1, 3])
def test_decide_page_query_count(client, meeting, reviewer, delegation, mates, django_assert_num_queries):
    people = RegistrationFactory.create_batch(mates, delegation=delegation, display_name="Same Name")
    for _each in people:
        LetterFactory(registration=people[0])
        RegistrationEvent.objects.create(
            registration=people[0], from_status="draft", to_status="submitted", by=reviewer
        )
    RegistrationFactory(delegation=DelegationFactory(category=delegation.category))  # who is next
    client.get(page(people[0]))  # draws the letters, once
    # session, user, meeting, may read, limits, person, may decide, categories, counts, previous, next, history, mails,
    # letters, names, roster beside them, the same file elsewhere, other letters, links, roster, seats, twins, ready
    # reasons, what may be returned, answers, colleagues, notes; and where there are twins, who they are
    with django_assert_num_queries(27 if mates == 1 else 28):
        client.get(page(people[0]))
    assert Registration.objects.count() == mates + 1
