"""What looks wrong between people: in a delegation, on its letter, across categories, among officers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.dates import joined
from meeting.models import EntityKind, EntityName, Meeting, User

from ..letters import standing
from ..models import (
    LIVE,
    Category,
    Delegation,
    LetterName,
    Likeness,
    Listing,
    Officer,
    Pairing,
    Registration,
    RoleInDelegation,
)
from ..models.registration import RegistrationQuerySet
from ..names import tidy
from ..outside import told_status
from .findings import Finding, Kind, digest
from .once import Place, same_people
from .people import read_rows
from .profile import Profile

Delegations = Mapping[int, Delegation]
SOME = 5  # names in one line


def findings(
    meeting: Meeting,
    user: User,
    everybody: RegistrationQuerySet,
    delegations: Delegations,
    profile: Profile,
    *,
    letters: bool,
) -> Iterator[Finding]:
    """`everybody` and `delegations` are those whom `user` sees. A fixed number of queries."""
    yield from _heads(everybody, delegations, profile)
    yield from _precedence(everybody, delegations)
    if letters:
        yield from _open_names(delegations, meeting)
        yield from _not_named(everybody, delegations)
    yield from _styles(meeting, everybody, delegations)
    yield from _officers(meeting, user, everybody, profile)
    yield from _in_several_categories(everybody, delegations)
    yield from _children(everybody)


def _about(kind: Kind, delegation: Delegation, text: str, *value: object) -> Finding:
    return Finding(kind, delegation.pk, None, delegation.reference, delegation.name, text, digest(*value))


def in_list_order(delegations: Iterable[Delegation]) -> list[Delegation]:
    return sorted(delegations, key=lambda d: (d.category.order, d.sort_key, d.pk))


# --- One delegation --------------------------------------------------------------------------------------------------


def _heads(everybody: RegistrationQuerySet, delegations: Delegations, profile: Profile) -> Iterator[Finding]:
    """A head is missed only where the list prints each role by itself; two are too many everywhere."""
    asked = _with_each_role(profile, (d.category for d in delegations.values()))
    is_head = Q(role=RoleInDelegation.HEAD)
    counted = everybody.filter(delegation__category__listing=Listing.NAMES).order_by().values("delegation")
    for row in counted.annotate(people=Count("pk"), heads=Count("pk", filter=is_head)).order_by(*LIST_ORDER):
        delegation, people, heads = delegations[row["delegation"]], row["people"], row["heads"]
        if heads > 1:
            text = _("%(n)d people are head of delegation.") % {"n": heads}
            yield _about(Kind.TWO_HEADS, delegation, text, heads)
        elif not heads and delegation.category_id in asked:
            text = ngettext("%(n)d person, nobody the head.", "%(n)d people, nobody the head.", people) % {"n": people}
            yield _about(Kind.NO_HEAD, delegation, text, "none")


LIST_ORDER = ("delegation__category__order", "delegation__sort_key", "delegation")


def _with_each_role(profile: Profile, categories: Iterable[Category]) -> set[int]:
    known = {code: rule.roles for rule in profile.sections for code in rule.of}
    return {category.pk for category in categories if known.get(category.code, "each") == "each"}


def _precedence(everybody: RegistrationQuerySet, delegations: Delegations) -> Iterator[Finding]:
    placed = everybody.filter(precedence__isnull=False, is_minor=False).order_by()
    doubled = placed.values("delegation", "role", "precedence").annotate(n=Count("pk")).filter(n__gt=1)
    by_delegation: dict[int, list[tuple[str, int | None, int]]] = defaultdict(list)
    for row in doubled.order_by(*LIST_ORDER, "role", "precedence"):
        by_delegation[row["delegation"]].append((row["role"], row["precedence"], row["n"]))
    for pk, places in by_delegation.items():
        told = [
            _("%(n)d people in place %(place)d, %(role)s")
            % {"n": n, "place": place, "role": RoleInDelegation(role).label}
            for role, place, n in places[:SOME]
        ]
        yield _about(Kind.PRECEDENCE, delegations[pk], f"{'; '.join(told)}.", *places)


def _styles(meeting: Meeting, everybody: RegistrationQuerySet, delegations: Delegations) -> Iterator[Finding]:
    """A name that the directory does not have on the first day of the meeting, or a formal one among short ones."""
    present = set(everybody.order_by().values_list("delegation", flat=True).distinct())
    there = [delegation for pk, delegation in delegations.items() if pk in present]
    names: dict[int, list[EntityName]] = defaultdict(list)
    known = EntityName.objects.filter(entity__delegations__meeting=meeting, search_only=False).distinct()
    for name in known:
        if name.is_valid_on(meeting.starts_on):
            names[name.entity_id].append(name)
    for delegation in in_list_order(there):
        if text := _style_of(delegation, names[delegation.entity_id]):
            yield _about(Kind.NAME_STYLE, delegation, text, delegation.name)


def _style_of(delegation: Delegation, known: list[EntityName]) -> str:
    """A sentence where the name is not like those of others; empty where it is."""
    name, short = delegation.name, [n.name for n in known if n.language == "en"] or [n.name for n in known]
    if short and name not in {n.name for n in known}:
        is_formal = name in {n.formal for n in known if n.formal}
        told = {"name": short[0]}
        if is_formal:
            return _("This is the formal name; others stand with their short one: %(name)s.") % told
        return _("On the first day of the meeting the directory calls it %(name)s.") % told
    is_loud = len(name) > SOME and name.isupper() and name != delegation.entity.acronym
    return _("In capitals, unlike the others.") if is_loud and delegation.entity.kind != EntityKind.OTHER else ""


# --- Letters ---------------------------------------------------------------------------------------------------------


def _open_names(delegations: Delegations, meeting: Meeting) -> Iterator[Finding]:
    """Names that nobody has paired, or whose person does not come any more."""
    current = LetterName.objects.filter(
        letter__meeting=meeting, letter__delegation__isnull=False, letter__registration=None, letter__superseded_by=None
    )
    gone = Q(pairing=Pairing.MATCHED) & ~Q(registration__status__in=LIVE)
    is_open = Q(pairing=Pairing.OPEN) | gone
    by_delegation: dict[int, list[str]] = defaultdict(list)
    for pk, name in current.filter(is_open).order_by("letter", "number").values_list("letter__delegation", "name"):
        if pk in delegations:
            by_delegation[pk].append(name)
    for delegation in in_list_order(delegations[pk] for pk in by_delegation):
        names = by_delegation[delegation.pk]
        yield _about(Kind.LETTER_NAMES, delegation, _some(names), *sorted(names))


def _some(names: list[str]) -> str:
    shown = [tidy(name) for name in names[:SOME]]
    if len(names) > SOME:
        more = len(names) - SOME
        return ngettext("%(names)s, and %(n)d more.", "%(names)s, and %(n)d more.", more) % {
            "names": ", ".join(shown),
            "n": more,
        }
    return f"{joined(shown)}."


def _not_named(everybody: RegistrationQuerySet, delegations: Delegations) -> Iterator[Finding]:
    unnamed = everybody.filter(standing.narrowed("unnamed"), is_minor=False).order_by().values("delegation")
    for row in unnamed.annotate(n=Count("pk")).order_by(*LIST_ORDER):
        text = ngettext("%(n)d person.", "%(n)d people.", row["n"]) % {"n": row["n"]}
        yield _about(Kind.NOT_NAMED, delegations[row["delegation"]], text, row["n"])


# --- Across the list -------------------------------------------------------------------------------------------------


def _in_several_categories(everybody: RegistrationQuerySet, delegations: Delegations) -> Iterator[Finding]:
    places = {pk: Place(d.category.order, d.sort_key, d.category_id) for pk, d in delegations.items()}
    for group in same_people(read_rows(_may_be_twice(everybody)), places):
        first, found = group[0], [(row, delegations[row.delegation]) for row in group]
        told = joined([f"{d.category.name}: {d.name} ({row.reference})" for row, d in found])
        value = digest(*sorted(row.reference for row in group))
        yield Finding(
            Kind.CATEGORIES, first.delegation, first.pk, first.reference, tidy(first.display_name), f"{told}.", value
        )


def _may_be_twice(everybody: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those who share an address, or name and birthday, with somebody in another category; and whom somebody has
    said to be one. All others are not even read."""
    named = everybody.filter(is_minor=False, delegation__category__listing__in=[Listing.NAMES, Listing.NUMBER])
    others = Registration.objects.filter(meeting=OuterRef("meeting"), is_minor=False, merged_into=None).exclude(
        delegation__category=OuterRef("delegation__category")
    )
    same_address = others.annotate(address=Lower("email")).exclude(email="").filter(address=Lower(OuterRef("email")))
    same_birthday = others.filter(sort_key=OuterRef("sort_key"), birth_date=OuterRef("birth_date"))
    said = Likeness.objects.filter(state=Likeness.State.SAME)
    is_said = Exists(said.filter(first=OuterRef("pk"))) | Exists(said.filter(second=OuterRef("pk")))
    return named.annotate(told=told_status()).filter(Exists(same_address) | Exists(same_birthday) | is_said)


