"""Writing a message: once, within the transaction, in the reader's language, with nothing that can be misused."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from registration import texts
from registration.mail import links, outbox
from registration.models import AccessKey, ChangeCode, FocalPoint, MailState, OutgoingMail, SeatOffer, Status
from tests.factories import DelegationFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


KINDS = [name for name, kind in texts.KINDS.items() if kind.about == "registration" and kind.group != "many"]
STATUS_OF = {
    "replaced": Status.WITHDRAWN, "merged": Status.WITHDRAWN, "seat_offered": Status.WAITLISTED,
    "seat_offer_ended": Status.WAITLISTED, "changed": Status.APPROVED, "change_accepted": Status.APPROVED,
    "change_declined": Status.APPROVED,
    "unapproved": Status.SUBMITTED, "reminder_returned": Status.RETURNED, "reminder_arrival": Status.APPROVED,
    "letter_ready": Status.APPROVED,
}  # fmt: skip
NEEDED = {
    "seat_offered": {"offer": SeatOffer(expires_at=datetime.datetime(2008, 9, 1, 10, tzinfo=datetime.UTC))},
    "changed": {"changes": {"role": ["adviser", "head"]}},
    "change_accepted": {"changes": {"role": ["adviser", "head"]}},
    "change_declined": {"changes": {"role": ["adviser", "head"]}, "reason": "Not on the note."},
}
WITH_REASON = ("rejected", "returned", "withdrawn", "unapproved", "reminder_returned")


def queued(kind, **values):
    registration = RegistrationFactory(
        **{"status": STATUS_OF.get(kind, kind), "status_reason": "Your letter names somebody else."} | values
    )
    return registration, outbox.queue(kind, registration, key="event-1", values=NEEDED.get(kind))


# A merger is told under the reference of the one that is kept: tests/registration/duplicates/.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "merged"])
def test_every_kind_says_reference_meeting_and_link_in_text_and_html(kind, unannounced):
    registration, mail = queued(kind)
    assert registration.reference in mail.subject
    assert registration.meeting.short_title in mail.subject
    for body in (mail.text, mail.html):
        assert registration.reference in body
        assert registration.display_name in body
        assert links.PLACEHOLDER in body
        assert f"/{registration.meeting.slug}/" in body
        assert registration.email not in body
        assert "{{" not in body and "{%" not in body
    assert mail.html.count("<table") == mail.html.count("</table>")
    assert ("Your letter names somebody else." in mail.text) == (kind in WITH_REASON)
    assert (mail.to, mail.reply_to) == (registration.email, "secretariat@example.org")


@pytest.mark.parametrize("kind", KINDS)
def test_who_looks_after_a_delegation_reads_about_whom_it_is_and_gets_a_link_of_their_own(kind, unannounced):
    delegation = DelegationFactory(name="Fiji & Friends")
    focal = FocalPoint.objects.create(delegation=delegation, user=UserFactory(name="Vilisi T.")).user
    registration, mail = queued(kind, on_behalf=True, email="minister@example.org", delegation=delegation)
    assert (mail.to, mail.focal_user) == (focal.email, focal)
    assert f"You look after the delegation of Fiji & Friends. This is about {registration.display_name}" in mail.text
    for body in (mail.text, mail.html):
        assert "Vilisi T." in body
        assert "This link is yours alone" not in body
        assert "Open your delegations" in body
    assert links.issue(mail).startswith("delegations/enter/")
    assert AccessKey.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("seat_offered", ["kept for you until 1 September 2008, 17:00, Bangkok (UTC+7)", "Who must act next: You"]),
        ("returned", ["Please look at\n- Letter\n- Role in the delegation"]),
        ("change_accepted", ["- Role in the delegation: Representative (head of delegation) (before: Adviser)"]),
        ("change_declined", ["Not on the note.", "You had asked for\n- Role in the delegation"]),
        ("unapproved", ["taken back the approval", "decide anew", "Please do not travel", "Your seat is kept"]),
        ("seat_offer_ended", ["You are still on the waiting list, now at its end."]),
        ("replaced", ["Somebody else now comes"]),
    ],
)
def test_each_kind_tells_what_happened(kind, words, unannounced):
    _registration, mail = queued(kind, **({"returned_fields": ["letter", "role"]} if kind == "returned" else {}))
    for expected in words:
        assert expected in mail.text
        for line in expected.split("\n"):
            assert line.removeprefix("- ").split(":")[0].split(" (before")[0] in mail.html


@pytest.mark.parametrize("reason", ["Your letter names somebody else.", ""])
@pytest.mark.parametrize("on_behalf", [False, True])
def test_whoever_the_organisers_put_on_the_waiting_list_is_promised_no_seat(reason, on_behalf, unannounced):
    delegation = DelegationFactory()
    FocalPoint.objects.create(delegation=delegation, user=UserFactory(name="Vilisi T."))
    registration = RegistrationFactory(
        status=Status.WAITLISTED, kept_waiting=True, status_reason=reason, delegation=delegation, on_behalf=on_behalf
    )
    mail = outbox.queue("waitlisted", registration, key="event-1", values={"by_organisers": True})
    for body in (mail.text, mail.html):
        assert "have put your registration" in body and "They decide later" in body
        assert "becomes free" not in body and "All seats" not in body
        assert ("They write:" in body) == bool(reason)
        assert ("You look after the delegation" in body) == on_behalf
    assert (reason in mail.text) and (reason in mail.html)
    assert mail.html.count("<table") == mail.html.count("</table>")


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh-hans"])
@pytest.mark.parametrize("kind", ["unapproved", "waitlisted"])
def test_what_organisers_take_back_renders_in_every_language(kind, language, unannounced):
    registration = RegistrationFactory(
        status=STATUS_OF.get(kind, kind), status_reason="رسالتك باسم شخص آخر.", language=language
    )
    mail = outbox.queue(kind, registration, key="event-1", values={"by_organisers": True})
    assert "رسالتك باسم شخص آخر." in mail.text and "رسالتك باسم شخص آخر." in mail.html
    assert (' dir="rtl"' in mail.html) == (language == "ar")
    assert "{{" not in mail.html + mail.text and "{%" not in mail.html + mail.text


def test_a_code_leads_nowhere_and_stands_in_no_stored_text(unannounced):
    registration = RegistrationFactory()
    code = ChangeCode.objects.create(registration=registration)
    mail = outbox.queue("change_code", registration, key=f"change-code-{code.pk}")
    assert links.PLACEHOLDER not in mail.text + mail.html
    digits = links.issue(mail)
    assert f"    {digits}\n" in links.fill(mail, mail.text, digits)
    assert links.CODE not in links.fill(mail, mail.html, digits)
    code.refresh_from_db()
    assert code.fits(digits) and digits not in code.digest
    assert AccessKey.objects.count() == 0


def test_html_is_whole_and_leaves_no_template_behind(unannounced):
    html = outbox.queue("approved", RegistrationFactory(status=Status.APPROVED), key="event-1").html
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert html.count("<table") == html.count("</table>")
    assert "{{" not in html and "{%" not in html


def test_names_are_escaped_in_html_and_plain_in_text(unannounced):
    registration = RegistrationFactory(display_name="Nuku'alofa <script>")
    mail = outbox.queue("submitted", registration, key="event-1")
    assert "Nuku&#x27;alofa &lt;script&gt;" in mail.html
    assert "<script" not in mail.html
    assert "Dear Nuku'alofa <script>," in mail.text


def test_same_key_is_one_message(unannounced):
    registration = RegistrationFactory()
    first = outbox.queue("submitted", registration, key="event-1")
    again = outbox.queue("approved", registration, key="event-1")
    assert first.pk == again.pk
    assert OutgoingMail.objects.get().kind == "submitted", "the first one stands"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_or_announced_when_the_move_is_undone(unannounced):
    registration = RegistrationFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.queue("submitted", registration, key="event-1")
        raise RuntimeError
    assert OutgoingMail.objects.count() == 0
    assert unannounced == []


@pytest.mark.django_db(transaction=True)
def test_announced_once_and_only_after_the_commit(unannounced):
    registration = RegistrationFactory()
    with transaction.atomic():
        mail = outbox.queue("submitted", registration, key="event-1")
        assert unannounced == []
    assert unannounced == [mail.pk]


def test_line_breaks_cannot_begin_a_header(unannounced):
    registration = RegistrationFactory(
        delegation__category__meeting__short_title="Meeting\r\nBcc: everybody@example.org"
    )
    mail = outbox.queue("submitted", registration, key="event-1")
    assert mail.subject.splitlines() == [mail.subject]
    assert "Meeting Bcc: everybody" in mail.subject


def test_stored_message_holds_no_key(unannounced):
    outbox.queue("submitted", RegistrationFactory(), key="event-1")
    assert AccessKey.objects.count() == 0


def test_written_in_the_readers_language_and_direction(unannounced):
    mail = outbox.queue("approved", RegistrationFactory(status=Status.APPROVED, language="ar"), key="event-1")
    assert mail.language == "ar"
    assert '<html lang="ar" dir="rtl">' in mail.html
    assert "أيلول/سبتمبر" in mail.text
    assert 'align="right"' in mail.html and 'align="left"' not in mail.html


def test_times_are_those_of_the_meetings_zone_and_name_it(unannounced):
    at = datetime.datetime(2008, 8, 31, 20, 5, tzinfo=datetime.UTC)
    registration = RegistrationFactory(status_since=at, submitted_at=at)
    mail = outbox.queue("submitted", registration, key="event-1")
    assert "1 September 2008, 03:05, Bangkok (UTC+7)" in mail.text


@pytest.mark.parametrize(
    ("came_from", "words"),
    [("offer", "You have taken the seat"), ("returned", "Your corrected registration"), ("", "Your registration")],
)
def test_what_arrives_again_is_told_as_that(came_from, words, unannounced):
    values = {"came_from": came_from}
    assert f"{words}" in outbox.queue("submitted", RegistrationFactory(), key="event-2", values=values).text


def test_online_delegates_are_not_told_to_bring_a_passport(unannounced):
    online = RegistrationFactory(status=Status.APPROVED, modality="online")
    here = RegistrationFactory(status=Status.APPROVED)
    assert "passport" not in outbox.queue("approved", online, key="event-1").text
    assert "passport" in outbox.queue("approved", here, key="event-2").text


def test_new_message_waits_to_be_sent(unannounced):
    mail = outbox.queue("approved", RegistrationFactory(status=Status.APPROVED), key="event-1", with_calendar=True)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.with_calendar) == (MailState.QUEUED, 0, True)


@pytest.mark.django_db(transaction=True)
def test_same_key_from_two_transactions_at_once_is_one_message(unannounced):
    registration = RegistrationFactory()

    def work(_):
        try:
            return outbox.queue("submitted", registration, key="event-1").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(work, range(4)))
    assert len(numbers) == 1
    assert OutgoingMail.objects.count() == 1


def test_queueing_costs_one_query(unannounced, django_assert_num_queries):
    registration = RegistrationFactory(status=Status.APPROVED)
    outbox.queue("approved", registration, key="event-1")  # reads the words of the meeting, which are kept
    with django_assert_num_queries(1):
        outbox.queue("approved", registration, key="event-2")


def test_a_name_with_the_words_of_a_code_makes_no_code_and_keeps_its_link(unannounced):
    """Whoever is called “[[code]]” must neither change somebody else's digits nor stop the queue."""
    code = ChangeCode.objects.create(registration=RegistrationFactory())
    ChangeCode.objects.write(code.pk)
    before = ChangeCode.objects.get().digest
    called = RegistrationFactory(given_names="[[code]]", family_name="", display_name="[[code]]")
    for key in (f"registration-event-{code.pk}", "sign-in-4d724e7b"):
        mail = outbox.queue("submitted", called, key=key)
        path = links.issue(mail)
        assert path.startswith("r/")
        assert links.url(path) in links.fill(mail, mail.text, path)
    assert ChangeCode.objects.get().digest == before
