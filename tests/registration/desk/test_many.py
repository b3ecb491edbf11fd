"""Many at once: look first, then each succeeds or fails by itself."""

import uuid

import pytest
from django.urls import reverse

from meeting.models import Role
from registration import workflow
from registration.models import (
    BulkDecision,
    BulkRow,
    CannedReason,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    Status,
)
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


def look(client, meeting, move, people, query="", **values):
    data = {"move": move, "selected": [p.reference for p in people], **values}
    return client.post(reverse("admin:desk:selected", args=[meeting.slug]) + query, data)


def confirm(client, meeting, page, query="", **values):
    """Send what the page that was looked at would send."""
    data = {
        "move": page.context["move"],
        "token": page.context["token"],
        "row": [line.row for line in page.context["will"]],
        **values,
    }
    return client.post(reverse("admin:desk:confirmed", args=[meeting.slug]) + query, data)


def do(client, meeting, move, people, **values):
    """Look, confirm, and open the result."""
    answer = confirm(client, meeting, look(client, meeting, move, people), **values)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url)


def states(*people):
    return [Registration.objects.get(pk=p.pk).status for p in people]


def results(page):
    return {row.registration_id: (row.state, row.told) for row in page.context["rows"]}


# Looking first


def test_looking_first_changes_nothing_and_names_each_mail(client, meeting, organiser, three):
    decided = RegistrationFactory(delegation=three[0].delegation, status=Status.APPROVED)
    response = look(client, meeting, "approve", [*three, decided])
    assert response.status_code == 200
    assert [(line.registration.pk, line.refusal) for line in response.context["lines"]] == [
        *((p.pk, "") for p in three),
        (decided.pk, "Is approved already."),
    ]
    page = response.content.decode()
    assert "3 mails go out at once." in page
    assert all(f"<bdi>{p.email}</bdi>" in page for p in three)
    assert decided.email not in page
    assert states(*three) == ["submitted"] * 3
    assert not OutgoingMail.objects.exists()
    assert not BulkDecision.objects.exists()


def test_the_page_says_how_long_the_mails_wait(client, organiser, meeting, three):
    meeting.decision_grace_minutes = 5
    meeting.save()
    page = look(client, meeting, "reject", three).content.decode()
    assert "3 mails go out after 5 minutes; until then all can be undone." in page


def test_one_mail_is_shown_as_its_reader_gets_it(client, meeting, organiser, three):
    arab = RegistrationFactory(delegation=three[0].delegation, language="ar")
    page = look(client, meeting, "approve", [*three, arab])
    assert page.context["languages"] == [("en", 3), ("ar", 1)]
    assert page.context["example"].reader.email == three[0].email
    assert three[0].reference in page.context["example"].message.subject
    assert "you are approved" in page.context["example"].message.subject
    assert "[[" not in page.content.decode()
    arabic = look(client, meeting, "approve", [*three, arab], example="ar")
    assert arabic.context["example"].reader.email == arab.email
    assert 'dir="rtl">' in arabic.content.decode()


def test_the_mail_is_shown_with_the_reason_in_the_language_of_its_reader(client, meeting, organiser, delegation):
    french = RegistrationFactory(delegation=delegation, language="fr")
    ready = CannedReason.objects.create(
        meeting=meeting, use="reject", name="Late", text_en="Too late.", text_fr="Trop tard."
    )
    page = look(client, meeting, "reject", [french])
    assert "[Your reason stands here.]" in page.context["example"].message.text
    page = look(client, meeting, "reject", [french], canned=ready.pk)
    assert "Trop tard." in page.context["example"].message.text
    page = look(client, meeting, "reject", [french], canned=ready.pk, reason="My own words.")
    assert "My own words." in page.context["example"].message.text


def test_a_page_that_is_looked_at_again_keeps_what_was_typed(client, meeting, organiser, three):
    first = look(client, meeting, "return", three)
    data = {"move": "return", "token": first.context["token"], "row": [line.row for line in first.context["will"]]}
    again = client.post(
        reverse("admin:desk:selected", args=[meeting.slug]),
        {**data, "reason": "See the letter.", "fields_to_mend": ["family_name"], "example": "en"},
    )
    page = again.content.decode()
    assert again.context["token"] == first.context["token"]
    assert ">See the letter.</textarea>" in page
    assert 'value="family_name" checked' in page


