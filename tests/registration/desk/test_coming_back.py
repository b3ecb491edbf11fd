"""What was refused or came back: first the address is put right; then it needs nobody any more."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import tasks
from registration.bounces import refused
from registration.mail import outbox
from registration.models import MailEvent, MailState, OutgoingMail, Status, UnreachableAddress
from tests.factories import MeetingFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
REFUSED = {"state": MailState.FAILED, "claimed_at": NOW, "attempts": 1, "last_error": "550 5.1.1 user unknown"}
RETURNED = {"state": MailState.BOUNCED, "sent_at": NOW}


@pytest.fixture(autouse=True)
def announced(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def person():
    meeting = MeetingFactory(slug="here", decision_grace_minutes=5)
    return RegistrationFactory(delegation__category__meeting=meeting, email="litia@example.org")


@pytest.fixture
def organiser(client, person):
    user = StaffRoleFactory(meeting=person.meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def a_mail(person, **values):
    about = {"registration": person, "meeting": person.meeting, "to": person.email, "kind": "submitted"}
    words = {"language": "en", "subject": "S", "text": "t", "html": "<p>h</p>"}
    return OutgoingMail.objects.create(key=f"k{OutgoingMail.objects.count()}", **{**about, **words, **values})


def look_at(client, mail):
    return client.get(reverse("admin:desk:message", args=["here", mail.pk]))


def acts(answer):
    return [one["act"] for one in answer.context["acts"]]


def act(client, mail, what, **data):
    return client.post(reverse("admin:desk:message_act", args=["here", mail.pk, what]), data, follow=True)


def counted(client, query=""):
    answer = client.get(reverse("admin:desk:outbox", args=["here"]) + query)
    return answer.context["needing"].number, len(answer.context["rows"])


def page_of(person, name="registration"):
    return reverse(f"admin:desk:{name}", args=["here", person.reference])


# The address comes first


@pytest.mark.parametrize("is_marked", [True, False])
def test_after_a_final_refusal_the_address_is_to_be_corrected_and_nothing_sent_again(
    client, person, organiser, is_marked
):
    mail = a_mail(person, **REFUSED)
    if is_marked:
        refused.sweep()
    answer = look_at(client, mail)
    assert acts(answer) == ["stop"]
    assert f'<a class="btn btn--go" href="{page_of(person)}#right-address">' in answer.text
    assert 'id="right-address"' in client.get(page_of(person)).text


@pytest.mark.parametrize("said", ["552 5.2.2 mailbox full", "554 5.7.1 looks like spam"])
def test_a_refusal_that_says_nothing_against_the_address_is_sent_again(client, person, organiser, said):
    answer = look_at(client, a_mail(person, **REFUSED | {"last_error": said}))
    assert acts(answer) == ["again", "stop"] and not answer.context["mend"]


def test_once_somebody_has_said_that_it_works_it_is_sent_again(client, person, organiser):
    mail = a_mail(person, **REFUSED)
    refused.sweep()
    client.post(page_of(person, "address_works"))
    assert acts(look_at(client, mail)) == ["again", "stop"]


def test_what_came_back_is_sent_again_to_the_address_of_today(client, person, organiser):
    mail = a_mail(person, to="old@example.org", **RETURNED)
    UnreachableAddress.objects.create(email="old@example.org", why="bounced")
    assert acts(look_at(client, mail)) == ["again", "seen"]


def test_the_page_of_the_person_offers_no_copy_to_an_address_that_fails(client, person, organiser):
    a_mail(person, **RETURNED)
    again = reverse("admin:desk:mail_act", args=["here", person.reference, OutgoingMail.objects.get().pk, "again"])
    assert again in client.get(page_of(person)).text
    UnreachableAddress.objects.create(email=person.email, why="bounced")
    assert again not in client.get(page_of(person)).text


def test_the_worker_that_was_refused_marks_the_address_itself(person, monkeypatch):
    def refuse(message):
        from smtplib import SMTPRecipientsRefused

        raise SMTPRecipientsRefused({person.email: (550, b"5.1.1 user unknown")})

    monkeypatch.setattr("registration.mail.delivery.postbox.send", refuse)
    outbox.queue("submitted", person, key="event-1")
    tasks.send_mail(OutgoingMail.objects.get().pk)
    assert OutgoingMail.objects.get(kind="submitted").state == MailState.FAILED
    assert UnreachableAddress.objects.get().email == person.email


def test_an_address_is_corrected_before_anything_has_failed(client, person, organiser):
    shown = client.get(page_of(person)).text
    assert 'id="right-address"' in shown and "do not reach" not in shown
    client.post(page_of(person, "address_correct"), {"email": "right@example.org", "seen": person.email})
    person.refresh_from_db()
    assert person.email == "right@example.org"


def test_the_address_that_stands_there_already_is_no_correction(client, person, organiser):
    answer = client.post(page_of(person, "address_correct"), {"email": person.email, "seen": person.email})
    assert answer.status_code == 422 and "This is the address that we write to already." in answer.text


@pytest.mark.parametrize("values", [{"status": Status.WITHDRAWN}, {"on_behalf": True}])
def test_of_whoever_reads_nothing_no_address_is_corrected(client, person, organiser, values):
    type(person).objects.filter(pk=person.pk).update(**values)
    assert 'id="right-address"' not in client.get(page_of(person)).text


# And then it needs nobody


def test_what_came_back_needs_a_person(client, person, organiser):
    a_mail(person, **RETURNED)
    assert counted(client) == (1, 1) and counted(client, "?stage=look") == (1, 1)
    assert counted(client, "?stage=back") == (1, 1) and counted(client, "?stage=bounced") == (1, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"email": "right@example.org"},
        {"status": Status.WITHDRAWN},
        {"status": Status.REJECTED, "status_reason": "No room"},
    ],
)
def test_where_the_address_is_corrected_or_nobody_comes_it_needs_nobody(client, person, organiser, values):
    a_mail(person, **RETURNED)
    type(person).objects.filter(pk=person.pk).update(**values)
    assert counted(client, "?stage=look") == (0, 0) and counted(client, "?stage=back") == (0, 0)
    assert counted(client, "?stage=bounced") == (0, 1)  # it is not hidden


def test_somebody_says_that_it_is_done_with_once(client, person, organiser):
    mail = a_mail(person, **RETURNED)
    assert "seen" in acts(look_at(client, mail))
    act(client, mail, "seen", reason="She knows: I called")
    assert counted(client) == (0, 1)
    event = mail.events.get()
    assert (event.what, event.by, event.text) == (MailEvent.What.SEEN, organiser, "She knows: I called")
    answer = act(client, mail, "seen")
    assert mail.events.count() == 1 and "This message needs nobody any more" in answer.text
    assert "seen" not in acts(answer) and "Somebody has done with it" in answer.text


def test_many_are_done_with_at_once(client, person, organiser):
    mails = [a_mail(person, **RETURNED) for _n in range(3)]
    selected = {"act": "seen", "selected": [f"{mail.pk}.bounced" for mail in mails]}
    where = reverse("admin:desk:messages_selected", args=["here"])
    assert "Done with 3 messages?" in client.post(where, selected).text
    assert counted(client)[0] == 3
    assert "3 messages are done with" in client.post(where, {**selected, "sure": "1"}).text
    assert counted(client)[0] == 0


def test_what_was_sent_once_more_needs_nobody(client, person, organiser):
    mail = a_mail(person, **RETURNED)
    act(client, mail, "again")
    assert counted(client)[0] == 0


def test_what_never_came_back_is_not_done_with(client, person, organiser):
    mail = a_mail(person, state=MailState.SENT, sent_at=NOW)
    act(client, mail, "seen")
    assert not mail.events.exists()


@pytest.mark.parametrize("to_a_focal_point", [True, False])
def test_what_goes_to_others_counts_until_somebody_has_done_with_it(client, person, organiser, to_a_focal_point):
    focal = organiser if to_a_focal_point else None
    a_mail(person, registration=None, to=organiser.email, focal_user=focal, **RETURNED)
    assert counted(client)[0] == 1
    act(client, OutgoingMail.objects.get(), "seen")
    assert counted(client)[0] == 0
