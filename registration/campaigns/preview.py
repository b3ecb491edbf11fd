"""What would happen if it were sent off now: how many, in which languages, who is left out; one message of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from meeting.models import User

from ..mail.links import PLACEHOLDER
from ..mail.readers import Reader
from ..mail.rendering import Rendered
from ..models import Campaign, CampaignRecipient, Category, Delegation, Registration
from ..outside import as_told
from . import audience, words, writing
from .audience import Planned

MOST_NAMED = 5
Why = CampaignRecipient.Why


@dataclass(frozen=True)
class LanguageLine:
    """How many read `code`, and in which language they get it."""

    code: str
    number: int
    gets: str


@dataclass(frozen=True)
class LeftOut:
    why: Why
    number: int
    names: list[str]  # the first few


@dataclass(frozen=True)
class Sample:
    reader: Reader
    language: str
    message: Rendered


@dataclass(frozen=True)
class Preview:
    campaign: Campaign
    planned: Sequence[Planned]

    @classmethod
    def of(cls, campaign: Campaign, by: User) -> Preview:
        """Raises audience.NotUnderstood."""
        one_each = words.is_about_each(campaign)
        planned = audience.plan(campaign.meeting, campaign.query, campaign.audience, by, one_each=one_each)
        return cls(campaign, planned)

    @cached_property
    def will(self) -> list[Planned]:
        return [one for one in self.planned if not one.why]

    @cached_property
    def languages(self) -> list[LanguageLine]:
        """The most read first."""
        counted = Counter(one.language for one in self.will).most_common()
        return [LanguageLine(code, n, words.language_for(self.campaign, code)) for code, n in counted]

    @property
    def without_words(self) -> list[LanguageLine]:
        """Those who get it in another language than theirs."""
        return [line for line in self.languages if line.code != line.gets]

    @cached_property
    def categories(self) -> list[tuple[str, int]]:
        counted = Counter(one.category for one in self.will)
        named = Category.objects.filter(pk__in=counted).order_by("order")
        return [(category.name, counted[category.pk]) for category in named]

    @cached_property
    def left_out(self) -> list[LeftOut]:
        found: dict[str, list[str]] = {}
        for one in self.planned:
            if one.why:
                found.setdefault(one.why, []).append(one.name)
        return [LeftOut(Why(why), len(names), names[:MOST_NAMED]) for why, names in found.items()]

    def sample(self, language: str) -> Sample | None:
        """The message to the first who reads `language`; to the first of all, where nobody does."""
        first = next((one for one in self.will if one.language == language), next(iter(self.will), None))
        return _sample(self.campaign, first) if first else None


def _sample(campaign: Campaign, one: Planned) -> Sample | None:
    reader, about = _reader_and_about(one)
    if reader is None:
        return None
    message = writing.rendering(campaign, reader, about)
    return Sample(reader, words.language_for(campaign, reader.language), message)


def _reader_and_about(one: Planned) -> tuple[Reader | None, Registration | Delegation | None]:
    delegation = Delegation.objects.select_related("category").get(pk=one.delegation)
    about: Registration | Delegation = delegation
    registration = None
    if one.registration:
        found = Registration.objects.with_all_around().get(pk=one.registration)
        about = registration = as_told([found.take_meeting()])[0]
    if one.user:
        user = User.objects.get(pk=one.user)
        return Reader(user.email, one.language, one.name, user), about
    if registration is None:
        return None, about
    return Reader(registration.email, one.language, registration.printed_name), about


def without_keys(text: str, instead: str) -> str:
    """Where the private link of each would stand."""
    return text.replace(PLACEHOLDER, instead)