def test_looking_first_names_who_should_be_looked_at(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, required_documents=["nomination"])
    bare = RegistrationFactory(delegation__category=category)
    twin = RegistrationFactory(delegation=bare.delegation, email="same@example.org")
    RegistrationFactory(delegation=bare.delegation, email="SAME@example.org")
    for registration in (twin, fine := RegistrationFactory(delegation=bare.delegation)):
        LetterFactory(registration=registration)
    page = look(client, meeting, "approve", [bare, twin, fine])
    doubts = {line.registration.pk: line.doubts for line in page.context["lines"]}
    assert doubts == {
        bare.pk: ("No letter, and the category needs one",),
        twin.pk: ("May be registered twice: same name or email",),
        fine.pk: (),
    }
    assert page.context["doubtful"] == 2


def test_who_should_be_looked_at_comes_first_and_can_be_left_out(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, required_documents=["nomination"])
    fine = RegistrationFactory(delegation__category=category)
    LetterFactory(registration=fine)
    bare = RegistrationFactory(delegation=fine.delegation)
    page = look(client, meeting, "approve", [fine, bare])
    assert [line.registration for line in page.context["lines"]] == [bare, fine]
    assert "Leave out those to be looked at" in page.content.decode()
    rows = [line.row for line in page.context["will"]]
    data = {"move": "approve", "token": page.context["token"], "row": rows, "leave_out": "1"}
    page = client.post(reverse("admin:desk:selected", args=[meeting.slug]), data)
    assert [line.registration for line in page.context["lines"]] == [fine]
    assert "Leave out those to be looked at" not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
# Two of them read the words of the meeting, which are then kept.
@pytest.mark.parametrize(("move", "queries"), [("approve", 13), ("reject", 11), ("return", 12), ("assign", 9)])
def test_looking_first_query_count(client, meeting, organiser, rows, move, queries, django_assert_num_queries):
    people = [
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
        for _ in range(rows)
    ]
    with django_assert_num_queries(queries):
        look(client, meeting, move, people)


# Confirming


def test_all_are_approved_with_a_mail_each(client, meeting, organiser, three):
    page = do(client, meeting, "approve", three)
    assert results(page) == {p.pk: ("done", "") for p in three}
    assert "3 people approved" in page.content.decode()
    assert states(*three) == ["approved"] * 3
    assert sorted(OutgoingMail.objects.values_list("to", "kind")) == sorted((p.email, "approved") for p in three)
    assert set(RegistrationEvent.objects.values_list("by", flat=True)) == {organiser.pk}
    entry = meeting.audit_entries.get()
    assert (entry.action, entry.about, entry.by) == ("bulk", "approve", organiser)
    assert (entry.detail["done"], entry.detail["refused"]) == (3, 0)


def test_who_was_decided_on_meanwhile_is_told_calmly_and_the_others_go_through(client, meeting, organiser, three):
    looked = look(client, meeting, "reject", three)
    workflow.approve(three[1].pk, by=UserFactory(name="Somchai R."))
    page = client.get(confirm(client, meeting, looked, reason="Full.").url)
    assert {pk: state for pk, (state, _) in results(page).items()} == {
        three[0].pk: "done",
        three[1].pk: "refused",
        three[2].pk: "done",
    }
    told = results(page)[three[1].pk][1]
    assert told.startswith(f"{three[1].printed_name} is approved: Somchai R. did that at ")
    assert page.context["rows"][0].registration_id == three[1].pk  # not done first
    assert states(*three) == ["rejected", "approved", "rejected"]
    assert OutgoingMail.objects.filter(registration=three[1]).count() == 1


def test_a_fault_of_one_leaves_the_others_alone(client, meeting, organiser, three, monkeypatch):
    real = workflow.approve

    def faulty(pk, **rest):
        real(pk, **rest)
        if pk == three[1].pk:
            raise RuntimeError("disk")

    monkeypatch.setattr(workflow, "approve", faulty)
    page = do(client, meeting, "approve", three)
    assert states(*three)[::2] == ["approved", "approved"]
    state, told = results(page)[three[1].pk]
    assert state == "refused"
    assert told.startswith("A fault on our side: nothing was changed.")
    assert "disk" not in page.content.decode()


