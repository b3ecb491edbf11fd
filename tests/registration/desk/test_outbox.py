"""All messages of a meeting: who sees which, what is found among them, and what is done with one or with many."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration import workflow
from registration.lists.mails import MailFilter as Asked
from registration.lists.mails import counts, messages_of, page
from registration.mail import outbox
from registration.models import (
    Invitation,
    MailEvent,
    MailState,
    OutgoingMail,
    RegistrationEvent,
    ReviewedCategory,
    Status,
    UnreachableAddress,
)
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LATER = timezone.now() + datetime.timedelta(days=3000)
SENT = {"state": MailState.SENT, "sent_at": timezone.now()}
STUCK = {"state": MailState.STUCK, "claimed_at": timezone.now()}
NAME = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def announced(monkeypatch):
    told: list[int] = []
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", told.append)
    return told


@pytest.fixture
def meeting():
    return MeetingFactory(slug="here", decision_grace_minutes=5)


@pytest.fixture
def person(meeting):
    return RegistrationFactory(delegation__category__meeting=meeting, given_names="Salote", family_name="Vuki")


@pytest.fixture
def organiser(client, meeting):
    return signed_in(client, meeting, Role.ORGANISER)


def signed_in(client, meeting, role):
    user = StaffRoleFactory(meeting=meeting, role=role).user
    client.force_login(user)
    return user


def a_mail(registration, meeting=None, **values):
    number = OutgoingMail.objects.count()
    values = {"kind": "submitted", "to": "a@b.org", "language": "en", "subject": f"S{number}", "text": "t", **values}
    about = {"registration": registration, "meeting": meeting or registration.meeting}
    return OutgoingMail.objects.create(key=f"k-{number}", html="<p>h</p>", **about, **values)


def ask(client, query="", slug="here"):
    return client.get(reverse("admin:desk:outbox", args=[slug]) + query)


def subjects(response):
    return [row.mail.subject for row in response.context["rows"]]


def act(client, mail, what, **data):
    return client.post(reverse("admin:desk:message_act", args=[mail.meeting.slug, mail.pk, what]), data)


def many(client, what, *mails, query="", **data):
    picked = [f"{mail.pk}.{stage}" for mail, stage in mails]
    return client.post(
        reverse("admin:desk:messages_selected", args=["here"]) + query, {"act": what, "selected": picked, **data}
    )


def state(mail):
    return OutgoingMail.objects.get(pk=mail.pk).state


def whats(mail):
    return list(mail.events.values_list("what", flat=True))


# Who sees which


def test_reviewers_see_messages_about_people_and_nobody_elses(client, meeting, person):
    about_nobody = a_mail(None, meeting)
    mine, elsewhere = a_mail(person), a_mail(RegistrationFactory())
    signed_in(client, meeting, Role.REVIEWER)
    assert subjects(ask(client)) == [mine.subject]
    for mail in (about_nobody, elsewhere):
        for name in ("message", "message_body"):
            assert client.get(reverse(f"admin:desk:{name}", args=["here", mail.pk])).status_code == 404
        assert client.post(reverse("admin:desk:message_act", args=["here", mail.pk, "stop"])).status_code == 404
        assert state(mail) == MailState.QUEUED
    signed_in(client, meeting, Role.ORGANISER)
    assert set(subjects(ask(client))) == {mine.subject, about_nobody.subject}


def test_a_reviewer_with_limits_counts_and_finds_nothing_of_another_category(client, meeting, person):
    a_mail(person, state=MailState.FAILED)
    own = RegistrationFactory(delegation__category=CategoryFactory(meeting=meeting))
    mine = a_mail(own)
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=own.delegation.category)
    client.force_login(role.user)
    response = ask(client)
    assert subjects(response) == [mine.subject] and not response.context["needing"]
    assert subjects(ask(client, "?q=Vuki")) == []


def test_of_a_child_who_left_nothing_is_listed(meeting, organiser):
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting))
    stays, left = ChildFactory(delegation=delegation), ChildFactory(delegation=delegation, status=Status.WITHDRAWN)
    kept = a_mail(stays)
    a_mail(left)
    assert list(messages_of(meeting, organiser)) == [kept]


def test_auditors_read_what_became_of_a_message_and_nothing_that_stands_in_it(client, meeting, person):
    mail = a_mail(person, to="secret@b.org", subject="Very private", text="Inside", last_error="550 no", state="failed")
    user = signed_in(client, meeting, Role.AUDITOR)
    pages = [ask(client), client.get(reverse("admin:desk:message", args=["here", mail.pk]))]
    for response in pages:
        text = response.content.decode()
        assert "secret@b.org" not in text and "Very private" not in text and "Inside" not in text
        assert "Could not be sent" in text
    assert "550 no" in pages[1].content.decode() and "Send it again" not in pages[1].content.decode()
    assert client.get(reverse("admin:desk:message_body", args=["here", mail.pk])).status_code == 403
    assert act(client, mail, "stop").status_code == 403
    assert subjects(ask(client, "?q=secret@b.org")) == []
    assert not AuditEntry.objects.filter(by=user).exists()


# The message as it is read


def test_the_frame_runs_nothing_loads_nothing_and_leads_nowhere(client, person, organiser):
    body = '<p>h</p><a href="[[private link]]">x</a><a HREF=\'https://e.org\'>y</a><img src="https://e.org/p.png">'
    mail = a_mail(person)
    OutgoingMail.objects.update(html=body)
    response = client.get(reverse("admin:desk:message_body", args=["here", mail.pk]))
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["sandbox"] == "" and policy["frame-ancestors"] == "'self'"
    assert policy["img-src"] == "data:" and "script-src" not in policy and policy["form-action"] == "'none'"
    assert response["X-Frame-Options"] == "SAMEORIGIN" and "no-store" in response["Cache-Control"]
    assert "href" not in response.content.decode().lower()
    page = client.get(reverse("admin:desk:message", args=["here", mail.pk]))
    assert "frame-src 'self'" in page["Content-Security-Policy"] and "sandbox src=" in page.content.decode()
    assert "frame-src" not in ask(client)["Content-Security-Policy"]


def test_a_name_that_is_a_script_stays_a_name(client, person, organiser):
    type(person).objects.filter(pk=person.pk).update(display_name=NAME)
    person.refresh_from_db()
    mail = outbox.queue("submitted", person, key="real")
    a_mail(person, subject=NAME)
    addresses = [("outbox", []), ("message", [mail.pk]), ("message_body", [mail.pk])]
    for name, args in addresses:
        text = client.get(reverse(f"admin:desk:{name}", args=["here", *args])).content.decode()
        assert NAME not in text and "&lt;script&gt;" in text


def test_a_reading_is_written_down_once_an_hour(client, person, organiser):
    mail = a_mail(person)
    for name in ("message", "message_body", "message"):
        client.get(reverse(f"admin:desk:{name}", args=["here", mail.pk]))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.subject) == (AuditEntry.Action.READ_MAIL, organiser, person.reference)
    client.get(reverse("admin:desk:message", args=["here", a_mail(person).pk]))
    assert AuditEntry.objects.count() == 2


# Finding


def test_each_filter_leaves_what_it_says(client, meeting, person, organiser):
    other = RegistrationFactory(delegation=person.delegation, display_name="Bat Dorjiin", email="bat@example.org")
    first = a_mail(person, to="Litia@Ministry.gov", subject="first", kind="approved", language="fr", **SENT)
    second = a_mail(other, to="bat@example.org", subject="second", state=MailState.FAILED)
    OutgoingMail.objects.filter(pk=first.pk).update(created_at=datetime.datetime(2008, 9, 1, 20, tzinfo=datetime.UTC))
    for query, found in {
        "?q=Vuki": ["first"],
        f"?q={other.reference}": ["second"],
        "?q=litia@ministry.GOV": ["first"],
        "?domain=ministry.gov": ["first"],
        "?kind=approved": ["first"],
        "?language=fr": ["first"],
        "?stage=failed": ["second"],
        "?stage=look": ["second"],
        "?since=2008-09-02&until=2008-09-02": ["first"],  # in Bangkok it is the next day
        "?until=2008-09-01": [],
        "?stage=made-up&since=31 February&after=x~y": ["second", "first"],
        "?q=nobody@e.org": [],
    }.items():
        assert subjects(ask(client, query)) == found, query
    assert second.subject in subjects(ask(client))


def test_an_invitation_is_found_by_its_delegation(client, meeting, person, organiser):
    invitation = Invitation.objects.create(delegation=person.delegation, email="m@e.org", sent_by=organiser)
    a_mail(None, meeting, invitation=invitation, subject="invited")
    assert subjects(ask(client, f"?q={person.delegation.name}")) == ["invited"]


def test_pages_follow_each_other_without_a_gap(meeting, person, organiser):
    mails = [a_mail(person) for _n in range(5)]
    OutgoingMail.objects.update(created_at=timezone.now())  # all at one moment
    everything, seen, place = messages_of(meeting, organiser), [], None
    while True:
        found = page(everything, place, 2)
        seen += [mail.pk for mail in found[:2]]
        if len(found) <= 2:
            break
        place = (found[1].created_at, found[1].pk)
    assert seen == [mail.pk for mail in reversed(mails)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(client, meeting, organiser, rows, django_assert_num_queries):
    for _n in range(rows):
        a_mail(RegistrationFactory(delegation__category__meeting=meeting))
    ask(client)
    with django_assert_num_queries(13):
        assert len(subjects(ask(client))) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_message_costs_the_same_however_much_happened(client, person, organiser, rows, django_assert_num_queries):
    mail = a_mail(person)
    for _n in range(rows):
        mail.events.create(what=MailEvent.What.TRIED, by=UserFactory())
    address = reverse("admin:desk:message", args=["here", mail.pk])
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)


def test_list_and_counts_stop_reading(meeting, person, organiser):
    """Newest first comes out of an index, and so does what is rare: nothing is sorted, nothing read to the end."""
    mails = messages_of(meeting, organiser)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    for query, index in {"": "mail_of_meeting_newest", "kind=approved": "by_kind", "domain=b.org": "by_domain"}.items():
        asked = Asked(QueryDict(query), meeting, organiser)
        plan = asked.narrow(mails).order_by("-created_at", "-pk")[:51].explain()
        assert index in plan and "Sort" not in plan, plan
    assert set(map(str, counts(Asked(QueryDict(""), meeting, organiser), mails).values())) == {"0"}


# One


@pytest.mark.parametrize(
    ("values", "what", "becomes", "noted"),
    [
        ({"not_before": LATER}, "stop", MailState.CANCELLED, "stopped"),
        ({"not_before": LATER}, "now", MailState.QUEUED, "hurried"),
        ({"state": MailState.HELD, "held_for": "review"}, "release", MailState.QUEUED, "released"),
        ({"state": MailState.HELD, "held_for": "review"}, "stop", MailState.CANCELLED, "stopped"),
        ({"state": MailState.FAILED, "attempts": 3}, "again", MailState.QUEUED, "again"),
        ({"state": MailState.FAILED}, "stop", MailState.CANCELLED, "stopped"),
        (STUCK, "again", MailState.QUEUED, "again"),
        (STUCK, "settle", MailState.SENT, "settled"),
    ],
)
@pytest.mark.parametrize("about", [True, False])
def test_each_act_is_done_once_and_written_down(
    client, meeting, person, organiser, values, what, becomes, noted, about
):
    to = person.email if about else "a@b.org"
    mail = a_mail(person if about else None, meeting, to=to, **values)
    assert act(client, mail, what, reason="She called").status_code == 302
    found = OutgoingMail.objects.get(pk=mail.pk)
    assert found.state == becomes and whats(mail) == [noted] and found.held_for == ""
    assert mail.events.get().by == organiser
    assert mail.events.get().text == ("She called" if noted in ("stopped", "settled") else "")
    if what != "now":
        refused = act(client, mail, what, reason="She called")
        assert str(list(get_messages(refused.wsgi_request))[-1]) and whats(mail) == [noted]
    assert OutgoingMail.objects.count() == 1


def test_nobody_takes_a_message_as_sent_without_saying_why(client, person, organiser):
    mail = a_mail(person, **STUCK)
    act(client, mail, "settle", reason="  ")
    assert state(mail) == MailState.STUCK


def test_a_copy_of_what_has_left_is_sent_once(client, person, organiser):
    mail = a_mail(person, to=person.email, **SENT)
    response = act(client, mail, "again")
    copy = OutgoingMail.objects.exclude(pk=mail.pk).get()
    assert response.url == reverse("admin:desk:message", args=["here", copy.pk])
    act(client, mail, "again")
    assert OutgoingMail.objects.count() == 2 and whats(mail) == ["repeated"] and state(mail) == MailState.SENT


@pytest.mark.parametrize("values", [SENT, {"state": MailState.FAILED}])
def test_nothing_is_sent_again_to_an_address_that_does_not_work(client, person, organiser, values):
    mail = a_mail(person, to=person.email, **values)
    UnreachableAddress.objects.create(email=person.email.lower(), why="bounced")
    act(client, mail, "again")
    assert state(mail) == values["state"] and OutgoingMail.objects.count() == 1 and whats(mail) == []
    assert not person.events.exists()


def test_what_failed_goes_to_the_address_of_today(client, person, organiser):
    mail = a_mail(person, to="old@e.org", state=MailState.FAILED)
    act(client, mail, "again")
    assert OutgoingMail.objects.get(pk=mail.pk).to == person.email


def test_what_holds_no_more_is_neither_released_nor_sent(client, person, organiser):
    for values in ({"state": MailState.HELD, "held_for": "review"}, {"state": MailState.FAILED}):
        mail = a_mail(person, kind="approved", **values)
        act(client, mail, "release" if "held_for" in values else "again")
        assert state(mail) == values["state"]


def test_what_tells_of_a_decision_is_stopped_by_undoing_it(client, person, organiser):
    workflow.approve(person.pk, by=organiser)
    mail = OutgoingMail.objects.get(kind="approved")
    assert "Undo the decision" in str(list(get_messages(act(client, mail, "stop").wsgi_request))[-1])
    assert state(mail) == MailState.QUEUED


def test_an_invitation_that_left_is_sent_again_where_invitations_are(client, meeting, person, organiser):
    invitation = Invitation.objects.create(delegation=person.delegation, email="m@e.org", sent_by=organiser)
    mail = a_mail(None, meeting, invitation=invitation, **SENT)
    act(client, mail, "again")
    assert OutgoingMail.objects.count() == 1


def test_made_up_acts_are_not_there(client, person, organiser):
    assert act(client, a_mail(person), "burn").status_code == 404
    assert many(client, "burn", (a_mail(person), "waiting")).status_code == 404


# Many


def test_many_are_looked_at_first_then_done_with_a_result_for_each(client, meeting, person, organiser):
    failed, sent = a_mail(person, to=person.email, state=MailState.FAILED), a_mail(person, **SENT)
    elsewhere = a_mail(RegistrationFactory(), state=MailState.FAILED)
    rows = [(failed, "failed"), (sent, "sent"), (elsewhere, "failed")]
    looked = many(client, "stop", *rows)
    assert looked.status_code == 200 and looked.context["title"] == "Stop 1 message?"
    assert state(failed) == MailState.FAILED and elsewhere.subject not in looked.content.decode().replace("S0", "")
    done = many(client, "stop", *rows, sure="1", reason="Told by telephone")
    assert done.context["title"] == "1 message is stopped"
    assert [bool(line.refusal) for line in done.context["lines"]] == [True, False]
    assert (state(failed), state(sent), state(elsewhere)) == ("cancelled", "sent", "failed")
    assert failed.events.get().text == "Told by telephone"
    again = many(client, "stop", *rows, sure="1")
    assert again.context["title"] == "0 messages are stopped" and whats(failed) == ["stopped"]


def test_pressing_twice_sends_nothing_twice(client, person, organiser):
    mails = [a_mail(person, to=person.email, **SENT) for _n in range(2)]
    for _press in range(2):
        many(client, "again", *((mail, "sent") for mail in mails), sure="1")
    assert OutgoingMail.objects.count() == 4


def test_whoever_saw_another_stage_changes_nothing(client, person, organiser):
    mail = a_mail(person, to=person.email, **STUCK)
    response = many(client, "again", (mail, "failed"), sure="1")
    assert state(mail) == MailState.STUCK and "by now" in response.content.decode()


def test_all_that_the_filter_leaves(client, meeting, person, organiser):
    held = [a_mail(person, state=MailState.HELD, held_for="review") for _n in range(3)]
    other = a_mail(person, state=MailState.HELD, held_for="address")
    response = many(client, "release", query="?stage=review", all="1")
    assert response.context["title"] == "Release 3 messages?"
    picked = [(mail, "review") for mail in held]
    many(client, "release", *picked, sure="1")
    assert {state(mail) for mail in held} == {MailState.QUEUED} and state(other) == MailState.HELD


def test_taking_many_as_sent_asks_how_one_knows(client, person, organiser):
    mail = a_mail(person, **STUCK)
    assert many(client, "settle", (mail, "unclear"), sure="1").status_code == 422
    assert state(mail) == MailState.STUCK
    many(client, "settle", (mail, "unclear"), sure="1", reason="In the log of the server")
    assert state(mail) == MailState.SENT


def test_on_a_child_only_the_lead_acts_and_the_row_says_so(client, meeting, organiser):
    child = ChildFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    mail = a_mail(child, state=MailState.FAILED)
    response = many(client, "stop", (mail, "failed"), sure="1")
    assert state(mail) == MailState.FAILED and "safeguarding lead" in response.content.decode()


def test_nothing_ticked_leads_back_to_the_list(client, organiser):
    response = many(client, "stop", query="?stage=failed")
    assert response.status_code == 302 and response.url.endswith("?stage=failed")


# The bar


def test_the_bar_says_to_organisers_how_many_wait_for_them(client, meeting, person):
    a_mail(person, state=MailState.FAILED)
    signed_in(client, meeting, Role.ORGANISER)
    assert "deskbar__n" in ask(client).content.decode()
    signed_in(client, meeting, Role.REVIEWER)
    assert "deskbar__n" not in ask(client).content.decode()
    OutgoingMail.objects.update(state=MailState.CANCELLED)
    signed_in(client, meeting, Role.ORGANISER)
    assert "deskbar__n" not in ask(client).content.decode()


def test_history_has_what_was_stopped(client, person, organiser):
    act(client, a_mail(person, state=MailState.FAILED), "stop")
    assert person.events.get().action == RegistrationEvent.Action.MAIL_STOPPED
