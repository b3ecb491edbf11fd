"""Five hundred people approved at once in the admin, until the last mail is at the sink."""

from __future__ import annotations

import re
import time

from bench import floors
from bench.browser import signed_in
from bench.memory import Watch
from bench.rows import value
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

COUNT = 500
ROUNDS = 3
TARGET = 4
REFERENCE = re.compile(rb'name="selected" value="([^"]+)"')


def measure(stack: Stack) -> list[Figure]:
    rows = value("SELECT count(*) FROM registration_registration")
    approve(stack, 50)  # warm
    stack.mailbox.wait_for(50)
    stack.mailbox.empty()
    web, mail = Watch(stack.web_workers), Watch(stack.mail_workers)
    rounds = sorted(approve_to_the_last_mail(stack) for _ in range(ROUNDS))
    seconds, page, floor = rounds[ROUNDS // 2]
    processor = f"web {web.processor() / ROUNDS:.1f} s, mail {mail.processor() / ROUNDS:.1f} s"
    return [
        Figure(
            name=f"500 approvals of {rows:,}, every mail at the sink (page after {page:.1f} s)",
            reached=f"{seconds:.2f} s ({rounds[0][0]:.2f} to {rounds[-1][0]:.2f})",
            floor=f"{floor:.2f} s raw SMTP",
            ratio=f"{seconds / floor:.2f}",
            target=f"{TARGET} s",
            met=seconds <= TARGET,
            memory=f"web {web.peak():.0f} MB, mail {mail.peak():.0f} MB",
            processor=processor,
        )
    ]


def approve_to_the_last_mail(stack: Stack) -> tuple[float, float, float]:
    """Seconds until the last mail is at the sink, until the page answers, and of one raw connection with the same."""
    started, answered = approve(stack, COUNT)
    seconds = stack.mailbox.wait_for(COUNT) - started
    return seconds, answered - started, floors.send_again(stack, stack.mailbox.empty())


def approve(stack: Stack, count: int) -> tuple[float, float]:
    """Tick `count` in the queue, look at what will happen, confirm. The moments of confirming and of the answer."""
    browser = signed_in(stack.port, ORGANISER, stack.password)
    queue = browser.get(f"/admin/desk/{SLUG}/queue/?size=500")
    ticked = [("selected", found.decode()) for found in REFERENCE.findall(queue.body)[:count]]
    assert len(ticked) == count, len(ticked)
    chosen = [("csrfmiddlewaretoken", queue.token), ("move", "approve"), *ticked]
    look = browser.post(f"/admin/desk/{SLUG}/queue/selected/", chosen)
    started = time.perf_counter()
    answer = browser.post(f"/admin/desk/{SLUG}/queue/confirmed/", [("csrfmiddlewaretoken", look.token), *chosen[1:]])
    answered = time.perf_counter()
    assert f"{count} people approved".encode() in answer.body, answer.body[:3000]
    return started, answered