def _officers(meeting: Meeting, user: User, everybody: RegistrationQuerySet, profile: Profile) -> Iterator[Finding]:
    """Elected, and not among those who are printed by name."""
    printed = everybody.filter(is_minor=False, delegation__category__listing=Listing.NAMES)
    known = Registration.objects.filter(meeting=meeting).within_limits(user)
    elected = Officer.objects.filter(registration__in=known).exclude(registration__in=printed.values("pk"))
    for officer in elected.select_related("registration") if profile.officers_first else ():
        person = officer.registration
        name = tidy(person.display_name)
        text = _("Elected as %(office)s.") % {"office": officer.office}
        value = digest(officer.office, person.status)
        yield Finding(Kind.OFFICERS, person.delegation_id, person.pk, person.reference, name, text, value)


def _children(everybody: RegistrationQuerySet) -> Iterator[Finding]:
    """Counted and never named, wherever they stand; somebody put them where names are printed."""
    misplaced = everybody.filter(is_minor=True, delegation__category__listing=Listing.NAMES).order_by(*LIST_ORDER, "pk")
    facts = misplaced.annotate(category=F("delegation__category__name"))
    for pk, reference, delegation, category in facts.values_list("pk", "reference", "delegation", "category"):
        text = _("Counted in “%(category)s”, and not named. Change the category.") % {"category": category}
        yield Finding(Kind.CHILDREN, delegation, pk, reference, reference, text, digest(category))
