"""A report is read in whatever form it comes, matched by proof, and takes effect once."""

import base64

import pytest

from registration.bounces import dsn
from registration.bounces.receiving import Received, receive
from registration.mail import identity
from registration.mail.message import message_id
from registration.models import MailEvent, MailState, UnreachableAddress
from tests.registration.bounces import samples

pytestmark = pytest.mark.django_db
What = MailEvent.What


@pytest.fixture(autouse=True)
def _own_return_paths(settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounces@placard.example"


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


FORMS = [
    samples.postfix, samples.gmail, samples.office365, samples.exim, samples.qmail, samples.old_exchange,
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_of_a_bounce_is_matched_by_the_message_that_it_sends_back(write, form):
    mail = write()
    assert receive(form(mail)) is Received.APPLIED
    assert state_of(mail) == MailState.BOUNCED
    assert mail.settled_at and mail.sent_at
    (row,) = UnreachableAddress.objects.all()
    assert (row.email, row.mail, row.why) == ("litia@example.org", mail, "bounced")
    assert "litia@" not in row.answer and row.answer
    assert list(mail.events.values_list("what", "text")) == [(What.BOUNCED, row.answer)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_same_report_twice_is_one(write, form):
    mail = write()
    receive(form(mail))
    assert receive(form(mail)) is Received.KNOWN
    assert mail.events.count() == 1


def test_the_address_it_came_to_is_proof_enough(write):
    mail = write()
    raw = samples.postfix(mail, came_to=samples.return_path(mail), sent_back="Subject: nothing that helps")
    assert receive(raw) is Received.APPLIED
    assert state_of(mail) == MailState.BOUNCED


def test_the_mail_server_may_say_to_whom_it_was_delivered(write):
    mail = write()
    raw = samples.postfix(mail, sent_back="Subject: nothing that helps")
    assert receive(raw) is Received.NOT_OURS
    assert receive(raw, samples.return_path(mail)) is Received.APPLIED


@pytest.mark.parametrize(
    ("status", "diagnostic", "is_dead"),
    [
        ("5.1.1", "", True),
        ("5.1.2", "", True),
        ("5.2.1", "550 5.2.1 mailbox disabled", True),
        ("5.0.0", "550 No such user here", True),
        ("5.4.4", "", True),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", True),
        ("5.2.2", "552 5.2.2 Mailbox full", False),
        ("5.0.0", "552 mailbox is full", False),
        ("5.3.4", "552 5.3.4 Message too big", False),
        ("5.7.1", "554 5.7.1 Blocked as spam", False),
        ("5.0.0", "550 Message blocked: spam", False),
        ("5.0.0", "", False),
        ("5.1.8", "550 5.1.8 Bad sender", False),
        ("5.4.300", "550 5.4.300 Message expired", False),
        ("4.4.7", "delivery time expired", False),
    ],
)
def test_an_address_is_blocked_only_where_it_is_at_fault(write, status, diagnostic, is_dead):
    mail = write()
    assert receive(samples.postfix(mail, status=status, diagnostic=diagnostic)) is Received.APPLIED
    assert state_of(mail) == MailState.BOUNCED  # the clerk sees it in any case
    assert UnreachableAddress.objects.exists() is is_dead


def test_a_delay_is_written_down_and_changes_nothing(write):
    mail = write()
    raw = samples.postfix(mail, action="delayed", status="4.4.1", diagnostic="connection timed out")
    assert receive(raw) is Received.APPLIED
    assert state_of(mail) == MailState.SENT
    assert mail.events.get().what == What.DELAYED
    assert not UnreachableAddress.objects.exists()


def test_delivered_is_delivered_unless_it_came_back(write):
    mail, returned = write(), write(MailState.BOUNCED)
    for each in (mail, returned):
        receive(samples.postfix(each, action="delivered", status="2.0.0", diagnostic="250 ok"))
    assert state_of(mail) == MailState.DELIVERED
    assert state_of(returned) == MailState.BOUNCED


def test_what_was_delivered_to_a_machine_may_still_come_back(write):
    mail = write(MailState.DELIVERED)
    receive(samples.postfix(mail))
    assert state_of(mail) == MailState.BOUNCED


@pytest.mark.parametrize("state", [MailState.STUCK, MailState.FAILED, MailState.SENDING])
def test_a_report_proves_that_an_unclear_message_had_left(write, state):
    mail = write(state)
    receive(samples.postfix(mail, action="delivered", status="2.0.0", diagnostic=""))
    assert state_of(mail) == MailState.DELIVERED


def test_what_was_stopped_stays_stopped(write):
    mail = write(MailState.CANCELLED)
    receive(samples.postfix(mail))
    assert state_of(mail) == MailState.CANCELLED


def test_relayed_to_a_server_that_tells_nothing_says_nothing(write):
    mail = write()
    assert receive(samples.postfix(mail, action="relayed", status="2.0.0", diagnostic="")) is not Received.APPLIED
    assert state_of(mail) == MailState.SENT


def test_a_report_about_somebody_behind_the_address_does_not_block_it(write):
    mail = write()
    assert receive(samples.postfix(mail, final="member@elsewhere.example")) is Received.APPLIED
    assert state_of(mail) == MailState.BOUNCED
    assert not UnreachableAddress.objects.exists()


def test_an_address_that_only_passes_on_to_a_dead_one_is_dead(write):
    mail = write()
    receive(samples.postfix(mail, final="old@elsewhere.example", original=mail.to.upper()))
    assert UnreachableAddress.objects.filter(email=mail.to).exists()


def test_a_report_in_base64_is_read(write):
    mail = write()
    fields = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {mail.to}\nAction: failed\nStatus: 5.1.1\n"
    raw = samples.postfix(mail, encoded=base64.encodebytes(fields.encode()).decode())
    assert receive(raw) is Received.APPLIED


def test_an_international_report_is_read(write):
    assert receive(samples.postfix(write(), name="global-delivery-status")) is Received.APPLIED


# Not bounces


@pytest.mark.parametrize("empty_sender", [True, False])
def test_out_of_office_is_no_bounce(write, empty_sender):
    mail = write()
    assert receive(samples.out_of_office(mail, empty_sender=empty_sender)) is Received.NOTHING_TO_DO
    assert state_of(mail) == MailState.SENT
    assert not mail.events.exists()


def test_an_answer_of_a_person_is_left_for_a_person(write):
    mail = write()
    raw = samples.out_of_office(mail).replace(b"Auto-Submitted: auto-replied\n", b"")
    assert receive(raw) is Received.NOT_UNDERSTOOD
    assert state_of(mail) == MailState.SENT


def test_a_receipt_is_nothing_to_do(write):
    raw = samples.postfix(write(), name="disposition-notification")
    assert receive(raw) is Received.NOTHING_TO_DO


def test_a_spam_complaint_keeps_us_from_writing_again_though_the_message_arrived(write):
    mail = write()
    assert receive(samples.complaint(mail)) is Received.APPLIED
    assert state_of(mail) == MailState.DELIVERED
    assert "spam" in UnreachableAddress.objects.get().answer


# Forged


def test_a_number_without_its_proof_is_nothing(write):
    mail = write()
    forged = f"<{mail.pk}.{'0' * 24}@placard.example>"
    assert receive(samples.postfix(mail, sent_back=samples.headers_of(mail, of=forged))) is Received.NOT_OURS
    assert state_of(mail) == MailState.SENT


def test_the_proof_of_another_message_is_none(write):
    mail, other = write(), write()
    forged = message_id(other).replace(f"<{other.pk}.", f"<{mail.pk}.")
    assert receive(samples.postfix(mail, sent_back=samples.headers_of(mail, of=forged))) is Received.NOT_OURS


def test_whoever_forges_the_address_is_not_asked_for_the_message(write):
    mail = write()
    forged = f"bounces+{mail.pk}.{'0' * 24}@placard.example"
    assert receive(samples.postfix(mail, came_to=forged)) is Received.NOT_OURS


def test_what_the_reader_sees_in_the_headers_is_no_return_path(write):
    mail = write()
    forged = f"bounces+{mail.pk}.{identity.in_headers(mail)}@placard.example"
    assert receive(samples.postfix(mail, came_to=forged)) is Received.NOT_OURS


def test_a_late_report_about_an_address_that_was_corrected_changes_nothing(write):
    mail = write()
    path = samples.return_path(mail)
    mail.to = "litia@fiji.example"
    mail.save()
    assert receive(samples.postfix(mail, came_to=path)) is Received.NOT_OURS
    assert state_of(mail) == MailState.SENT


def test_a_proof_made_with_the_key_before_is_good(write, settings):
    mail = write()
    raw = samples.postfix(mail, came_to=samples.return_path(mail))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert receive(raw) is Received.APPLIED


# Hostile


def test_a_message_that_names_a_hundred_of_ours_is_about_none(write, django_assert_max_num_queries):
    mail = write()
    many = "\n".join(f"<{number}.{'0' * 24}@x>" for number in range(1, 100))
    raw = samples.postfix(mail, sent_back=f"X: y\n\n{many}\n{message_id(mail)}")
    with django_assert_max_num_queries(12):
        assert receive(raw) is Received.NOT_OURS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Content-Type: multipart/report; boundary=a\r\n\r\n--a",
        b"Content-Type: multipart/report; boundary=\r\n\r\n",
        b"Subject: =?utf-8?b?//////?=\r\nFrom: =?x-unknown?q?a?=\r\n\r\nhello",
        b"Content-Type: text/plain; charset=no-such-charset\r\nX-Failed-Recipients: a@b\r\n\r\n550 5.1.1 no such user",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
    ],
)
def test_whatever_comes_is_read_without_a_fault(db, raw):
    assert receive(raw) in (Received.NOT_UNDERSTOOD, Received.NOT_OURS)


def test_an_answer_that_is_no_text_is_kept_as_far_as_it_is(write):
    mail = write()
    raw = samples.postfix(mail, diagnostic="550 5.1.1 DIAGNOSTIC").replace(b"DIAGNOSTIC", b"caf\xe9 \x00 \xff unknown")
    assert receive(raw) is Received.APPLIED
    assert "5.1.1" in UnreachableAddress.objects.get().answer


def test_parts_inside_parts_without_end_are_bounded(db):
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(6000))
    assert receive(deep) is Received.NOT_UNDERSTOOD


def test_a_bounce_of_a_bounce_is_about_nothing(write):
    mail = write()
    inner = samples.postfix(mail, sent_back="Message-ID: <1@elsewhere.example>").decode()
    assert receive(samples.postfix(mail, sent_back=inner.partition("\n\n")[0])) is Received.NOT_OURS


def test_only_the_beginning_of_what_is_enormous_is_read(write):
    mail = write()
    raw = samples.postfix(mail) + b"x" * 5_000_000
    assert receive(raw) is Received.APPLIED
    assert len(raw[: dsn.LARGEST]) == dsn.LARGEST


def test_the_log_names_nobody(write, capsys, caplog):
    mail = write()
    receive(samples.postfix(mail))
    receive(samples.postfix(mail, sent_back="Subject: x"))
    written = capsys.readouterr().out + capsys.readouterr().err + caplog.text
    assert "litia" not in written.lower()


def test_events_about_one_message_are_bounded(write):
    mail = write()
    for n in range(25):
        receive(samples.postfix(mail, action="delayed", status="4.4.1", diagnostic=f"try {n}"))
    assert mail.events.count() == 20
