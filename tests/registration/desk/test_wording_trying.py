"""Words tried out: the message as its reader gets it, in a frame that can do nothing; and a test to oneself."""

import re

import pytest
from django.urls import reverse

from meeting.models import Role
from registration import texts
from registration.mail import trying
from registration.models import AccessKey, HeldKind, LetterSetup, OutgoingMail, Registration, Status, Wording
from tests.factories import CategoryFactory, ChildFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
WORDS = {"subject": "Yes, {{ reference }}", "title": "You come", "body": "We are glad, {{ name }}."}


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def at(meeting, name="wording_preview", kind="approved", language="en", category=None):
    path = reverse(f"admin:desk:{name}", args=[meeting.slug, kind, language])
    return f"{path}?category={category.code}" if category else path


def look(client, meeting, *, kind="approved", language="en", **data):
    response = client.post(at(meeting, kind=kind, language=language), {**WORDS, **data})
    assert response.status_code == 200
    return response.content.decode()


def test_unsaved_words_are_shown_as_a_message_and_nothing_is_kept(client, meeting, organiser):
    page = look(client, meeting)
    assert "Yes, EAP-7F3K2" in page
    assert "We are glad, <bdi>Ms. Salote Vuki</bdi>." in page
    assert meeting.short_title in page
    assert not Wording.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_without_words_the_preview_is_of_those_in_force(client, meeting, organiser):
    texts.save(meeting, "approved", None, "en", texts.Words("s", "t", "What we say now"), by=None)
    assert "What we say now" in client.get(at(meeting)).content.decode()


def test_the_text_part_is_shown_as_it_is_sent(client, meeting, organiser):
    page = look(client, meeting, part="text", body="**Hello** {{ name }}\n\n- a\n- b")
    assert "Hello Ms. Salote Vuki\n- a\n- b" in page


def test_the_frame_runs_nothing_loads_nothing_and_leads_nowhere(client, meeting, organiser):
    for part in ("html", "text"):
        response = client.post(at(meeting), {**WORDS, "part": part})
        policy = response["Content-Security-Policy"]
        assert "sandbox;" in policy
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "allow-" not in policy
        assert "frame-ancestors 'self'" in policy
        assert "no-store" in response["Cache-Control"]
        assert "href=" not in response.content.decode()
    page = client.get(at(meeting, "wording"))
    assert 'sandbox=""' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("part", ["html", "text"])
def test_what_is_typed_is_text_in_every_part(client, meeting, organiser, part):
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    person = RegistrationFactory(delegation__category__meeting=meeting, display_name=f"Ana {evil}"[:100])
    for who in ("", person.reference, evil):
        page = look(client, meeting, part=part, subject=evil, title=evil, body=f"{evil} {{{{ name }}}}", who=who)
        assert "<script>" not in page
        assert "<img" not in page


def test_what_is_wrong_stands_in_the_frame_instead(client, meeting, organiser):
    page = look(client, meeting, body="One\n{{ nmae }}<b>")
    assert "Line 2: There is no placeholder" in page
    assert "<b>" not in page


def test_every_fact_can_be_switched(client, meeting, organiser):
    body = "{% if in_person %}Come{% elif online %}Log in{% else %}Stay{% endif %}"
    shown = [re.search("Come|Log in|Stay", look(client, meeting, body=body, fact=fact)) for fact in (
        ["in_person"], ["online"], [], ["made_up"],
    )]  # fmt: skip
    assert [found.group() for found in shown if found] == ["Come", "Log in", "Stay", "Stay"]


@pytest.mark.parametrize("code", ["en", "ar", "zh-hans"])
@pytest.mark.parametrize("kind", [kind for kind, known in texts.KINDS.items() if known.is_edited])
def test_every_kind_of_words_has_a_preview(client, meeting, organiser, kind, code):
    page = client.get(at(meeting, kind=kind, language=code)).content.decode()
    assert "\ue000" not in page
    assert "{{" not in page
    assert "{%" not in page


def test_with_a_real_person_their_own_words_stand_in_it(client, meeting, organiser):
    person = RegistrationFactory(
        delegation__category__meeting=meeting, status=Status.REJECTED, status_reason="No letter came.", honorific="ms"
    )
    for who in (person.reference, person.display_name):
        page = look(client, meeting, kind="rejected", who=who, body="{{ reason }}")
        assert "No letter came." in page
        assert person.reference in page
        assert "EAP-7F3K2" not in page
    assert not AccessKey.objects.exists()


@pytest.mark.parametrize("part", ["html", "text"])
def test_who_is_not_there_yet_reads_the_message_as_if_it_came_to_that(client, meeting, organiser, part):
    person = RegistrationFactory(delegation__category__meeting=meeting, display_name="Ana Raturaga")
    page = look(client, meeting, who=person.reference, part=part)
    assert "would read it, if it came to “Approved”. Today: “Submitted”." in page
    assert "The organisers" not in page  # who acts next is said as of an approved person
    if part == "html":
        mail = page.split("Today:")[1].split("</span>", 1)[1]
        assert "Approved" in mail and "Submitted" not in mail
    Registration.objects.filter(pk=person.pk).update(status=Status.APPROVED)
    assert "would read it" not in look(client, meeting, who=person.reference, part=part)


