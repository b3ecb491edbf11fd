"""What a delegate was sent, read on the own page; and what happens when the address is wrong."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.mail import links, outbox
from registration.models import (
    AccessKey,
    ChangeProposal,
    MailState,
    OutgoingMail,
    RegistrationEvent,
    Status,
    UnreachableAddress,
)
from registration.own_page.messages import masked
from tests.factories import RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
SENT = {"state": MailState.SENT, "sent_at": timezone.now()}


@pytest.fixture(autouse=True)
def announced(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def person():
    return RegistrationFactory(email="litia@ministry.gov.fj", display_name="Litia Waqanisau")


@pytest.fixture
def key(person):
    """As it stands in a message."""
    return AccessKey.objects.issue(person, mailed_to=person.email)


def a_mail(person, **values):
    values = {"kind": "submitted", "to": person.email, "language": "en", "subject": "S", "text": "t", **SENT, **values}
    number = OutgoingMail.objects.count()
    return OutgoingMail.objects.create(
        key=f"k{number}", registration=person, meeting=person.meeting, html="<p>h</p>", **values
    )


def own(client, name, key, *args):
    return client.get(reverse(f"private:{name}", args=[key, *args]))


def say(client, key, **answers):
    return client.post(reverse("private:address", args=[key]), answers)


# Reading


@pytest.mark.parametrize(
    "values",
    [
        {"state": MailState.QUEUED, "sent_at": None},
        {"state": MailState.FAILED, "sent_at": None},
        {"state": MailState.CANCELLED, "sent_at": None},
        {"state": MailState.HELD, "held_for": "review", "sent_at": None},
    ],
)
def test_only_what_has_left_is_shown(client, person, key, values):
    mail, shown = a_mail(person, subject="Not yet", **values), a_mail(person, subject="Has left")
    for name in ("page", "messages"):
        text = own(client, name, key).content.decode()
        assert "Not yet" not in text and "Has left" in text
    assert own(client, "message", key, mail.pk).status_code == 404
    assert own(client, "message", key, shown.pk).status_code == 200


def test_what_went_to_a_focal_point_or_is_about_somebody_else_is_not_theirs(client, person, key):
    focal = a_mail(person, subject="To the focal point", focal_user=UserFactory())
    other = a_mail(RegistrationFactory(delegation=person.delegation), subject="Of another")
    text = own(client, "messages", key).content.decode()
    assert "To the focal point" not in text and "Of another" not in text
    for mail in (focal, other):
        assert own(client, "message", key, mail.pk).status_code == 404


def test_a_decision_that_can_be_undone_is_not_to_be_read(client, person, key):
    type(person.meeting).objects.filter(pk=person.meeting_id).update(decision_grace_minutes=5)
    by = StaffRoleFactory(meeting=person.meeting, role=Role.ORGANISER).user
    workflow.approve(person.pk, by=by)
    mail = OutgoingMail.objects.get(kind="approved")
    assert mail.subject not in own(client, "messages", key).content.decode()
    assert own(client, "message", key, mail.pk).status_code == 404


def test_neither_link_nor_code_stands_in_what_is_read(client, person, key):
    mail = outbox.queue("submitted", person, key="real")
    OutgoingMail.objects.filter(pk=mail.pk).update(**SENT)
    assert links.PLACEHOLDER in mail.text
    text = own(client, "message", key, mail.pk).content.decode()
    assert links.PLACEHOLDER not in text and "the link to your own page" in text
    code = a_mail(person, kind=links.CODED, text=f"Your code: {links.CODE}")
    assert links.CODE not in own(client, "message", key, code.pk).content.decode()


def test_what_became_of_it_and_where_it_went(client, person, key):
    a_mail(person, state=MailState.BOUNCED, to="old.address@elsewhere.org")
    text = own(client, "messages", key).content.decode()
    assert "Came back: it did not reach you" in text
    assert "o…@elsewhere.org" in text and "old.address" not in text
    assert masked("x@e.org") == "x…@e.org"


def test_a_script_in_a_message_is_text(client, person, key):
    mail = a_mail(person, subject="<script>a</script>", text="<script>b</script> https://e.org/\x22onload=x")
    text = own(client, "message", key, mail.pk).content.decode()
    assert "<script>a" not in text and "<script>b" not in text and "&lt;script&gt;b" in text


def test_right_to_left_stays_so(client, person, key):
    mail = a_mail(person, language="ar")
    assert 'dir="rtl" lang="ar"' in own(client, "message", key, mail.pk).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(client, person, key, rows, django_assert_num_queries):
    for _n in range(rows):
        a_mail(person)
    with django_assert_num_queries(4):
        own(client, "messages", key)


def test_a_draft_has_no_messages(client):
    draft = RegistrationFactory(status=Status.DRAFT)
    key = AccessKey.objects.issue(draft)
    for name in ("messages", "address"):
        assert own(client, name, key).status_code == 302
    assert own(client, "message", key, a_mail(draft).pk).status_code == 404


# The address is wrong


def test_a_mailed_link_knows_its_address(person):
    path = links.issue(a_mail(person, to="Litia@Ministry.gov.fj", text=links.PLACEHOLDER))
    assert AccessKey.objects.find(path.rpartition("/")[2]).mailed_to == "litia@ministry.gov.fj"


def test_opening_the_page_and_the_first_press_change_nothing(client, person, key):
    assert own(client, "address", key).status_code == 200
    assert say(client, key).status_code == 422
    for answer in ("me", "not_me"):
        assert say(client, key, answer=answer).status_code == 200
    # Not even by an address that says everything: programs open links.
    client.get(reverse("private:address", args=[key]) + "?answer=not_me&sure=1")
    assert not UnreachableAddress.objects.exists() and not person.events.exists()
    assert AccessKey.objects.find(key) is not None


def test_somebody_else_ends_the_links_that_came_there_and_no_others(client, person):
    mailed = [AccessKey.objects.issue(person, mailed_to="Litia@ministry.gov.fj") for _n in range(2)]
    on_screen, elsewhere = AccessKey.objects.issue(person), AccessKey.objects.issue(person, mailed_to="x@e.org")
    of_another = AccessKey.objects.issue(RegistrationFactory(), mailed_to="litia@ministry.gov.fj")
    response = say(client, mailed[0], answer="not_me", sure="1")
    assert "Thank you" in response.content.decode()
    assert UnreachableAddress.objects.get().why == UnreachableAddress.Why.SAID_WRONG
    assert UnreachableAddress.objects.get().email == "litia@ministry.gov.fj"
    assert [AccessKey.objects.find(k) is None for k in (*mailed, on_screen, elsewhere, of_another)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert person.events.get().action == RegistrationEvent.Action.WRONG_ADDRESS
    assert say(client, mailed[0], answer="not_me", sure="1").status_code == 404
    assert person.events.count() == 1


def test_who_registers_with_the_address_of_another_does_not_speak_for_it(client, person):
    """The link that a screen shows proves nothing about who reads at the address that was typed."""
    on_screen = AccessKey.objects.issue(person)
    assert "I am somebody else" not in own(client, "address", on_screen).content.decode()
    assert say(client, on_screen, answer="not_me", sure="1").status_code == 200
    assert not UnreachableAddress.objects.exists() and not person.events.exists()
    assert AccessKey.objects.find(on_screen) is not None


def test_nothing_more_goes_to_that_address(client, person, key):
    say(client, key, answer="not_me", sure="1")
    mail = outbox.queue("submitted", person, key="next")
    assert OutgoingMail.objects.claim(mail.pk) is None
    assert OutgoingMail.objects.get(pk=mail.pk).held_for == "address"


def test_the_delegate_sees_that_messages_do_not_arrive(client, person):
    on_screen, mailed = AccessKey.objects.issue(person), AccessKey.objects.issue(person, mailed_to=person.email)
    say(client, mailed, answer="not_me", sure="1")
    text = own(client, "page", on_screen).content.decode()
    assert "Our messages do not reach you" in text and "that it is theirs, not the delegate" in text
    code = client.get(reverse("private:code", args=[on_screen]) + "?then=change")
    assert code.url == reverse("private:address", args=[on_screen])
    assert "Change it with a code" not in say(client, on_screen, answer="me").content.decode()


def test_the_link_of_an_earlier_address_disowns_that_one(client, person):
    earlier = AccessKey.objects.issue(person, mailed_to="earlier@e.org")
    assert "earlier@e.org" in own(client, "address", earlier).content.decode()
    say(client, earlier, answer="not_me", sure="1")
    assert UnreachableAddress.objects.get().email == "earlier@e.org"


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPROVED, Status.RETURNED, Status.WAITLISTED])
def test_another_address_is_asked_of_the_organisers(client, status):
    person = RegistrationFactory(email="typo@ministry.gov.fj", status=status)
    key = AccessKey.objects.issue(person)
    assert say(client, key, answer="me", email="right@ministry.gov.fj").status_code == 302
    say(client, key, answer="me", email="right@ministry.gov.fj")  # sent twice
    person.refresh_from_db()
    assert person.email == "typo@ministry.gov.fj"
    proposal = person.proposals.get()
    assert proposal.changes == {"email": ["typo@ministry.gov.fj", "right@ministry.gov.fj"]}
    assert person.events.count() == 1
    assert "What you asked to change" in own(client, "page", key).content.decode()


def test_accepted_it_is_written_the_old_links_end_and_a_new_one_goes_there(client, person, key):
    held = a_mail(person, state=MailState.HELD, held_for="address", sent_at=None, kind="campaign")
    workflow.ask_for_address(person.pk, "right@ministry.gov.fj")
    workflow.accept_proposal(ChangeProposal.objects.get().pk, by=UserFactory())
    person.refresh_from_db()
    assert person.email == "right@ministry.gov.fj" and AccessKey.objects.find(key) is None
    assert OutgoingMail.objects.get(kind="change_accepted").to == "right@ministry.gov.fj"
    held.refresh_from_db()
    assert (held.to, held.state) == ("right@ministry.gov.fj", MailState.QUEUED)


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Write the address that we should use"),
        ("nonsense", "Write the whole address"),
        ("LITIA@ministry.gov.fj", "This is the address we have"),
        ("a@b.org\nBcc: c@d.org", "Write the whole address"),
    ],
)
def test_what_is_no_other_address_is_refused_and_kept_in_the_form(client, person, key, email, said):
    response = say(client, key, answer="me", email=email)
    assert response.status_code == 422 and said in response.content.decode()
    assert not person.proposals.exists()


def test_three_wishes_a_day(client, person, key):
    for n in range(4):
        response = say(client, key, answer="me", email=f"a{n}@e.org")
    assert response.status_code == 422 and "today" in response.content.decode()
    assert person.proposals.get().changes["email"][1] == "a2@e.org"


def test_who_does_not_come_asks_for_nothing(client):
    person = RegistrationFactory(status=Status.REJECTED)
    key = AccessKey.objects.issue(person)
    assert say(client, key, answer="me", email="x@e.org").status_code == 422
    assert not person.proposals.exists()


def test_where_messages_go_to_a_focal_point_there_is_nothing_to_say(client, person, key):
    type(person).objects.filter(pk=person.pk).update(on_behalf=True)
    assert say(client, key, answer="not_me", sure="1").status_code == 302
    assert not UnreachableAddress.objects.exists()


# The language


def test_the_page_speaks_as_our_messages_do(client, person):
    person.language = "fr"
    person.save()
    key = AccessKey.objects.issue(person)
    for name in ("page", "messages", "address"):
        page = client.get(reverse(f"private:{name}", args=[key]), headers={"accept-language": "en"})
        assert page["Content-Language"] == "fr"
        assert '<html lang="fr"' in page.text
        assert "no-store" in page["Cache-Control"]


def test_whoever_chose_a_language_keeps_it(client, person):
    person.language = "fr"
    person.save()
    address = reverse("private:page", args=[AccessKey.objects.issue(person)])
    chosen = client.get(f"{address}?lang=ru", follow=True)
    assert chosen["Content-Language"] == "ru"
    assert "Cookie" in chosen["Vary"]


def test_the_next_page_speaks_the_browsers_language_again(client, person):
    person.language = "fr"
    person.save()
    client.get(reverse("private:page", args=[AccessKey.objects.issue(person)]))
    page = client.get(reverse("registration:represent", args=[person.meeting.slug]), headers={"accept-language": "es"})
    assert page["Content-Language"] == "es"
