"""Where a message is: for a row and for a query alike."""

import datetime
from itertools import product

import pytest
from django.utils import timezone

from registration.mail import outbox, stages
from registration.mail.stages import Stage
from registration.models import LEFT, HeldFor, MailState, OutgoingMail
from tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]

NOW = timezone.now()
HOUR = datetime.timedelta(hours=1)


def every_combination():
    for n, (state, reason, attempts, due, said) in enumerate(
        product(
            MailState.values,
            HeldFor.values,
            (0, 1, 10),
            (NOW - HOUR, NOW, NOW + HOUR),
            ("", stages.ITS_TURN, "450 later", "535 no"),
        )
    ):
        yield OutgoingMail(
            key=f"combination-{n}", kind="approved", to="a@example.org", language="en", subject="s", text="t",
            html="h", state=state, held_for=reason if state == MailState.HELD else "", attempts=attempts,
            not_before=due, last_error=said, sent_at=NOW if state in LEFT else None,
        )  # fmt: skip


@pytest.fixture
def mails():
    meeting = RegistrationFactory().meeting
    rows = list(every_combination())
    for row in rows:
        row.meeting = meeting
    OutgoingMail.objects.bulk_create(rows)
    return rows


def test_row_and_query_agree_on_every_combination(mails):
    by_row = {mail.pk: stages.stage_of(mail, NOW) for mail in mails}
    by_query = {pk: stage for stage in Stage for pk in _numbers(stages.at(stage, now=NOW))}
    by_column = dict(OutgoingMail.objects.annotate(stage=stages.in_sql(NOW)).values_list("pk", "stage"))
    assert len(by_row) == len(mails)
    assert by_query == by_row == by_column
    assert set(by_row.values()) == set(Stage), "each stage is met"


def test_every_row_is_in_one_stage_only(mails):
    each = [_numbers(stages.at(stage, now=NOW)) for stage in Stage]
    assert sum(map(len, each)) == len(set().union(*each)) == len(mails)


def _numbers(condition):
    return set(OutgoingMail.objects.filter(condition).values_list("pk", flat=True))


@pytest.mark.parametrize("rows", [1, 3])
def test_counting_is_one_query_and_names_every_stage(rows, django_assert_num_queries):
    registration = RegistrationFactory()
    for n in range(rows):
        outbox.queue("submitted", registration, key=f"event-{n}")
    with django_assert_num_queries(1):
        counts = stages.counted(OutgoingMail.objects.all())
    assert counts == dict.fromkeys(Stage, 0) | {Stage.WAITING: rows}


def test_no_stage_and_several_at_once():
    outbox.queue("submitted", RegistrationFactory(), key="event-1")
    assert not OutgoingMail.objects.filter(stages.at()).exists()
    assert OutgoingMail.objects.filter(stages.at(*stages.ON_ITS_WAY)).count() == 1
    assert not OutgoingMail.objects.filter(stages.at(*stages.TO_LOOK_AT)).exists()


def test_each_stage_has_a_word_and_says_who_acts_next():
    assert set(stages.NEXT) == set(Stage)
    assert len({str(stage.label) for stage in Stage}) == len(Stage)
    assert all(str(text).endswith(".") for text in stages.NEXT.values())


@pytest.mark.parametrize(
    ("attempts", "later", "said", "stage"),
    [
        (0, False, "", Stage.WAITING),
        (0, True, "", Stage.GRACE),
        (1, True, "450 later", Stage.RETRY),
        (1, False, "450 later", Stage.RETRY),
        (0, True, "535 no", Stage.RETRY),
        (0, True, stages.ITS_TURN, Stage.WAITING),
    ],
)
def test_what_waits_says_what_it_waits_for(attempts, later, said, stage):
    due = NOW + HOUR if later else NOW - HOUR
    mail = OutgoingMail(state=MailState.QUEUED, attempts=attempts, not_before=due, last_error=said)
    assert stages.stage_of(mail, NOW) == stage
