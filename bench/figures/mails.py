"""A thousand mails: rendered into the outbox, told to Celery, sent to the sink; beside one raw SMTP connection."""

from __future__ import annotations

import time

from bench import floors
from bench.memory import Watch
from bench.stack import SLUG, Stack

from .figure import Figure

COUNT = 1000


def measure(stack: Stack) -> list[Figure]:
    from django.db import connection

    from registration.models import Registration

    people = list(
        Registration.objects.filter(meeting__slug=SLUG).select_related("meeting__venue", "delegation__category")[:COUNT]
    )
    assert len(people) == COUNT, len(people)
    send(people[:20], "warm")
    stack.mailbox.wait_for(20)
    stack.mailbox.empty()
    watch = Watch(stack.mail_workers)
    started = time.perf_counter()
    send(people, "measured")
    written = time.perf_counter() - started
    seconds = stack.mailbox.wait_for(COUNT) - started
    connection.close()
    processor = f"mail {watch.processor():.1f} s"
    floor = floors.send_again(stack, stack.mailbox.empty())
    return [
        Figure(
            name=f"1,000 mails at the sink (all in the outbox after {written:.1f} s)",
            reached=f"{seconds:.2f} s",
            floor=f"{floor:.2f} s raw SMTP",
            ratio=f"{seconds / floor:.2f}",
            target="",
            met=None,
            memory=f"mail {watch.peak():.0f} MB",
            processor=processor,
        )
    ]


def send(people: list, run: str) -> None:
    """One message to each, each in a transaction of its own, as a move writes it."""
    from django.db import transaction

    from registration.mail import outbox

    for registration in people:
        with transaction.atomic():
            outbox.queue("submitted", registration, key=f"bench-{run}-{registration.pk}")
