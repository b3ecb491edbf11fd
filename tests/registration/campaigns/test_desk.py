"""The organisers' pages: writing, looking first, sending off once, and what became of each."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration.campaigns import running, starting
from registration.models import Campaign, MailState, MessageChoice, OutgoingMail, Registration, SavedView, Status
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory

from . import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unannounced(unannounced):
    """What is announced reaches no broker."""


@pytest.fixture
def meeting():
    return MeetingFactory(time_zone="Europe/Berlin")


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def organiser(client, meeting):
    user = made.organiser(meeting)
    client.force_login(user)
    return user


def page(name, meeting, *args):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *args])


def form_of(response, **values):
    """What the form on the page would send."""
    form = response.context["form"]
    return {f.html_name: f.value() for f in form if f.value() is not None} | values


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


WRITTEN = {"subject_en": "Rooms", "title_en": "Rooms", "body_en": "{{ name }}, the hotel is full soon."}


def test_from_the_list_of_people_to_the_outbox(client, meeting, delegation, organiser):
    approved = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    RegistrationFactory(delegation=delegation)
    people = client.get(page("people", meeting), {"status": "approved"})
    assert f"{page('campaign_new', meeting)}?status=approved" in people.content.decode()

    blank = client.get(f"{page('campaign_new', meeting)}?status=approved")
    answer = client.post(page("campaign_new", meeting), form_of(blank, name="Rooms", **WRITTEN))
    campaign = Campaign.objects.get()
    assert (answer.url, campaign.query) == (page("campaign_look", meeting, campaign.token), "status=approved")
    look = client.get(answer.url)
    assert "Send to 1 person" in text(look)
    assert approved.email in text(look)
    assert not OutgoingMail.objects.exists()

    sent = client.post(page("campaign_send", meeting, campaign.token), form_of(look))
    assert sent.url == page("campaign", meeting, campaign.token)
    running.run(campaign.pk)
    assert OutgoingMail.objects.get().to == approved.email
    report = client.get(sent.url)
    assert [line.reference for line in report.context["rows"]] == [approved.reference]
    assert "Waiting to be sent 1" in text(report)


def test_one_form_sent_twice_is_one_draft_and_one_button_pressed_twice_one_sending(
    client, meeting, delegation, organiser
):
    RegistrationFactory(delegation=delegation)
    data = form_of(client.get(page("campaign_new", meeting)), name="Rooms", **WRITTEN)
    for _again in range(2):
        client.post(page("campaign_new", meeting), data)
    campaign = Campaign.objects.get()
    look = client.get(page("campaign_look", meeting, campaign.token))
    for _again in range(2):
        client.post(page("campaign_send", meeting, campaign.token), form_of(look))
    running.run(campaign.pk)
    assert OutgoingMail.objects.count() == 1
    assert AuditEntry.objects.filter(action="campaign", detail__what="sent_off").count() == 1


def test_errors_name_the_line_and_the_placeholder_and_lose_nothing(client, meeting, organiser):
    data = form_of(client.get(page("campaign_new", meeting)), name="", **WRITTEN)
    data |= {"body_en": "Hello.\n\nYour {{ refference }}", "subject_fr": "Chambres", "body_ar": "{% for x in y %}"}
    answer = client.post(page("campaign_new", meeting), data)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert errors["name"] == ["Give it a name, by which you find it again."]
    assert errors["body_en"] == ["Line 3: There is no placeholder “refference”. Did you mean “reference”?"]
    assert "“for” cannot be used here." in errors["body_ar"][0]
    assert errors["title_fr"] and errors["body_fr"]
    assert "{{ refference }}" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_nothing_written_is_said_once(client, meeting, organiser):
    data = form_of(client.get(page("campaign_new", meeting)), name="Rooms")
    answer = client.post(page("campaign_new", meeting), data)
    assert answer.context["form"].errors == {"subject_en": ["Write the message in one language at least."]}


def test_to_focal_points_nothing_can_be_said_of_one_person(client, meeting, organiser):
    data = form_of(client.get(page("campaign_new", meeting)), name="Rooms", **WRITTEN) | {"audience": "focal"}
    data |= {"body_en": "Your {{ reference }}"}
    answer = client.post(page("campaign_new", meeting), data)
    assert "no placeholder “reference”" in answer.context["form"].errors["body_en"][0]


@pytest.mark.parametrize("query", ["status=gone", "category=99999999", "colour=red"])
def test_a_filter_that_is_not_understood_never_becomes_everybody(client, meeting, delegation, organiser, query):
    RegistrationFactory(delegation=delegation)
    data = form_of(client.get(f"{page('campaign_new', meeting)}?{query}"), name="Rooms", **WRITTEN)
    answer = client.post(page("campaign_new", meeting), data)
    assert "asks for something that is not there" in answer.context["form"].errors["people"][0]
    campaign = made.campaign(meeting, organiser, query=query)
    look = client.get(page("campaign_look", meeting, campaign.token))
    assert "asks for something that is not there" in text(look)
    send = {"revision": 1, "expected": 1, "when": "now"}
    client.post(page("campaign_send", meeting, campaign.token), send)
    assert Campaign.objects.get(pk=campaign.pk).pressed_at is None


def test_an_empty_selection_is_said_and_cannot_be_sent(client, meeting, organiser):
    campaign = made.campaign(meeting, organiser)
    look = client.get(page("campaign_look", meeting, campaign.token))
    assert "Nobody would get this message." in text(look)
    assert "Send to" not in text(look)
    answer = client.post(
        page("campaign_send", meeting, campaign.token), {"revision": 1, "expected": 0, "when": "now"}, follow=True
    )
    assert "Nobody would get this message, so it was not sent off." in text(answer)
    assert Campaign.objects.get().pressed_at is None


def test_the_look_counts_languages_categories_and_who_is_left_out(client, meeting, delegation, organiser):
    RegistrationFactory.create_batch(2, delegation=delegation)
    RegistrationFactory(delegation=delegation, language="ru")
    unwilling = RegistrationFactory(delegation=delegation, display_name="Unwilling One")
    MessageChoice.objects.create(meeting=meeting, email=unwilling.email)
    campaign = made.campaign(meeting, organiser)
    look = client.get(page("campaign_look", meeting, campaign.token))
    preview = look.context["foreseen"]
    assert [(line.code, line.number, line.gets) for line in preview.languages] == [("en", 2, "en"), ("ru", 1, "en")]
    assert preview.categories == [(delegation.category.name, 3)]
    assert [(group.why, group.number, group.names) for group in preview.left_out] == [("said_no", 1, ["Unwilling One"])]
    assert "1 person reads Russian and gets the text in English." in text(look)
    russian = client.get(page("campaign_look", meeting, campaign.token), {"language": "ru"})
    assert russian.context["sample"].reader.language == "ru"
    assert russian.context["sample"].language == "en"


def test_the_sample_is_the_mail_in_a_frame_that_can_do_nothing(client, meeting, delegation, organiser):
    who = RegistrationFactory(delegation=delegation)
    campaign = made.campaign(meeting, organiser, words=made.PERSONAL)
    sample = client.get(page("campaign_sample", meeting, campaign.token, "en"))
    assert who.printed_name in sample.content.decode()
    assert "sandbox" in sample["Content-Security-Policy"]
    assert "[[private link]]" not in sample.content.decode()
    assert "href" not in sample.content.decode().lower().replace("<head", "")


def test_a_test_goes_to_its_writer_alone_and_opens_nobodys_page(client, meeting, delegation, organiser):
    who = RegistrationFactory(delegation=delegation)
    campaign = made.campaign(meeting, organiser)
    client.post(page("campaign_test", meeting, campaign.token), {"language": "en"})
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.registration, mail.state) == (organiser.email, None, MailState.QUEUED)
    assert mail.subject == f"[Test] Rooms for the {meeting.short_title}"
    assert "[[private link]]" not in mail.text + mail.html
    assert not who.access_keys.exists()
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_what_changed_since_the_look_is_not_sent(client, meeting, delegation, organiser):
    RegistrationFactory(delegation=delegation)
    campaign = made.campaign(meeting, organiser)
    look = form_of(client.get(page("campaign_look", meeting, campaign.token)))
    RegistrationFactory(delegation=delegation)
    answer = client.post(page("campaign_send", meeting, campaign.token), look, follow=True)
    assert "so nothing was sent. It reaches 2 people now." in text(answer)
    look = form_of(answer)
    starting.change(campaign, {"name": "Other"}, revision=1)
    answer = client.post(page("campaign_send", meeting, campaign.token), look, follow=True)
    assert "Somebody has changed this message since you opened it." in text(answer)
    assert Campaign.objects.get().pressed_at is None


def test_two_who_change_the_same_draft_do_not_overwrite_each_other(client, meeting, organiser):
    campaign = made.campaign(meeting, organiser)
    data = form_of(client.get(page("campaign", meeting, campaign.token)), name="Mine")
    starting.change(campaign, {"name": "Theirs"}, revision=1)
    answer = client.post(page("campaign", meeting, campaign.token), data)
    assert "Somebody has changed this message since you opened it." in text(answer)
    assert Campaign.objects.get().name == "Theirs"


def schedule(client, meeting, campaign, at):
    look = client.get(page("campaign_look", meeting, campaign.token))
    data = form_of(look, when="later", at=at)
    return client.post(page("campaign_send", meeting, campaign.token), data)


def test_a_time_is_by_the_clocks_of_the_meeting(client, meeting, delegation, organiser):
    RegistrationFactory(delegation=delegation)
    campaign = made.campaign(meeting, organiser)
    schedule(client, meeting, campaign, "2030-07-01T09:00")
    campaign.refresh_from_db()
    assert campaign.send_at == datetime.datetime(2030, 7, 1, 7, 0, tzinfo=datetime.UTC)
    assert campaign.state == Campaign.State.SCHEDULED
    answer = client.post(page("campaign_take_back", meeting, campaign.token), follow=True)
    assert "It is a draft again" in text(answer)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2030-03-31T02:30", "are put forward that day, and leave out 02:30"),
        ("2030-10-27T02:30", "are put back that day, and show 02:30 twice"),
        ("soon", "Write the date and the time like"),
        ("", "Choose the date and the time, or send it now."),
    ],
)
def test_a_time_that_the_clocks_leave_out_or_show_twice_is_asked_for_again(
    client, meeting, delegation, organiser, at, told
):
    RegistrationFactory(delegation=delegation)
    campaign = made.campaign(meeting, organiser)
    answer = schedule(client, meeting, campaign, at)
    assert answer.status_code == 422
    assert told in text(answer)
    assert Campaign.objects.get().pressed_at is None


def test_the_report_says_what_became_of_each_and_can_be_filtered_and_taken_along(
    client, meeting, delegation, organiser
):
    sent = RegistrationFactory(delegation=delegation, display_name="=SUM(1)")
    RegistrationFactory(delegation=delegation, email="", on_behalf=True)
    campaign = made.sent_off(meeting, organiser)
    running.run(campaign.pk)
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    address = page("campaign", meeting, campaign.token)
    assert [(name, n) for name, _label, n in client.get(address).context["filters"]] == [("sent", 1), ("left-out", 1)]
    assert [line.reference for line in client.get(address, {"show": "sent"}).context["rows"]] == [sent.reference]
    left_out = client.get(address, {"show": "left-out"}).context["rows"]
    assert [line.result for line in left_out] == ["No email address, and no focal point"]
    answer = client.get(page("campaign_csv", meeting, campaign.token))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "'=SUM(1)" in lines[1]
    assert sent.email in lines[1]
    assert AuditEntry.objects.filter(action="export").exists()


def test_the_report_is_paged_and_asks_as_much_for_three_as_for_one(client, meeting, delegation, organiser):
    counts = []
    for number in (1, 2):
        RegistrationFactory.create_batch(number, delegation=delegation)
        campaign = made.sent_off(meeting, organiser)
        running.run(campaign.pk)
        client.get(page("campaign", meeting, campaign.token))
        for name in ("campaign", "campaigns"):
            args = [campaign.token] if name == "campaign" else []
            with CaptureQueriesContext(connection) as captured:
                client.get(page(name, meeting, *args))
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_the_look_asks_as_much_for_three_as_for_one(client, meeting, delegation, organiser):
    campaign = made.campaign(meeting, organiser)
    counts = []
    for number in (1, 2):
        RegistrationFactory.create_batch(number, delegation=delegation)
        client.get(page("campaign_look", meeting, campaign.token))
        with CaptureQueriesContext(connection) as captured:
            client.get(page("campaign_look", meeting, campaign.token))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_copy_is_a_draft_of_ones_own_and_pressed_twice_one(client, meeting, delegation, organiser):
    RegistrationFactory(delegation=delegation)
    campaign = made.sent_off(meeting, organiser, query="status=submitted")
    token = client.get(page("campaign", meeting, campaign.token)).context["copy_token"]
    for _again in range(2):
        client.post(page("campaign_copy", meeting, campaign.token), {"copy": token})
    copy = Campaign.objects.exclude(pk=campaign.pk).get()
    assert (copy.name, copy.query, copy.words, copy.state) == ("Rooms (copy)", campaign.query, campaign.words, "draft")


def test_a_draft_is_deleted_and_what_was_sent_off_is_not(client, meeting, organiser):
    draft, sent = made.campaign(meeting, organiser), made.sent_off(meeting, organiser)
    for each in (draft, sent):
        client.post(page("campaign_drop", meeting, each.token))
    assert list(Campaign.objects.all()) == [sent]


def test_a_saved_view_of_the_people_can_be_chosen(client, meeting, delegation, organiser):
    RegistrationFactory(delegation=delegation, modality="online")
    keep = {"screen": "people", "query": "modality=online&nonsense=1", "name": "Online"}
    kept = client.post(page("save_view", meeting), keep, follow=True)
    assert "“Online” is a tab of the people now." in text(kept)
    view = SavedView.objects.get()
    assert (view.screen, view.query) == ("people", "modality=online")
    assert [tab["label"] for tab in client.get(page("people", meeting)).context["saved"]] == ["Online"]
    assert client.get(page("queue", meeting)).context["saved"] == []
    choices = client.get(page("campaign_new", meeting)).context["form"].fields["people"].choices
    assert ("?modality=online", "Saved view “Online”") in [(value, str(label)) for value, label in choices]


def test_a_reviewer_with_limits_sees_their_own_messages_and_their_own_people(client, meeting, delegation):
    own = RegistrationFactory(delegation=delegation)
    RegistrationFactory(delegation__category__meeting=meeting)
    reviewer = made.organiser(meeting, Role.REVIEWER)
    reviewer.staff_roles.get().reviewed_categories.create(category=delegation.category)
    theirs = made.sent_off(meeting)
    client.force_login(reviewer)
    assert client.get(page("campaign", meeting, theirs.token)).status_code == 404
    campaign = made.campaign(meeting, reviewer)
    look = client.get(page("campaign_look", meeting, campaign.token))
    assert [one.registration for one in look.context["foreseen"].will] == [own.pk]
    assert [row.token for row in client.get(page("campaigns", meeting)).context["rows"]] == [campaign.token]


def test_an_auditor_reads_and_does_nothing(client, meeting, delegation):
    who = RegistrationFactory(delegation=delegation)
    campaign = made.sent_off(meeting)
    running.run(campaign.pk)
    client.force_login(made.organiser(meeting, Role.AUDITOR))
    report = client.get(page("campaign", meeting, campaign.token))
    assert who.email not in report.content.decode()
    assert "Stop" not in text(report)
    assert Registration.objects.get(pk=who.pk).printed_name in report.content.decode()


def test_what_is_written_and_has_not_left_is_stopped_as_well(client, meeting, delegation, organiser):
    for _n in range(3):
        RegistrationFactory(delegation=delegation, status=Status.SUBMITTED)
    sent = made.sent_off(meeting, organiser)
    running.run(sent.pk)
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.earliest("pk").pk).update(
        state=MailState.SENT, sent_at=timezone.now()
    )
    page_after = client.post(page("campaign_stop", meeting, sent.token), follow=True)
    assert "2 messages do not leave." in text(page_after)
    assert OutgoingMail.objects.filter(state=MailState.CANCELLED).count() == 2
    again = client.post(page("campaign_stop", meeting, sent.token), follow=True)
    assert "there was nothing to stop" in text(again)


def test_a_time_that_is_past_sends_nothing_by_a_slip(client, meeting, delegation, organiser):
    RegistrationFactory(delegation=delegation, status=Status.SUBMITTED)
    draft = made.campaign(meeting, organiser)
    past = (timezone.now() - datetime.timedelta(days=1)).astimezone(meeting.zone)
    answer = schedule(client, meeting, draft, f"{past:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 422 and "This time is past." in text(answer)
    assert not OutgoingMail.objects.exists()
