"""Complete registrations through HTTP: every request that a browser makes, letter and mail included."""

from __future__ import annotations

import queue
import re
import threading
import time
import uuid
from dataclasses import dataclass

from bench import floors
from bench.browser import Browser
from bench.memory import Watch
from bench.stack import SLUG, Stack

from .figure import Figure

CLIENTS = 4
COUNT = 300
ROUNDS = 3
WARM_UP = 40
TARGET = 50
# A State, and what somebody types to find it.
STATES = (
    ("THA", "thai"), ("VNM", "viet"), ("KHM", "camb"), ("LAO", "lao"), ("IDN", "indo"), ("PHL", "phil"),
    ("MMR", "myan"), ("MYS", "mala"), ("MNG", "mong"), ("FJI", "fij"), ("PNG", "papua"), ("TLS", "timor"),
)  # fmt: skip
# A hundred kilobytes, as a scanned page has.
LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + b"% page\n" * 15_000 + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def measure(stack: Stack) -> list[Figure]:
    register_many(stack, WARM_UP)
    stack.mailbox.wait_for(WARM_UP)
    stack.mailbox.empty()
    web, mail = Watch(stack.web_workers), Watch(stack.mail_workers)
    rounds = sorted((register_round(stack) for _ in range(ROUNDS)), key=lambda r: r.rate)
    middle, each = rounds[ROUNDS // 2], 1000 / COUNT / ROUNDS
    floor = floors.insert_again(middle.references[:200], COUNT)
    return [
        Figure(
            name=f"registrations, {middle.requests / COUNT:.0f} requests each (last mail {middle.mailed:+.1f} s)",
            reached=f"{middle.rate:.1f}/s ({rounds[0].rate:.1f} to {rounds[-1].rate:.1f})",
            floor=f"{floor:.0f}/s INSERTs",
            ratio=f"{middle.rate / floor:.3f}",
            target=f"{TARGET}/s",
            met=middle.rate >= TARGET,
            memory=f"web {web.peak():.0f} MB, mail {mail.peak():.0f} MB",
            processor=f"web {web.processor() * each:.0f} ms, mail {mail.processor() * each:.0f} ms each",
        )
    ]


@dataclass
class Round:
    rate: float  # registrations a second
    mailed: float  # seconds from the last registration until the last mail is at the sink
    requests: int
    references: list[str]


def register_round(stack: Stack) -> Round:
    started = time.perf_counter()
    references, requests = register_many(stack, COUNT)
    ended = time.perf_counter()
    mailed = stack.mailbox.wait_for(COUNT) - ended
    stack.mailbox.empty()
    return Round(COUNT / (ended - started), mailed, requests, references)


def register_many(stack: Stack, count: int) -> tuple[list[str], int]:
    """The references of `count` new registrations, made by clients that work at the same time; and the requests."""
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        numbers.put(number)
    references: list[str] = []
    requests: list[int] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not numbers.empty():
                browser = Browser(stack.port)
                references.append(register(browser, numbers.get_nowait()))
                requests.append(browser.requests)
        except queue.Empty:
            pass
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return references, sum(requests)


def register(browser: Browser, number: int) -> str:
    """One delegate's whole way, as with JavaScript; the reference at its end."""
    state, typed = STATES[number % len(STATES)]
    browser.get(f"/{SLUG}/register/")
    browser.get(f"/{SLUG}/register/?represents=government")
    browser.get(f"/{SLUG}/register/entities/?represents=government&q={typed}")
    form = browser.get(f"/{SLUG}/register/?represents=government&entity={state}")
    browser.last = f"/{SLUG}/register/form/{state}/"
    check = browser.post_with_file(browser.last, answers(form.token, number), "letter", LETTER)
    page = browser.post(browser.last, [("csrfmiddlewaretoken", check.token)])
    found = re.search(rb'class="mono"[^>]*>([A-Z]+-[0-9A-Z]{5})<', page.body)
    assert found, page.body[:3000]
    return found[1].decode()


def answers(token: str, number: int) -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": token,
        "attempt": str(uuid.uuid4()),
        "letter_receipt": "",
        "honorific": "Ms.",
        "given_names": "Litia",
        "family_name": f"Waqanisau {number}",
        "display_name": f"Litia WAQANISAU {number}",
        "functional_title": "Director of Social Welfare",
        "department": "Ministry of Health, Women and Social Welfare",
        "organisation": "",
        "role": "adviser",
        "adult": "yes",
        "modality": "in_person",
        "email": f"litia.{number}@health.example.org",
        "phone": "+679 555 0142",
    }
