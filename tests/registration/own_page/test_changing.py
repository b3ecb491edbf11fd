"""What a delegate does on the own page, with the code written already."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from registration import workflow
from registration.models import AccessKey, ChangeProposal, Letter, OutgoingMail, RegistrationEvent, SeatOffer, Status
from tests.factories import PDF, LetterFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    """Let this browser change a registration; the key to its page."""

    def open_for(registration):
        session = client.session
        session["may_change"] = {str(registration.pk): timezone.now().timestamp() + 1200}
        session.save()
        return AccessKey.objects.issue(registration)

    return open_for


def address(view, key):
    return reverse(f"private:{view}", args=[key])


def form_of(client, key):
    """What the form would send if nothing were touched."""
    form = client.get(address("change", key)).context["form"]
    return {name: field.value() for name, field in ((n, form[n]) for n in form.fields) if field.value() is not None}


def send(client, key, data, **changed):
    return client.post(address("change", key), data | changed)


def told(client, key):
    return [str(message) for message in client.get(address("page", key)).context["messages"]]


def shown(client, key):
    return client.get(address("page", key)).content.decode()


def errors(response):
    return response.context["form"].non_field_errors()


# Correcting


def test_a_correction_goes_through_at_once_and_is_told_in_the_history(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    response = send(client, key, form_of(client, key), functional_title="Minister", phone="+679 555 0142")
    assert response.url == address("page", key)
    me.refresh_from_db()
    assert (me.functional_title, me.phone, me.status) == ("Minister", "+679 555 0142", Status.SUBMITTED)
    assert told(client, key) == ["Saved."]
    assert "Changed by you. Functional title: from “Director” to “Minister”" in shown(client, key)


def test_sending_it_untouched_changes_nothing(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    send(client, key, form_of(client, key))
    assert told(client, key) == ["Nothing was different."]
    assert RegistrationEvent.objects.count() == 0


def test_names_wait_after_approval_and_stand_beside_each_other(client, enter):
    me = RegistrationFactory(status=Status.APPROVED, role="adviser")
    key = enter(me)
    page = client.get(address("change", key)).content.decode()
    assert page.count("A change waits for the organisers’ word.") == 4
    send(client, key, form_of(client, key), role="head", functional_title="Minister")
    me.refresh_from_db()
    assert (me.role, me.functional_title) == ("adviser", "Minister")
    assert told(client, key) == ["Part of it is changed. The rest waits for the organisers’ word."]
    text = shown(client, key)
    assert '<td dir="auto">Adviser</td><td dir="auto" class="compare__new">Representative' in text
    assert "The organisers, about the change you asked for" in text


def test_what_was_asked_for_can_be_taken_back(client, enter):
    me = RegistrationFactory(status=Status.APPROVED, role="adviser")
    workflow.edit(me.pk, {"role": "head"}, by=None)
    key = enter(me)
    assert "Representative (head of delegation)" in client.get(address("proposal", key)).content.decode()
    client.post(address("proposal", key))
    client.post(address("proposal", key))
    assert ChangeProposal.objects.get().state == "withdrawn"
    assert told(client, key) == ["Taken back. Everything stays as it was.", "No change waits for the organisers now."]
    assert "Change taken back by you" in shown(client, key)


def test_bad_input_comes_back_filled_and_changes_nothing(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    response = send(client, key, form_of(client, key), email="nowhere", functional_title="Minister")
    assert response.status_code == 422
    text = response.content.decode()
    assert "Write the whole address" in text and 'value="Minister"' in text
    me.refresh_from_db()
    assert me.functional_title == "Director"


def test_whoever_was_overtaken_sees_both_and_may_send_again(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    data = form_of(client, key)
    workflow.edit(me.pk, {"functional_title": "Deputy Director"}, by=UserFactory())
    response = send(client, key, data, functional_title="Minister")
    text = response.content.decode()
    assert response.status_code == 422
    assert '<td dir="auto">Deputy Director</td><td dir="auto" class="compare__new">Minister</td>' in text
    me.refresh_from_db()
    assert me.functional_title == "Deputy Director"
    form = response.context["form"]
    again = data | {"functional_title": "Minister", "seen": form["seen"].value(), "status": form["status"].value()}
    assert send(client, key, again).status_code == 302
    me.refresh_from_db()
    assert me.functional_title == "Minister"


def test_a_field_that_others_changed_and_i_did_not_touch_is_not_put_back(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    data = form_of(client, key)
    workflow.edit(me.pk, {"functional_title": "Deputy Director"}, by=UserFactory())
    assert send(client, key, data, phone="+679 555 0142").status_code == 422
    me.refresh_from_db()
    assert (me.functional_title, me.phone) == ("Deputy Director", "")


def test_who_was_approved_meanwhile_is_told_and_loses_nothing(client, enter):
    me = RegistrationFactory()
    key = enter(me)
    data = form_of(client, key)
    workflow.approve(me.pk, by=UserFactory())
    response = send(client, key, data, functional_title="Minister")
    assert "Meanwhile your registration has become approved" in errors(response)[0]
    assert 'value="Minister"' in response.content.decode()
    me.refresh_from_db()
    assert me.functional_title == "Director"


@pytest.mark.parametrize("seen", ["nonsense", "[]", "{}", ""])
def test_a_form_without_its_memory_overwrites_nothing_blindly(client, enter, seen):
    me = RegistrationFactory()
    key = enter(me)
    assert send(client, key, form_of(client, key), seen=seen, functional_title="Minister").status_code == 422
    me.refresh_from_db()
    assert me.functional_title == "Director"


# Returned


@pytest.fixture
def returned():
    me = RegistrationFactory()
    LetterFactory(registration=me, original_name="Blurred.pdf")
    workflow.return_for_correction(me.pk, by=UserFactory(), reason="No date on it.", fields=["letter", "role"])
    me.refresh_from_db()
    return me


def test_the_page_says_what_is_to_be_put_right(client, enter, returned):
    key = enter(returned)
    text = shown(client, key)
    for words in ("Please correct your registration", "No date on it.", "<li>Letter</li>", "Correct and send again"):
        assert words in text
    assert "<dd>You</dd>" in text
    form = client.get(address("change", key)).content.decode()
    assert form.count("Please put this right.") == 2


def test_a_corrected_registration_is_sent_again_with_a_newer_letter_and_the_old_is_kept(client, enter, returned):
    key = enter(returned)
    letter = SimpleUploadedFile("Clear.pdf", PDF + b"%better")
    assert send(client, key, form_of(client, key), role="head", letter=letter).status_code == 302
    returned.refresh_from_db()
    assert (returned.status, returned.role, returned.returned_fields) == (Status.SUBMITTED, "head", [])
    old, new = returned.letters.order_by("pk")
    assert (new.supersedes, new.version, new.delegation) == (old, 2, returned.delegation)
    assert told(client, key) == ["Sent again. The organisers look at it."]
    text = shown(client, key)
    assert "Clear.pdf" in text and "Blurred.pdf" in text and "earlier version" in text
    assert "Corrected and sent again by you" in text


def test_sent_twice_it_is_sent_once(client, enter, returned):
    key = enter(returned)
    data = form_of(client, key)
    for _n in range(2):
        letter = SimpleUploadedFile("Clear.pdf", PDF + b"%better")
        assert send(client, key, data, role="head", letter=letter).status_code == 302
    assert returned.letters.count() == 2
    assert list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)) == ["returned", "submitted"]


def test_a_good_letter_is_not_asked_for_twice(client, enter, returned):
    key = enter(returned)
    letter = SimpleUploadedFile("Clear.pdf", PDF + b"%better")
    data = form_of(client, key)
    response = send(client, key, data, email="nowhere", letter=letter)
    assert "We have “Clear.pdf”" in response.content.decode()
    receipt = response.context["form"]["letter_receipt"].value()
    assert send(client, key, data, letter_receipt=receipt).status_code == 302
    assert returned.letters.get(superseded_by=None).original_name == "Clear.pdf"


def test_a_file_that_is_no_letter_is_told_and_nothing_is_sent(client, enter, returned):
    key = enter(returned)
    response = send(client, key, form_of(client, key), letter=SimpleUploadedFile("a.docx", b"PK\x03\x04..."))
    assert response.status_code == 422
    returned.refresh_from_db()
    assert (returned.status, Letter.objects.count()) == (Status.RETURNED, 1)


# Back again


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_who_went_comes_again_with_the_answers_filled_in(client, enter, status):
    me = RegistrationFactory(status=status, functional_title="Director")
    key = enter(me)
    assert "Come again" in shown(client, key)
    letter = SimpleUploadedFile("Better.pdf", PDF)
    send(client, key, form_of(client, key), functional_title="Minister", letter=letter)
    me.refresh_from_db()
    assert (me.status, me.functional_title) == (Status.SUBMITTED, "Minister")
    assert me.letters.get().original_name == "Better.pdf"
    assert told(client, key) == ["You are back. The organisers look at it."]
    assert "Registered again by you" in shown(client, key)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"delegation__category__is_open": False}, "is closed"),
        ({"delegation__category__typist": "focal_point"}, "In your category the focal point registers everybody"),
    ],
)
def test_where_nobody_comes_back_the_page_says_why(client, enter, values, why):
    me = RegistrationFactory(status=Status.WITHDRAWN, **values)
    key = enter(me)
    text = shown(client, key)
    assert why in text and "Come again" not in text
    assert client.post(address("change", key), {"status": "withdrawn"}).url == address("page", key)
    me.refresh_from_db()
    assert me.status == Status.WITHDRAWN


def test_who_comes_back_to_a_full_delegation_waits(client, enter):
    me = RegistrationFactory(status=Status.WITHDRAWN, delegation__quota=1)
    RegistrationFactory(delegation=me.delegation)
    key = enter(me)
    send(client, key, form_of(client, key))
    assert "You are on the waiting list" in shown(client, key)


# Leaving


def test_withdrawing_is_asked_once_more_and_passes_the_seat_on(client, enter):
    me = RegistrationFactory(delegation__quota=1, status=Status.APPROVED)
    waiting = RegistrationFactory(delegation=me.delegation, status=Status.WAITLISTED)
    key = enter(me)
    assert client.get(address("withdraw", key)).status_code == 200
    client.post(address("withdraw", key), {"reason": "Ill."})
    client.post(address("withdraw", key), {"reason": "Ill."})
    me.refresh_from_db()
    assert (me.status, me.status_reason) == (Status.WITHDRAWN, "Ill.")
    assert told(client, key)[-1] == "There is nothing to withdraw any more."
    assert SeatOffer.objects.get().registration == waiting


# A seat that is kept


@pytest.fixture
def kept():
    leaving = RegistrationFactory(delegation__quota=1)
    me = RegistrationFactory(delegation=leaving.delegation, status=Status.WAITLISTED)
    workflow.withdraw(leaving.pk)
    return me


def test_the_page_says_until_when_and_offers_both_answers(client, enter, kept):
    key = enter(kept)
    text = shown(client, key)
    assert "A seat is kept for you until" in text and "<dd>You</dd>" in text
    assert 'value="take"' in text and 'value="leave"' in text


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ("take", Status.SUBMITTED, "The seat is yours. The organisers look at your registration now."),
        ("leave", Status.WAITLISTED, "The seat goes to the next in line. You wait on at the end."),
    ],
)
def test_taking_or_leaving_it(client, enter, kept, answer, status, words):
    key = enter(kept)
    client.post(address("seat", key), {"answer": answer})
    kept.refresh_from_db()
    assert kept.status == status
    assert told(client, key) == [words]


def test_pressed_without_a_code_the_answer_is_asked_for_once_more(client, kept):
    key = AccessKey.objects.issue(kept)
    response = client.post(address("seat", key), {"answer": "take"})
    assert response.url == f"{address('code', key)}?then=seat"
    kept.refresh_from_db()
    assert kept.status == Status.WAITLISTED


def test_a_seat_that_is_gone_is_told(client, enter, kept):
    key = enter(kept)
    SeatOffer.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    client.post(address("seat", key), {"answer": "take"})
    assert told(client, key) == ["No seat is kept for you now. We write to you when it is your turn."]


def test_an_answer_that_no_button_sends_changes_nothing(client, enter, kept):
    key = enter(kept)
    assert client.post(address("seat", key), {"answer": "sell"}).status_code == 200
    assert SeatOffer.objects.get().state == "open"


# The page itself


@pytest.mark.parametrize("n", [1, 3])
def test_query_count_of_the_page(client, n, django_assert_num_queries):
    me = RegistrationFactory(status=Status.APPROVED, role="adviser")
    workflow.edit(me.pk, {"role": "head"}, by=None)
    for number in range(n):
        LetterFactory(registration=me)
        workflow.edit(me.pk, {"phone": str(number)}, by=UserFactory())
    key = AccessKey.objects.issue(me)
    client.get(address("page", key))
    # registration, proposal, answers, letters, events, focal points; messages, what can be issued and what was, whether
    # the address works, whether information is wanted, whether the list has contact details
    with django_assert_num_queries(12):
        client.get(address("page", key))


def test_organisers_have_no_names_there(client):
    me = RegistrationFactory()
    workflow.approve(me.pk, by=UserFactory(name="Suda P."))
    text = shown(client, AccessKey.objects.issue(me))
    assert "Approved by the organisers" in text and "Suda" not in text


# Sent back, and sent again as it was


def sent_back(fields=("letter",)):
    me = RegistrationFactory()
    LetterFactory(registration=me, delegation=me.delegation, meeting=me.meeting)
    workflow.return_for_correction(me.pk, by=UserFactory(), reason="Sign the letter.", fields=list(fields))
    me.refresh_from_db()
    return me


def test_what_was_returned_is_sent_again_unchanged_only_after_a_word(client, enter):
    me = sent_back()
    key = enter(me)
    assert "all_the_same" not in client.get(address("change", key)).content.decode()
    response = send(client, key, form_of(client, key))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was changed since it was returned." in text
    assert 'href="#id_all_the_same"' in text and 'id="id_all_the_same"' in text
    me.refresh_from_db()
    assert me.status == Status.RETURNED
    assert send(client, key, form_of(client, key), all_the_same="on").status_code == 302
    me.refresh_from_db()
    assert me.status == Status.SUBMITTED


@pytest.mark.parametrize("how", ["a field", "a letter", "the focal point"])
def test_whoever_put_something_right_is_not_asked(client, enter, how):
    me = sent_back()
    if how == "the focal point":
        workflow.edit(me.pk, {"phone": "+679 555 0142"}, by=UserFactory())
    key = enter(me)
    changed = {
        "a field": {"functional_title": "Minister"},
        "a letter": {"letter": SimpleUploadedFile("new.pdf", PDF + b"new", "application/pdf")},
    }.get(how, {})
    assert send(client, key, form_of(client, key), **changed).status_code == 302
    me.refresh_from_db()
    assert me.status == Status.SUBMITTED
