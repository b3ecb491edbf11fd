"""Five hundred people approved at once in the admin, until the last mail is at the sink."""

from __future__ import annotations

import re
import time

from bench import floors
from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.rows import autocommitting, value
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

COUNT = 500
ROUNDS = 3
TARGET = 4
PATIENCE = 60
TICKED = re.compile(rb'name="selected" value="([^"]+)"')
HIDDEN = re.compile(rb'<input type="hidden" name="(move|token|row)" value="([^"]+)"')
# Mails leave at once: what is measured is work, not the minutes in which a slip can be undone.
NO_GRACE = "UPDATE meeting_meeting SET decision_grace_minutes = 0 WHERE slug = %s"


def measure(stack: Stack) -> list[Figure]:
    rows = value("SELECT count(*) FROM registration_registration")
    with autocommitting() as cursor:
        cursor.execute(NO_GRACE, [SLUG])
    approve(stack, 50)  # warm
    stack.mailbox.wait_for(50)
    stack.mailbox.empty()
    web, mail = Watch(stack.web_workers), Watch(stack.mail_workers)
    rounds = sorted(approve_to_the_last_mail(stack) for _ in range(ROUNDS))
    seconds, page, floor = rounds[ROUNDS // 2]
    processor = f"web {web.processor() / ROUNDS:.1f} s, worker {mail.processor() / ROUNDS:.1f} s"
    return [
        Figure(
            name=f"500 approvals of {rows:,}, every mail at the sink (all decided after {page:.1f} s)",
            reached=f"{seconds:.2f} s ({rounds[0][0]:.2f} to {rounds[-1][0]:.2f})",
            floor=f"{floor:.2f} s raw SMTP",
            ratio=f"{seconds / floor:.2f}",
            target=f"{TARGET} s",
            met=seconds <= TARGET,
            memory=f"web {web.peak():.0f} MB, worker {mail.peak():.0f} MB",
            processor=processor,
        )
    ]


def approve_to_the_last_mail(stack: Stack) -> tuple[float, float, float]:
    """Seconds until the last mail is at the sink, until all is decided, and of one raw connection with the same."""
    started, ended = approve(stack, COUNT)
    seconds = stack.mailbox.wait_for(COUNT) - started
    return seconds, ended - started, floors.send_again(stack, stack.mailbox.empty())


def approve(stack: Stack, count: int) -> tuple[float, float]:
    """Tick `count` in the queue, look at what will happen, confirm. The moments of confirming and of the result."""
    browser = signed_in(stack.port, ORGANISER, stack.password)
    queue = browser.get(f"/admin/desk/{SLUG}/queue/?size=500")
    ticked = [("selected", found.decode()) for found in TICKED.findall(queue.body)[:count]]
    assert len(ticked) == count, len(ticked)
    chosen = [("csrfmiddlewaretoken", queue.token), ("move", "approve"), *ticked]
    look = browser.post(f"/admin/desk/{SLUG}/queue/selected/", chosen)
    seen = [(name.decode(), text.decode()) for name, text in HIDDEN.findall(look.body)]
    assert len(seen) == count + 2, len(seen)
    started = time.perf_counter()
    answer = browser.post(f"/admin/desk/{SLUG}/queue/confirmed/", [("csrfmiddlewaretoken", look.token), *seen])
    token = dict(seen)["token"]
    ended = _result(browser, f"/admin/desk/{SLUG}/queue/many/{token}/", started)
    assert answer.status == 200, answer.status
    return started, ended


def _result(browser: Browser, address: str, started: float) -> float:
    """When the result is there; the page asks as often as a browser would."""
    while b'"running": true' in browser.get(f"{address}progress/").body:
        assert time.perf_counter() - started < PATIENCE
        time.sleep(0.25)
    ended = time.perf_counter()
    assert b'class="bad"' not in (body := browser.get(address).body), body[:3000]
    return ended
