"""Slow domains are written to slowly, all others at once; and nobody waits behind a crowd."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.contrib.admin.sites import site
from django.db import connection, transaction
from django.utils import timezone

from registration.mail import delivery, outbox, pacing, stages
from registration.mail.postbox import postbox
from registration.mail.stages import Stage
from registration.models import DomainPace, MailState, OutgoingMail, Urgency
from tests.factories import RegistrationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]


def queued(n=1, domain="slow.example.org", kind="submitted"):
    registration = RegistrationFactory(email=f"somebody@{domain}")
    start = OutgoingMail.objects.count()
    keys = [f"change-code-{start + i}" if kind == "change_code" else f"event-{start + i}" for i in range(n)]
    return [outbox.queue(kind, registration, key=key) for key in keys]


def pace(**values):
    pacing.known.forget()
    return DomainPace.objects.create(domain="slow.example.org", **values)


def test_domain_that_asks_for_it_is_written_to_more_slowly_each_time(scripted):
    scripted.script = {"rcpt": "450 4.2.1 too many"}.get
    gaps = []
    for mail in queued(3):
        OutgoingMail.objects.filter(pk=mail.pk).update(last_error=stages.ITS_TURN)  # has waited for its turn
        DomainPace.objects.update(slowed_at=timezone.now() - datetime.timedelta(minutes=2))
        outbox.deliver(mail.pk)
        gaps.append(DomainPace.objects.get().gap)
    assert gaps == [1.0, 2.0, 4.0]


def test_gap_has_a_bound_and_grows_once_for_all_who_hear_the_same(scripted):
    pace(gap=40, slowed_at=timezone.now() - datetime.timedelta(minutes=2))
    for _ in range(4):
        pacing.slow_down("slow.example.org")
    assert DomainPace.objects.get().gap == pacing.LONGEST_GAP


@pytest.mark.parametrize("step", ["greeting", "auth", "mail"])
def test_what_is_said_to_us_slows_no_domain_down(scripted, step):
    scripted.script = {step: "421 4.3.2 later"}.get
    outbox.deliver(queued()[0].pk)
    assert not DomainPace.objects.exists()


def test_paced_message_gets_a_place_and_uses_no_attempt_up(sink):
    pace(gap=30, next_at=timezone.now() + datetime.timedelta(seconds=30))
    mails = queued(3)
    assert [outbox.deliver(mail.pk) for mail in mails] == [None] * 3
    assert sink.messages == []
    places = list(OutgoingMail.objects.order_by("pk").values_list("not_before", flat=True))
    assert [round((b - a).total_seconds()) for a, b in pairwise(places)] == [30, 30]
    for mail in OutgoingMail.objects.all():
        assert (mail.state, mail.attempts, mail.claimed_at) == (MailState.QUEUED, 0, None)
        assert stages.stage_of(mail) == Stage.WAITING
        assert not mail.events.exists()


def test_whose_turn_has_come_leaves(sink):
    pace(gap=30, next_at=timezone.now() + datetime.timedelta(seconds=30))
    (mail,) = queued()
    outbox.deliver(mail.pk)
    OutgoingMail.objects.update(not_before=timezone.now())
    assert outbox.deliver(mail.pk) == MailState.SENT


def test_other_domains_do_not_wait(sink):
    pace(gap=30, next_at=timezone.now() + datetime.timedelta(minutes=5))
    (mail,) = queued(domain="quick.example.org")
    assert outbox.deliver(mail.pk) == MailState.SENT


def test_what_somebody_waits_for_takes_no_place_in_line(sink):
    pace(gap=30, next_at=timezone.now() + datetime.timedelta(minutes=5))
    (mail,) = queued()
    OutgoingMail.objects.update(urgency=Urgency.AT_ONCE)
    assert outbox.deliver(mail.pk) == MailState.SENT
    assert len(sink.messages) == 1


def test_gap_shrinks_with_each_success_until_the_domain_is_like_any_other(sink):
    pace(gap=0.17, next_at=timezone.now() - datetime.timedelta(minutes=1))
    waiting = queued(2)[1]
    OutgoingMail.objects.filter(pk=waiting.pk).update(
        not_before=timezone.now() + datetime.timedelta(hours=1), last_error=stages.ITS_TURN
    )
    outbox.deliver(waiting.pk - 1)
    assert DomainPace.objects.get().gap == pytest.approx(0.1275)
    for _ in range(2):
        pacing.ease("slow.example.org")
    assert not DomainPace.objects.exists()
    waiting.refresh_from_db()
    assert waiting.not_before <= timezone.now(), "who waited for its turn waits no more"


def test_pace_by_hand_holds_and_stays(sink):
    pace(per_minute=2, next_at=timezone.now() - datetime.timedelta(minutes=1))
    first, second = queued(2)
    assert outbox.deliver(first.pk) == MailState.SENT
    assert outbox.deliver(second.pk) is None
    second.refresh_from_db()
    assert 25 < (second.not_before - timezone.now()).total_seconds() <= 30
    assert DomainPace.objects.get().per_minute == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_domains_of_which_nothing_is_known_cost_one_look(sink, rows, django_assert_num_queries):
    first, *mails = queued(rows + 1)
    outbox.deliver(first.pk)  # reads the meeting and the domains
    with django_assert_num_queries(5 * rows):  # savepoint, claim, key, release, settle
        for mail in mails:
            outbox.deliver(mail.pk)


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_pace():
    pace(gap=10, next_at=timezone.now() + datetime.timedelta(seconds=10))
    mails = queued(8)

    def work(mail):
        try:
            return outbox.deliver(mail.pk)
        finally:
            postbox.close()
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, mails)) == {None}
    places = sorted(OutgoingMail.objects.values_list("not_before", flat=True))
    gaps = [round((b - a).total_seconds()) for a, b in pairwise(places)]
    assert gaps == [10] * 7, "each has a place of its own"


def test_administrator_sets_a_pace_and_nobody_else(client, admin_client):
    assert DomainPace in site._registry
    assert admin_client.get("/admin/registration/domainpace/").status_code == 200
    said = {"domain": "Ministry.example.ORG", "per_minute": "6"}
    assert admin_client.post("/admin/registration/domainpace/add/", said).status_code == 302
    row = DomainPace.objects.get()
    assert (row.domain, row.per_minute) == ("ministry.example.org", 6)
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/admin/registration/domainpace/").status_code == 403


def test_pace_changed_by_hand_counts_for_what_waits(admin_client):
    pace(per_minute=1, next_at=timezone.now() + datetime.timedelta(hours=5))
    (mail,) = queued()
    outbox.deliver(mail.pk)
    admin_client.post("/admin/registration/domainpace/slow.example.org/change/", {"per_minute": "60"})
    mail.refresh_from_db()
    assert mail.not_before <= timezone.now()
    assert DomainPace.objects.get().next_at <= timezone.now()
    OutgoingMail.objects.update(last_error=stages.ITS_TURN, not_before=timezone.now() + datetime.timedelta(hours=1))
    admin_client.post("/admin/registration/domainpace/slow.example.org/delete/", {"post": "yes"})
    mail.refresh_from_db()
    assert mail.not_before <= timezone.now()


# Who goes first


def crowd(n):
    """`n` campaign messages that are due."""
    registration = RegistrationFactory()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            key=f"campaign-{i}", kind="campaign", registration=registration, meeting=registration.meeting, subject="s",
            to=f"reader-{i}@example.org", language="en", text="t", html="h", urgency=Urgency.MANY,
            not_before=timezone.now() - datetime.timedelta(minutes=5),
        )
        for i in range(n)
    )  # fmt: skip
    return registration


def test_kinds_have_their_urgency():
    registration = RegistrationFactory()
    for n, (kind, urgency) in enumerate({"submitted": Urgency.USUAL, "change_code": Urgency.AT_ONCE}.items()):
        outbox.queue(kind, registration, key=f"event-{n}")
        assert OutgoingMail.objects.get(kind=kind).urgency == urgency


def test_sweep_sends_the_most_urgent_first(sink):
    registration = crowd(3)
    usual = outbox.queue("submitted", registration, key="event-1")
    code = outbox.queue("submitted", registration, key="event-2")
    OutgoingMail.objects.filter(pk=code.pk).update(urgency=Urgency.AT_ONCE)
    OutgoingMail.objects.filter(pk=usual.pk).update(not_before=timezone.now() - datetime.timedelta(minutes=1))
    outbox.sweep()
    sent = list(OutgoingMail.objects.order_by("sent_at").values_list("pk", flat=True))
    assert sent[:2] == [code.pk, usual.pk]


@pytest.mark.django_db(transaction=True)
def test_five_thousand_campaign_messages_do_not_delay_a_code(sink):
    """The only worker is in the middle of them when somebody asks for a code."""
    registration = crowd(5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_outgoingmail")

    def work():
        try:
            delivery.sweep()
        finally:
            postbox.close()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work)
        sink.wait_for(20)
        began = time.monotonic()
        with transaction.atomic():
            outbox.queue_to(
                "sign_in", key="sign-in-1", meeting=registration.meeting, to="focal@example.org", language="en",
                values={"name": "Vilisi"}, focal_user=UserFactory(),
            )  # fmt: skip
        while "focal@example.org" not in sink.recipients:
            assert time.monotonic() - began < 10
            time.sleep(0.005)
        waited, before = time.monotonic() - began, len(sink.recipients)
        delivery_ends(running)
    assert waited < 2, f"{waited:.2f} s, behind {before} others"
    assert OutgoingMail.objects.filter(stages.at(Stage.WAITING)).exists(), "the crowd was not through yet"


def delivery_ends(running):
    """Without waiting for the rest of the crowd."""
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=timezone.now() + datetime.timedelta(0, 5))
    running.result(20)
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=timezone.now())
