"""The messages of a meeting at the desk: which of them somebody may read, what is asked of them, and in what pages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .. import rules
from ..mail.kinds import NAMES, name_of
from ..mail.stages import Stage, at, came_back_and_waits, needs_somebody
from ..models import Campaign, OutgoingMail, Status, known_to
from ..models.mail import OutgoingMailQuerySet
from . import search
from .filters import people_of
from .paging import Capped, after, capped_counts

# In the place of a stage: all that wait for a person, and of these what came back.
LOOK, BACK = "look", "back"
NEWEST_FIRST = ("-created_at", "-pk")
NOBODY_WHO_LEFT = Q(registration=None) | Q(registration__is_minor=False) | ~Q(registration__status=Status.WITHDRAWN)
STAGES = [("", _("Any")), (LOOK, _("Needs a person")), (BACK, _("Came back, and needs a person")), *Stage.choices]


WAITING: dict[str, Callable[[], Q]] = {LOOK: needs_somebody, BACK: came_back_and_waits}


def messages_of(meeting: Meeting, user: Any) -> OutgoingMailQuerySet:
    """The messages of `meeting` that `user`, whom the view has let in, may know of.

    Organisers know of all; others of those about people whom they may read. A child who left has left none.
    """
    found: OutgoingMailQuerySet = OutgoingMail.objects.filter(NOBODY_WHO_LEFT, meeting=meeting)
    if rules.can_organise(user, meeting):
        return found
    about_somebody = found.filter(registration__isnull=False).exclude(registration__status=Status.DRAFT)
    return about_somebody.filter(known_to(user, "meeting", "registration__delegation__category"))


class MailFilter(forms.Form):
    """What is asked of the messages. What cannot be understood is left out."""

    q = forms.CharField(label=_("Name, reference or email"), max_length=200, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=STAGES, required=False)
    kind = forms.ChoiceField(label=_("Message"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("Any")), *settings.LANGUAGES], required=False)
    domain = forms.CharField(label=_("Domain"), max_length=254, required=False)
    since = forms.DateField(label=_("Written from"), required=False)
    until = forms.DateField(label=_("Written until"), required=False)
    campaign: Any = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Message to many"), empty_label=_("Any"), required=False, to_field_name="token"
    )

    def __init__(self, data: QueryDict, meeting: Meeting, reader: Any, *, reads_addresses: bool = True) -> None:
        """Without `reads_addresses` nobody is found by an address, nor a message by its domain."""
        super().__init__(data, auto_id="filter_%s")
        self.meeting, self.reader, self.reads_addresses = meeting, reader, reads_addresses
        if not reads_addresses:
            del self.fields["domain"]
        kinds = sorted(((kind, name_of(kind)) for kind in NAMES), key=lambda named: named[1].casefold())
        self.fields["kind"].choices = [("", _("Any")), *kinds]  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = Campaign.objects.visible_to(reader, meeting)  # type: ignore[attr-defined]
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or None

    def narrow(self, mails: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
        """With every filter but the stage."""
        mails = mails.filter(**{name: self.value(name) for name in ("kind", "language") if self.value(name)})
        if domain := self.value("domain"):
            mails = mails.filter(domain=domain.strip().removeprefix("@").lower())
        if campaign := self.value("campaign"):
            mails = mails.filter(campaign_recipient__campaign=campaign)
        if words := self.value("q"):
            mails = mails.filter(self._found(words.strip()))
        return mails.filter(self._between())

    def in_stage(self, mails: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
        stage = self.value("stage")
        if not stage:
            return mails
        return mails.filter(WAITING[stage]() if stage in WAITING else at(Stage(stage)))

    @cached_property
    def _search(self) -> search.Found:
        return search.find(self.meeting, self.value("q"), people_of(self.meeting, self.reader))

    def _found(self, words: str) -> Q:
        """To this address; about whoever is so called or has this reference; an invitation of this delegation."""
        if "@" in words and not self.reads_addresses:
            return Q(pk__in=[0])
        if re.fullmatch(r"[^@\s]+@[^@\s]+", words):
            return Q(Exact(Lower(F("to")), words.lower()))
        people = people_of(self.meeting, self.reader).filter(self._search.condition)
        found = Q(registration__in=people.order_by().values("pk"))
        delegations = search.delegations_called(self.meeting, words)
        return found | Q(invitation__delegation__in=delegations) if delegations else found

    def _between(self) -> Q:
        since, until = self.value("since"), self.value("until")
        found = Q(created_at__gte=self._midnight(since)) if since else Q()
        if until and until < datetime.date.max:
            found &= Q(created_at__lt=self._midnight(until + datetime.timedelta(days=1)))
        return found

    def _midnight(self, day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(day, datetime.time.min, self.meeting.zone)

    def active(self) -> dict[str, str]:
        """The filters that hold, as they stand in the address."""
        given = {name: self.data.get(name, "").strip() for name in self.fields if name in self.cleaned_data}
        return {name: text for name, text in given.items() if text}

    def query(self, **changes: str) -> str:
        """The query string with `changes`; an empty value takes a filter away."""
        merged = QueryDict(mutable=True)
        merged.update({k: v for k, v in {**self.active(), **changes}.items() if v})
        return merged.urlencode()

    def query_to_look_at(self) -> str:
        return self.query(stage=LOOK)

    def chips(self) -> list[dict[str, str]]:
        """Each active filter in words, with the query string that takes it away."""
        return [{"text": self._in_words(name), "without": self.query(**{name: ""})} for name in self.active()]

    def _in_words(self, name: str) -> str:
        value = self.cleaned_data[name]
        choices = dict(getattr(self.fields[name], "choices", ())) if isinstance(value, str) else {}
        text = str(choices.get(value, value))
        return text if name in ("q", "stage", "kind") else f"{self.fields[name].label}: {text}"

    def menu(self, name: str) -> dict[str, Any]:
        """One filter as a menu of links."""
        now = self.active().get(name, "")
        choices = [(str(value), label) for value, label in self.fields[name].choices]  # type: ignore[attr-defined]
        links = [{"label": text, "query": self.query(**{name: v}), "is_current": v == now} for v, text in choices]
        return {"name": name, "label": self.fields[name].label, "choices": links}


def counts(asked: MailFilter, mails: OutgoingMailQuerySet) -> dict[str, Capped]:
    """How many are in each stage and how many wait for a person, under the other filters; one statement.

    Counted no further than a list is read.
    """
    now, narrowed = timezone.now(), asked.narrow(mails)
    by_stage: dict[str, QuerySet[Any]] = {stage.value: narrowed.filter(at(stage, now=now)) for stage in Stage}
    return capped_counts(by_stage | {name: narrowed.filter(condition()) for name, condition in WAITING.items()})


def to_look_at(mails: OutgoingMailQuerySet) -> Capped:
    """How many of `mails` wait for a person."""
    return capped_counts({LOOK: mails.filter(needs_somebody())})[LOOK]


def page(mails: OutgoingMailQuerySet, place: tuple[datetime.datetime, int] | None, size: int) -> list[OutgoingMail]:
    """`size` of `mails` behind the place, newest first, and one more where there is one; without their long texts."""
    behind = mails.filter(after(NEWEST_FIRST, place)) if place else mails
    shown = behind.select_related("registration__delegation").defer("text", "html")
    return list(shown.order_by(*NEWEST_FIRST)[: size + 1])
