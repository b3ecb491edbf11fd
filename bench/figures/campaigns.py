"""A message to five thousand: who gets it, and every message written; beside the same rows by bare INSERTs."""

from __future__ import annotations

import os
import time
import uuid

from bench.memory import kilobytes
from bench.rows import connect
from bench.stack import SLUG, Stack

from .figure import Figure
from .sending import _the_stacks_own_worker_stopped

COUNT = 5_000
TOGETHER = 50
WORDS = {
    "subject": "{{ reference }}: hotels for the {{ meeting_short }}",
    "title": "Hotels near the conference centre",
    "body": "{{ name }}, rooms are kept for you until **1 September**.\n\n- five minutes on foot\n- ten by boat",
}
COPY = """
INSERT INTO registration_outgoingmail (key, meeting_id, registration_id, kind, "to", reply_to, language, subject, text,
    html, with_calendar, urgency, state, held_for, attempts, not_before, last_error, provider_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
FIELDS = (
    "meeting_id", "registration_id", "kind", "to", "reply_to", "language", "subject", "text", "html", "with_calendar",
    "urgency", "state", "held_for", "attempts", "not_before", "last_error", "provider_id", "created_at",
)  # fmt: skip


def measure(stack: Stack) -> list[Figure]:
    from django.db import connection

    with _the_stacks_own_worker_stopped(stack):
        settled, written, number = _write_to_all()
        memory = kilobytes(os.getpid(), "VmRSS") / 1024
        floor = _insert_again()
    connection.close()
    return [
        Figure(
            name=f"a message to {number:,}, all written (who gets it: {settled:.1f} s)",
            reached=f"{number / written:,.0f}/s",
            floor=f"{number / floor:,.0f}/s INSERTs",
            ratio=f"{floor / written:.2f}",
            target="500/s",
            met=number / written >= 500,
            memory=f"{memory:.0f} MB",
        )
    ]


def _write_to_all() -> tuple[float, float, int]:
    """Seconds until it is settled who gets it, seconds until all are written to, and how many that are."""
    from meeting.models import Meeting, User
    from registration.campaigns import running, starting
    from registration.models import Registration

    meeting, by = (
        Meeting.objects.get(slug=SLUG),
        User.objects.filter(staff_roles__meeting__slug=SLUG, staff_roles__role="organiser").first(),
    )
    rest = Registration.objects.filter(meeting=meeting).order_by("pk").values_list("pk", flat=True)[COUNT:]
    Registration.objects.filter(pk__in=list(rest)).update(modality="online")
    Registration.objects.filter(meeting=meeting).exclude(pk__in=list(rest)).update(modality="in_person")
    values = {"name": "bench", "query": "modality=in_person", "audience": "people", "words": {"en": WORDS}}
    campaign = starting.draft(meeting, values, token=uuid.uuid4(), by=by)
    starting.send_off(campaign, revision=1, expected=COUNT, by=by)
    started = time.perf_counter()
    running._settle_who_gets_it(campaign.pk)
    settled = time.perf_counter()
    running.run(campaign.pk, seconds=600)
    written = time.perf_counter()
    return settled - started, written - settled, campaign.recipients.filter(state="queued").count()


def _insert_again() -> float:
    """The same rows under other keys, as many in one transaction; taken away again with the others."""
    from registration.models import OutgoingMail

    rows = list(OutgoingMail.objects.filter(kind="campaign").values_list(*FIELDS))
    connection = connect()
    started = time.perf_counter()
    for begin in range(0, len(rows), TOGETHER):
        with connection, connection.cursor() as cursor:
            cursor.executemany(COPY, [(f"floor-{uuid.uuid4()}", *row) for row in rows[begin : begin + TOGETHER]])
    seconds = time.perf_counter() - started
    connection.close()
    OutgoingMail.objects.filter(kind="campaign").delete()
    return seconds
