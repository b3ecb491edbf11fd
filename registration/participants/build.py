"""The list of participants of a meeting as it stands now: from the database to a tree, in a fixed number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from meeting.models import Meeting

from ..models import Basis, Category, Listing, ParticipantsSetup, RoleInDelegation
from ..models.registration import LAST, ROLE_ORDER
from . import profiles
from .entities import Names
from .head import head, officers
from .lines import Lines
from .once import in_one_category
from .parts import parts_of as _parts
from .parts import sections_of
from .people import Row, rows_of
from .plurals import capitals, heading, in_digits, in_words, with_number
from .profile import Profile, ProfileError, SectionRule
from .tree import Entity, Person, Role, Section, Tree

__all__ = ["LANGUAGES", "ProfileError", "build", "language_of", "setup_of"]
LANGUAGES = {"zh": "zh-hans"}  # what else a language may be called
TOGETHER = "all"  # the role of people whom a section does not part by roles


def build(
    meeting: Meeting,
    *,
    language: str,
    profile: Profile | str | None = None,
    basis: str | None = None,
    on: datetime.date | None = None,
    state: str = "",
    user: Any = None,
    languages: Sequence[str] = (),
    now: datetime.datetime | None = None,
) -> Tree:
    """The list as it would be printed now, in `language`.

    `profile` and `basis` follow the meeting's own setup; entities have the names of the day `on`, else of the meeting's
    first day. `state` says which version it is ("Provisional"). With `user` it has only those whom that user sees.
    `languages` are those in which the document appears; none: this one alone. ProfileError, ValueError for a language
    that is not there.
    """
    language = language_of(language)
    with override(language):
        setup = setup_of(meeting)
        rules = _profile(meeting, setup, profile)
        basis = Basis(basis or setup.basis)
        today = (now or timezone.now()).astimezone(meeting.zone).date()
        sections = _Sections(meeting, setup, rules, language, on or meeting.starts_on).of(basis, user)
        return Tree(
            language=language,
            profile=rules.name,
            head=head(meeting, setup, rules, basis, state, today, [language_of(code) for code in languages]),
            sections=sections,
            officers_heading=_capitals(rules, rules.words.officers[language], language) if rules.officers_first else "",
            officers=officers(meeting, rules, language, sections) if rules.officers_first else (),
            disclaimer=rules.words.disclaimer[language],
            two_columns=setup.two_columns and not rules.flat,
            with_contents=setup.with_contents,
            is_flat=rules.flat,
        )


def language_of(code: str) -> str:
    """The language of this code as the product calls it. ValueError where there is none."""
    found = LANGUAGES.get(code.lower(), code.lower())
    if found not in dict(settings.LANGUAGES):
        raise ValueError(f"There is no list in the language “{code}”. There are: en, fr, es, ru, zh, ar.")
    return found


def setup_of(meeting: Meeting) -> ParticipantsSetup:
    found = ParticipantsSetup.objects.filter(meeting=meeting).first()
    return found or ParticipantsSetup(meeting=meeting)


def _profile(meeting: Meeting, setup: ParticipantsSetup, asked: Profile | str | None) -> Profile:
    if isinstance(asked, Profile):
        return asked
    return profiles.load(asked or setup.profile or profiles.for_style(meeting.name_profile))


def _capitals(profile: Profile, text: str, language: str) -> str:
    return capitals(text, language) if "sections" in profile.capitals else text


class _Sections:
    """The sections of one list, and the officers among its people."""

    def __init__(
        self, meeting: Meeting, setup: ParticipantsSetup, profile: Profile, language: str, on: datetime.date
    ) -> None:
        self.meeting, self.profile, self.language = meeting, profile, language
        self.lines = Lines(profile, language, with_contact=setup.with_contact)
        categories = {category.pk: category for category in Category.objects.filter(meeting=meeting)}
        self.rules = sections_of(profile, categories.values(), language)
        self.parts = _parts(meeting, categories, self.rules, Names(meeting, profile, language, on))
        self.organisers = self._organisers()

    def of(self, basis: str, user: Any) -> tuple[Section, ...]:
        rows = rows_of(self.meeting, basis, with_withdrawn=self.profile.withdrawn == "mark", user=user)
        listed = [row for row in rows if self.parts[row.delegation].category.listing != Listing.NOT]
        if self.profile.in_two_categories == "once":
            listed = in_one_category(listed, {pk: part.place for pk, part in self.parts.items()})
        by_section: dict[int, list[Row]] = defaultdict(list)
        for row in listed:
            by_section[self.parts[row.delegation].section].append(row)
        return tuple(self._section(self.rules[number], by_section[number]) for number in sorted(by_section))

    def _organisers(self) -> dict[int, int]:
        """By entity, its place among the bodies that organise the meeting; only where a section asks for it."""
        if not any(rule.sort == "organisers" for rule in self.rules):
            return {}
        organisers = self.meeting.organisers.exclude(entity=None).order_by("order")
        return {pk: place for place, pk in enumerate(organisers.values_list("entity", flat=True)) if pk}

    def _section(self, rule: SectionRule, rows: list[Row]) -> Section:
        """Those of categories that are only counted stand in a sentence; a child never stands anywhere else."""
        named = [row for row in rows if self._is_named(row)]
        unnamed = len(rows) - len(named)
        return Section(
            code=rule.code,
            heading=_capitals(self.profile, rule.heading[self.language], self.language),
            entities=self._entities(rule, named),
            text=counted(self.profile, unnamed, self.language) if unnamed else "",
            count=unnamed + sum(not row.has_withdrawn for row in named),
        )

    def _is_named(self, row: Row) -> bool:
        return not row.is_minor and self.parts[row.delegation].category.listing == Listing.NAMES

    def _entities(self, rule: SectionRule, rows: Iterable[Row]) -> tuple[Entity, ...]:
        """One for each State or organisation, though it has delegations in two categories of the section."""
        by_entity: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            by_entity[self.parts[row.delegation].entity.pk].append(row)
        entities = [self._entity(rule, people) for people in by_entity.values()]
        return tuple(entity for _place, entity in sorted(entities, key=lambda found: found[0]))

    def _entity(self, rule: SectionRule, rows: list[Row]) -> tuple[tuple[int, str, str, str], Entity]:
        part = min((self.parts[row.delegation] for row in rows), key=lambda found: found.delegation.pk)
        named = part.entity
        last = len(self.organisers)
        hand = self.organisers.get(named.pk, last) if rule.sort == "organisers" else last
        entity = Entity(
            code=named.code,
            delegation=part.delegation.reference,
            name=named.name,
            heading=named.heading,
            roles=tuple(self._roles(rule, sorted(rows, key=_in_delegation))),
            acronym=named.acronym,
        )
        return (hand, named.place, named.name, named.code), entity

    def _roles(self, rule: SectionRule, rows: list[Row]) -> Iterator[Role]:
        """Rows by rank, then as the delegation ordered them; under the headings that the section has."""
        if rule.roles != "each":
            forms = self.profile.words.representatives[self.language] if rule.roles == "one" else {"other": ""}
            yield self._role(TOGETHER, forms, rows)
            return
        for role in self.profile.roles:
            if people := [row for row in rows if row.role in role.of]:
                yield self._role(role.code, role.heading[self.language], people)

    def _role(self, code: str, forms: dict[str, str], rows: list[Row]) -> Role:
        people = tuple(self._person(row) for row in rows)
        return Role(code, heading(forms, len(people)), people)

    def _person(self, row: Row) -> Person:
        part = self.parts[row.delegation]
        return self.lines.person(row, part.entity, part.category.publication)


def counted(profile: Profile, number: int, language: str) -> str:
    """The sentence that says how many there are whose names are not printed."""
    first, last = profile.style.in_words.get(language, (1, 0))
    has_words = profile.numbers == "words" and first <= number <= last
    told = in_words(number, language) if has_words else in_digits(number, language)
    return with_number(profile.words.counted[language], number, language).replace("{number}", told)


def _in_delegation(row: Row) -> tuple[int, int, str, str, str]:
    own_place = LAST if row.precedence is None else row.precedence
    return ROLE_ORDER[RoleInDelegation(row.role)], own_place, row.sort_key, row.display_name, row.reference
