"""Slows down who guesses, and never the owner of the account.

Failures are counted for the account from one network, for a network, and for the account from anywhere, the last with
a wait that grows. None of that counts in a browser that the account has signed in from before: there only its own
failures do. Whoever has no such browser at hand is let in by a mailed link, which no failure stops.

An attempt is written down before the password is looked at, so that a thousand at once are still a thousand. One that
has to wait is not looked at and not counted.
"""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import FailedSignIn
from . import reader

Step = FailedSignIn.Step

SPAN = datetime.timedelta(hours=1)
KEPT = datetime.timedelta(hours=24)
# In SPAN.
FROM_ONE_NETWORK = 100  # a conference hotel may share one
FOR_ACCOUNT_FROM_ONE_NETWORK = {Step.PASSWORD: 10, Step.FACTOR: 5}
IN_KNOWN_BROWSER = {Step.PASSWORD: 20, Step.FACTOR: 10}
# For one account from anywhere: so many without a wait, then 2, 4, 8 ... seconds, at most this.
WITHOUT_WAIT = {Step.PASSWORD: 10, Step.FACTOR: 5}
LONGEST_WAIT = datetime.timedelta(minutes=5)


class MustWait(Exception):
    """Too many failures: nothing was looked at. `minutes` until it is worth trying again."""

    def __init__(self, wait: datetime.timedelta) -> None:
        super().__init__(wait)
        self.minutes = max(1, -(-int(wait.total_seconds()) // 60))


def begin(request: HttpRequest, step: Step, who: str, browser: str) -> FailedSignIn:
    """One more attempt at the account of `who`, taken for a failure until `passed` says otherwise; or MustWait."""
    attempt = FailedSignIn.objects.create(
        step=step, account=digest(who), network=reader.network(request), browser=browser
    )
    wait = _in_known_browser(attempt) if browser else _elsewhere(attempt)
    if wait > datetime.timedelta():
        attempt.delete()
        raise MustWait(wait)
    return attempt


def passed(attempt: FailedSignIn) -> None:
    attempt.delete()


def digest(who: str) -> str:
    """The typed address is not kept, and without our key cannot be found out."""
    return salted_hmac(__name__, who.strip().casefold()).hexdigest()[:32]


def forget() -> int:
    return FailedSignIn.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _before(attempt: FailedSignIn) -> QuerySet[FailedSignIn]:
    return FailedSignIn.objects.filter(at__gt=attempt.at - SPAN).exclude(pk=attempt.pk)


def _in_known_browser(attempt: FailedSignIn) -> datetime.timedelta:
    own = _before(attempt).filter(browser=attempt.browser, account=attempt.account, step=attempt.step)
    return _until_fewer(own, IN_KNOWN_BROWSER[Step(attempt.step)], attempt.at)


def _elsewhere(attempt: FailedSignIn) -> datetime.timedelta:
    step = Step(attempt.step)
    others = _before(attempt).filter(browser="")
    here = others.filter(network=attempt.network)
    account = others.filter(account=attempt.account, step=step)
    return max(
        _until_fewer(here, FROM_ONE_NETWORK, attempt.at),
        _until_fewer(account.filter(network=attempt.network), FOR_ACCOUNT_FROM_ONE_NETWORK[step], attempt.at),
        _growing(account, WITHOUT_WAIT[step], attempt.at),
    )


def _times(rows: QuerySet[FailedSignIn], most: int) -> list[datetime.datetime]:
    return list(rows.order_by("-at").values_list("at", flat=True)[:most])


def _until_fewer(rows: QuerySet[FailedSignIn], most: int, now: datetime.datetime) -> datetime.timedelta:
    times = _times(rows, most)
    return times[-1] + SPAN - now if len(times) == most else datetime.timedelta()


def _growing(rows: QuerySet[FailedSignIn], free: int, now: datetime.datetime) -> datetime.timedelta:
    times = _times(rows, free + 10)
    over = len(times) - free
    if over < 0:
        return datetime.timedelta()
    wait = min(datetime.timedelta(seconds=2 ** (over + 1)), LONGEST_WAIT)
    return times[0] + wait - now