def test_nobody_of_another_meeting_and_no_child_is_shown(client, meeting, organiser):
    elsewhere = RegistrationFactory(display_name="Somebody Elsewhere")
    child = ChildFactory(delegation__category__meeting=meeting)
    draft = RegistrationFactory(delegation__category__meeting=meeting, status=Status.DRAFT, display_name="Not Sent")
    for person in (elsewhere, child, draft):
        for who in (person.reference, person.display_name):
            page = look(client, meeting, who=who)
            assert person.display_name not in page
            assert person.reference not in page
            assert "made-up person" in page


def test_for_one_category_only_its_people_are_shown(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting)
    other = RegistrationFactory(delegation__category__meeting=meeting)
    page = client.post(at(meeting, category=category), {**WORDS, "who": other.reference}).content.decode()
    assert other.reference not in page


def test_light_and_dark_are_shown_whatever_the_screen_is(client, meeting, organiser):
    assert "@media all {" in look(client, meeting, scheme="dark")
    light = look(client, meeting, scheme="light")
    assert "prefers-color-scheme" not in light
    assert "@media not all" in light


def test_words_tried_out_do_not_take_the_place_of_those_in_use(client, meeting, organiser):
    from registration.mail.rendering import _lay_out

    before = _lay_out.cache_info().currsize
    for n in range(5):
        look(client, meeting, body=f"Try {n}")
    assert _lay_out.cache_info().currsize == before


# A test to oneself


def test_a_test_goes_to_oneself_alone_is_marked_and_leads_nowhere(client, meeting, organiser):
    person = RegistrationFactory(delegation__category__meeting=meeting)
    data = {**WORDS, "to": "other@example.org", "email": "other@example.org", "who": person.reference}
    page = client.post(at(meeting, "wording_test"), data)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.kind, mail.registration, mail.focal_user) == (organiser.email, "test", None, None)
    assert mail.subject == "[TEST] Yes, EAP-7F3K2"
    assert "We are glad, Ms. Salote Vuki." in mail.text
    assert person.display_name not in mail.text + mail.html
    assert "[[private link]]" not in mail.text + mail.html
    assert "/r/test/" in mail.text
    assert organiser.email in page.content.decode()
    assert client.get("/r/test/").status_code in (404, 410)
    assert not AccessKey.objects.exists()
    assert not Wording.objects.exists()


def test_after_a_test_everything_typed_still_stands_there(client, meeting, organiser):
    page = client.post(at(meeting, "wording_test"), {**WORDS, "seen": 0, "who": "Ana", "fact": ["online"]})
    assert page.status_code == 200
    assert [f["text"] for f in page.context["fields"]] == list(WORDS.values())
    assert page.context["who"] == "Ana"
    assert [f.name for f in page.context["facts"] if f.is_on] == ["online"]


def test_pressed_twice_it_is_one_message_and_other_words_are_another(client, meeting, organiser):
    for body in ("One", "One", "Two"):
        client.post(at(meeting, "wording_test"), {**WORDS, "body": body})
    assert OutgoingMail.objects.count() in (2, 3)  # three, where the minute ended between the first two
    assert OutgoingMail.objects.values("key").distinct().count() == OutgoingMail.objects.count()


def test_of_tests_there_are_only_so_many_in_an_hour(client, meeting, organiser, monkeypatch):
    monkeypatch.setattr(trying, "MOST_TESTS", 2)
    for n in range(4):
        page = client.post(at(meeting, "wording_test"), {**WORDS, "body": f"Words {n}"})
    assert OutgoingMail.objects.count() == 2
    assert "Go on later" in page.content.decode()


def test_words_that_are_wrong_are_not_mailed(client, meeting, organiser):
    assert client.post(at(meeting, "wording_test"), {**WORDS, "body": "{{ x }}"}).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_a_test_never_waits_for_a_reader(client, meeting, organiser):
    HeldKind.objects.create(meeting=meeting, kind="test")
    HeldKind.objects.create(meeting=meeting, kind="approved")
    client.post(at(meeting, "wording_test"), WORDS)
    assert OutgoingMail.objects.get().state == "queued"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_who_does_not_organise_tries_nothing_out(client, meeting, role):
    client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
    assert client.post(at(meeting), WORDS).status_code == 403
    assert client.post(at(meeting, "wording_test"), WORDS).status_code == 403


def test_a_focal_point_asked_to_endorse_is_not_told_that_the_message_is_for_somebody_else(client, meeting, organiser):
    page = client.get(at(meeting, kind="endorsement_asked")).content.decode()
    assert "to whom we do not write" not in page
    assert "Ms. Salote Vuki" in page


# Letters


def test_the_preview_of_a_letter_is_its_page_as_it_would_be_drawn(client, meeting, organiser):
    words = {"subject": "Letter", "title": "Invitation", "body": "We invite {{ name }}.\n\n- <b>one</b>"}
    person = RegistrationFactory(delegation__category__meeting=meeting, display_name="Ana Vuki")
    for who in ("", person.reference):
        page = look(client, meeting, kind="letter_invitation", who=who, **words)
        assert page.count('src="data:image/png;base64,') == 1
    text = look(client, meeting, kind="letter_invitation", who=person.reference, part="text", **words)
    assert "Ana Vuki" in text
    assert "&lt;b&gt;one&lt;/b&gt;" in text
    assert not LetterSetup.objects.exists()


def test_a_letter_is_no_message_to_be_mailed(client, meeting, organiser):
    assert client.post(at(meeting, "wording_test", kind="letter_invitation"), WORDS).status_code == 404
    assert "Send me a test" not in client.get(at(meeting, "wording", kind="letter_invitation")).content.decode()