def test_rejecting_many_needs_one_reason_and_nothing_typed_is_lost(client, meeting, organiser, three):
    looked = look(client, meeting, "reject", three)
    response = confirm(client, meeting, looked, reason="")
    assert response.status_code == 422
    assert "Give a reason: the delegates read it." in response.content.decode()
    assert response.context["token"] == looked.context["token"]
    assert [line.registration.pk for line in response.context["lines"]] == [p.pk for p in three]
    assert states(*three) == ["submitted"] * 3
    confirm(client, meeting, response, reason="The meeting is full.")
    assert states(*three) == ["rejected"] * 3
    assert set(Registration.objects.values_list("status_reason", flat=True)) == {"The meeting is full."}


def test_a_ready_reason_is_read_by_each_in_their_language(client, meeting, organiser, delegation):
    people = [RegistrationFactory(delegation=delegation, language=code) for code in ("en", "fr", "ru")]
    ready = CannedReason.objects.create(
        meeting=meeting, use="reject", name="Late", text_en="Too late.", text_fr="Trop tard."
    )
    do(client, meeting, "reject", people, canned=ready.pk)
    reasons = [Registration.objects.get(pk=p.pk).status_reason for p in people]
    assert reasons == ["Too late.", "Trop tard.", "Too late."]
    french = OutgoingMail.objects.get(registration=people[1])
    assert "Trop tard." in french.text


def test_a_ready_reason_of_another_use_or_meeting_is_not_taken(client, meeting, organiser, three):
    foreign = CannedReason.objects.create(meeting=MeetingFactory(), use="reject", name="Late", text="Too late.")
    other = CannedReason.objects.create(meeting=meeting, use="return", name="Letter", text="The letter is missing.")
    for ready in (foreign, other):
        answer = confirm(client, meeting, look(client, meeting, "reject", three), canned=ready.pk)
        assert answer.status_code == 422
    assert states(*three) == ["submitted"] * 3


def test_many_are_returned_with_what_is_to_be_put_right(client, meeting, organiser, three):
    looked = look(client, meeting, "return", three)
    assert confirm(client, meeting, looked, reason="See below.").status_code == 422
    confirm(client, meeting, looked, reason="See below.", fields_to_mend=["family_name", "letter"])
    assert states(*three) == ["returned"] * 3
    assert Registration.objects.get(pk=three[0].pk).returned_fields == ["family_name", "letter"]
    assert OutgoingMail.objects.filter(kind="returned").count() == 3


def test_many_are_put_on_the_waiting_list_with_or_without_a_reason(client, meeting, organiser, three):
    page = do(client, meeting, "waitlist", three)
    assert results(page) == {p.pk: ("done", "") for p in three}
    assert states(*three) == ["waitlisted"] * 3
    assert all(Registration.objects.values_list("kept_waiting", flat=True))


def test_many_are_given_to_a_colleague_and_nobody_is_mailed(client, meeting, organiser, three):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    looked = look(client, meeting, "assign", three)
    assert "No mail goes out." in looked.content.decode()
    assert confirm(client, meeting, looked).status_code == 422
    stranger = StaffRoleFactory(role=Role.REVIEWER).user
    assert confirm(client, meeting, looked, assigned_to=stranger.pk).status_code == 422
    page = client.get(confirm(client, meeting, looked, assigned_to=colleague.pk).url)
    assert results(page) == {p.pk: ("done", "") for p in three}
    assert set(Registration.objects.values_list("assigned_to", flat=True)) == {colleague.pk}
    assert not OutgoingMail.objects.exists()


# Once, and only for one's own


def test_confirming_twice_is_one_decision(client, meeting, organiser, three):
    looked = look(client, meeting, "approve", three)
    first, second = confirm(client, meeting, looked), confirm(client, meeting, looked)
    assert first.url == second.url
    assert BulkDecision.objects.count() == 1
    assert RegistrationEvent.objects.count() == 3
    assert OutgoingMail.objects.count() == 3


