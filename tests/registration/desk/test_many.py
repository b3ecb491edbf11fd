"""Many at once: look first, then each succeeds or fails by itself."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration import workflow
from registration.models import OutgoingMail, Registration, RegistrationEvent, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


@pytest.fixture
def three(delegation):
    return RegistrationFactory.create_batch(3, delegation=delegation)


def post(client, meeting, name, move, people, **values):
    data = {"move": move, "selected": [p.reference for p in people], **values}
    return client.post(reverse(f"admin:desk:{name}", args=[meeting.slug]), data)


def states(*people):
    return [Registration.objects.get(pk=p.pk).status for p in people]


def test_looking_first_changes_nothing_and_names_each_mail(client, meeting, organiser, three):
    decided = RegistrationFactory(delegation=three[0].delegation, status=Status.APPROVED)
    response = post(client, meeting, "selected", "approve", [*three, decided])
    assert response.status_code == 200
    assert [(line.registration.pk, line.refusal) for line in response.context["lines"]] == [
        *((p.pk, "") for p in three),
        (decided.pk, "Is approved already."),
    ]
    page = response.content.decode()
    assert "3 mails go out, “You are approved”" in page
    assert all(f"<bdi>{p.email}</bdi>" in page for p in three)
    assert decided.email not in page
    assert states(*three) == ["submitted"] * 3
    assert not OutgoingMail.objects.exists()


def test_all_are_approved_with_a_mail_each(client, meeting, organiser, three):
    response = post(client, meeting, "confirmed", "approve", three)
    assert [line.registration.pk for line in response.context["done"]] == [p.pk for p in three]
    assert response.context["refused"] == []
    assert states(*three) == ["approved"] * 3
    assert sorted(OutgoingMail.objects.values_list("to", "kind")) == sorted((p.email, "approved") for p in three)
    assert set(RegistrationEvent.objects.values_list("by", flat=True)) == {organiser.pk}


def test_each_refusal_is_explained_and_the_others_go_through(client, meeting, organiser, three):
    workflow.approve(three[1].pk, by=UserFactory(name="Somchai R."))
    response = post(client, meeting, "confirmed", "approve", three)
    assert [line.registration.pk for line in response.context["done"]] == [three[0].pk, three[2].pk]
    (refused,) = response.context["refused"]
    assert refused.registration.pk == three[1].pk
    assert (
        refused.refusal == f"{three[1].display_name} is approved already, by Somchai R.. There is nothing left to do."
    )
    assert states(*three) == ["approved"] * 3
    assert OutgoingMail.objects.filter(registration=three[1]).count() == 1


def test_a_fault_of_one_leaves_the_others_alone(client, meeting, organiser, three, monkeypatch):
    real = workflow.approve

    def faulty(pk, **rest):
        if pk == three[1].pk:
            raise RuntimeError("disk")
        return real(pk, **rest)

    monkeypatch.setattr(workflow, "approve", faulty)
    response = post(client, meeting, "confirmed", "approve", three)
    assert states(*three) == ["approved", "submitted", "approved"]
    (refused,) = response.context["refused"]
    assert refused.refusal.startswith("A fault on our side: nothing was changed.")
    assert "disk" not in response.content.decode()


def test_rejecting_many_needs_one_reason(client, meeting, organiser, three):
    response = post(client, meeting, "confirmed", "reject", three, reason="")
    assert response.status_code == 200
    assert "Give a reason: the delegates read it." in response.content.decode()
    assert [line.registration.pk for line in response.context["lines"]] == [p.pk for p in three]
    assert states(*three) == ["submitted"] * 3
    post(client, meeting, "confirmed", "reject", three, reason="The meeting is full.")
    assert states(*three) == ["rejected"] * 3
    assert set(Registration.objects.values_list("status_reason", flat=True)) == {"The meeting is full."}


def test_a_second_sending_decides_nothing_again(client, meeting, organiser, three):
    post(client, meeting, "confirmed", "approve", three)
    response = post(client, meeting, "confirmed", "approve", three)
    assert (len(response.context["done"]), len(response.context["refused"])) == (0, 3)
    assert OutgoingMail.objects.count() == 3


def test_nobody_selected_is_said_on_the_queue(client, meeting, organiser, three):
    response = client.post(reverse("admin:desk:selected", args=[meeting.slug]) + "?letter=no", {"move": "approve"})
    assert response.url == reverse("admin:desk:queue", args=[meeting.slug]) + "?letter=no"
    assert "Nobody is selected. Tick at least one person." in client.get(response.url).content.decode()


@pytest.mark.parametrize("name", ["selected", "confirmed"])
def test_people_of_another_meeting_cannot_be_slipped_in(client, meeting, organiser, three, name):
    foreign = RegistrationFactory()
    draft = RegistrationFactory(delegation=three[0].delegation, status=Status.DRAFT)
    for intruder in (foreign, draft):
        assert post(client, meeting, name, "approve", [*three, intruder]).status_code == 302
    assert states(*three, foreign, draft) == ["submitted"] * 4 + ["draft"]


def test_more_than_five_hundred_are_refused_before_anything_happens(client, meeting, organiser, three, monkeypatch):
    monkeypatch.setattr("registration.desk.forms.MOST_AT_ONCE", 2)
    response = post(client, meeting, "confirmed", "approve", three)
    assert [str(m) for m in client.get(response.url).context["messages"]] == ["Decide on at most 2 at once."]
    assert states(*three) == ["submitted"] * 3


def test_five_hundred_fit_into_one_form(settings):
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS > 500


@pytest.mark.parametrize("name", ["selected", "confirmed"])
def test_nothing_is_decided_by_a_link(client, meeting, organiser, name):
    assert client.get(reverse(f"admin:desk:{name}", args=[meeting.slug])).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_first_query_count(client, meeting, organiser, rows, django_assert_num_queries):
    people = [
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
        for _ in range(rows)
    ]
    # session, user, meeting, may decide, those selected once to check and once with their delegation; for the doubts
    # their letters, and who has the same email or name
    with django_assert_num_queries(9):
        post(client, meeting, "selected", "approve", people)


def test_looking_first_names_who_should_be_looked_at(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, required_documents=["nomination"])
    bare = RegistrationFactory(delegation__category=category)
    twin = RegistrationFactory(delegation=bare.delegation, email="same@example.org")
    RegistrationFactory(delegation=bare.delegation, email="SAME@example.org")
    for registration in (twin, fine := RegistrationFactory(delegation=bare.delegation)):
        LetterFactory(registration=registration)
    page = post(client, meeting, "selected", "approve", [bare, twin, fine])
    doubts = {line.registration.pk: line.doubts for line in page.context["lines"]}
    assert doubts == {
        bare.pk: ("No letter, and the category needs one",),
        twin.pk: ("May be registered twice: same name or email",),
        fine.pk: (),
    }
    assert page.context["doubtful"] == 2