def test_the_token_of_somebody_elses_page_confirms_nothing(client, meeting, organiser, three):
    looked = look(client, meeting, "approve", three[:1])
    confirm(client, meeting, looked)
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    theirs = look(client, meeting, "approve", three[1:], token=looked.context["token"])
    assert confirm(client, meeting, theirs).status_code == 404
    assert states(*three) == ["approved", "submitted", "submitted"]


def test_nobody_selected_is_said_on_the_queue(client, meeting, organiser, three):
    response = client.post(reverse("admin:desk:selected", args=[meeting.slug]) + "?letter=no", {"move": "approve"})
    assert response.url == reverse("admin:desk:queue", args=[meeting.slug]) + "?letter=no"
    assert "Nobody is selected. Tick at least one person." in client.get(response.url).content.decode()


@pytest.mark.parametrize("move", ["withdraw", "", "x" * 500])
def test_an_unknown_move_leads_back_to_the_queue(client, meeting, organiser, three, move):
    assert look(client, meeting, move, three).status_code == 302
    assert states(*three) == ["submitted"] * 3


@pytest.mark.parametrize("name", ["selected", "confirmed"])
def test_people_of_another_meeting_cannot_be_slipped_in(client, meeting, organiser, three, name):
    foreign = RegistrationFactory()
    draft = RegistrationFactory(delegation=three[0].delegation, status=Status.DRAFT)
    address = reverse(f"admin:desk:{name}", args=[meeting.slug])
    for intruder in (foreign.reference, draft.reference, "EAP-😀", "x" * 500):
        for field in ("selected", "row"):
            data = {"move": "approve", field: [*(p.reference for p in three), intruder], "token": uuid.uuid4()}
            assert client.post(address, data).status_code == 302
    assert states(*three, foreign, draft) == ["submitted"] * 4 + ["draft"]
    assert not BulkDecision.objects.exists()


def test_a_reviewer_with_limits_decides_on_their_category_only(client, meeting, three):
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    role.reviewed_categories.create(category=three[0].delegation.category)
    other = RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    client.force_login(role.user)
    assert look(client, meeting, "approve", [*three, other]).status_code == 302
    do(client, meeting, "approve", three)
    assert states(*three, other) == ["approved"] * 3 + ["submitted"]


def test_more_than_five_hundred_are_refused_before_anything_happens(client, meeting, organiser, three, monkeypatch):
    monkeypatch.setattr("registration.desk.forms.MOST_AT_ONCE", 2)
    response = look(client, meeting, "approve", three)
    assert [str(m) for m in client.get(response.url).context["messages"]] == ["Decide on at most 2 at once."]
    assert states(*three) == ["submitted"] * 3


def test_all_that_the_filter_leaves_up_to_the_limit(client, meeting, organiser, three, monkeypatch):
    other = RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    address = reverse("admin:desk:selected", args=[meeting.slug])
    query = f"?category={three[0].delegation.category_id}"
    page = client.post(address + query, {"move": "approve", "all": "1"})
    assert {line.registration.pk for line in page.context["lines"]} == {p.pk for p in three}
    monkeypatch.setattr("registration.desk.forms.MOST_AT_ONCE", 2)
    page = client.post(address, {"move": "approve", "all": "1"})
    assert len(page.context["lines"]) == 2
    assert "These are the first" in page.content.decode()
    assert states(*three, other) == ["submitted"] * 4


def test_five_hundred_fit_into_one_form(settings):
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS > 550


@pytest.mark.parametrize("name", ["selected", "confirmed"])
def test_nothing_is_decided_by_a_link(client, meeting, organiser, name):
    assert client.get(reverse(f"admin:desk:{name}", args=[meeting.slug])).status_code == 405
    assert not BulkRow.objects.exists()


# Undoing


def test_the_result_says_what_is_true_after_undoing(client, meeting, organiser, three):
    meeting.decision_grace_minutes = 5
    meeting.save()
    assert "<h1>3 people approved</h1>" in do(client, meeting, "approve", three).content.decode()
    token = BulkDecision.objects.get().token
    undo = reverse("admin:desk:bulk_undo", args=[meeting.slug, token])
    page = client.post(undo, follow=True).content.decode()
    assert "<h1>3 decisions undone</h1>" in page
    assert "3 were undone; nobody was told." in page
    assert "on their way" not in page
