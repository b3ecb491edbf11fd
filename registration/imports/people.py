"""Whom a row is about: by reference, by email, by name and date of birth. What could be two people is nobody."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from meeting.collation import fold, latin
from meeting.models import Meeting

from ..letters.likeness import likeness, same_word
from ..letters.words import Words
from ..models import Channel, ChildRecord, Delegation, Registration, Status

# Under one address a slip of the pen, not somebody else: of two words, and of two names in two scripts. In a short
# word one letter is another name: Minh and Linh, An and Anh.
NEAR, NEAR_ACROSS_SCRIPTS, LONG_ENOUGH = 0.75, 0.8, 5
MOST_WORDS = 4  # of which every order is tried, to find Wang Xiaoming in Xiao Ming Wang
# Of one name in a file: a thousand rows are compared with the first of them. Of one address: where more people have it,
# it says nothing about anybody, and only the same name or birthday tells who is meant.
MOST_NAMESAKES = 100
COLUMNS = (
    "pk", "reference", "email", "given_names", "family_name", "display_name", "birth_date", "delegation_id",
    "delegation__entity_id", "status", "is_minor",
)  # fmt: skip


class Known(NamedTuple):
    """As much of a registration as tells whether a row is about it."""

    pk: int
    reference: str
    email: str
    given_names: str
    family_name: str
    display_name: str
    birth_date: datetime.date | None
    delegation_id: int
    entity_id: int
    status: str
    is_minor: bool

    @property
    def keys(self) -> frozenset[str]:
        return _name_keys(self.given_names, self.family_name, self.display_name)


@dataclass
class Found:
    """The registration a row is about, or why that cannot be said; neither for somebody new."""

    pk: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)


def name_keys(given_names: str, family_name: str, display_name: str) -> set[str]:
    """Names as they are compared: folded, in any order of words."""
    return set(_name_keys(given_names, family_name, display_name))


@lru_cache(maxsize=10_000)  # everybody of one office is compared with every row that has its address
def _name_keys(given_names: str, family_name: str, display_name: str) -> frozenset[str]:
    texts = (f"{given_names} {family_name}", display_name)
    return frozenset(" ".join(sorted(fold(text).split())) for text in texts if text.strip())


def are_alike(one: Set[str], other: Set[str]) -> bool:
    """Whether two names can be one person's: a word in common is not enough, for families share offices.

    Each word of the shorter name has its like in the other one, or the scripts differ and the sounds agree. A row
    without a name is about whoever has its address.
    """
    if not one or not other or one & other:
        return True
    return any(_is_one_name(_words(a), _words(b)) for a in one for b in other)


@lru_cache(maxsize=10_000)
def _words(key: str) -> Words:
    """As letters compare them, with every word: what is a form of address before one name is a name in another."""
    words = latin(key).split() or key.split()
    return Words(" ".join(sorted(words)), tuple(words), key.isascii())


def _is_one_name(one: Words, other: Words) -> bool:
    shorter, longer = sorted((one.words, other.words), key=len)
    if _has_all(longer, shorter) or _run_together(one.words) & _run_together(other.words):
        return True
    return one.is_latin != other.is_latin and likeness(one, other) >= NEAR_ACROSS_SCRIPTS


def _has_all(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether each wanted word has a word of its own; initials alone are nobody's name."""
    free, whole = list(words), False
    for word in sorted(wanted, key=len, reverse=True):
        mine = next((w for w in free if w == word), None) or next((w for w in free if _is_near(word, w)), None)
        if mine is None:
            return False
        free.remove(mine)
        whole = whole or min(len(word), len(mine)) > 1
    return whole


def _is_near(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return min(len(one), len(other)) >= LONG_ENOUGH and same_word(one, other) >= NEAR


@lru_cache(maxsize=10_000)
def _run_together(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(order) for order in permutations(words)) if len(words) <= MOST_WORDS else frozenset()


class People:
    """Everybody registered where the file may reach: one delegation, or the whole meeting."""

    def __init__(self, meeting: Meeting, delegation: Delegation | None) -> None:
        self.meeting, self.delegation = meeting, delegation
        self.by_reference: dict[str, Known] = {}
        self.by_email: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[tuple[int, str], list[Known]] = defaultdict(list)
        for values in self._reachable().values_list(*COLUMNS).iterator(chunk_size=2_000):
            self._take(Known(*values))
        self.children = self._sealed()

    def _reachable(self) -> Any:
        """What a delegate has begun alone and not sent is nobody's to see, and what was merged is another one's."""
        found = Registration.objects.filter(meeting=self.meeting, merged_into=None)
        found = found.exclude(status=Status.DRAFT, channel=Channel.SELF)
        return found.filter(delegation=self.delegation) if self.delegation else found

    def _take(self, known: Known) -> None:
        self.by_reference[known.reference.upper()] = known
        if known.is_minor:
            return  # an alias is nobody's name
        if known.email:
            self.by_email[known.email.lower()].append(known)
        for key in known.keys:
            self.by_name[known.entity_id, key].append(known)

    def _sealed(self) -> dict[tuple[int, str, str], int]:
        """Children by entity, name and date of birth: their rows say neither."""
        records = ChildRecord.objects.filter(registration__meeting=self.meeting, registration__merged_into=None)
        if self.delegation:
            records = records.filter(registration__delegation__entity=self.delegation.entity_id)
        found = {}
        for record in records.select_related("registration__delegation"):
            entity = record.registration.delegation.entity_id
            for key in name_keys(record.legal_name, "", ""):
                found[entity, key, record.birth_date] = record.registration_id
        return found

    def find(self, reference: str, values: Mapping[str, Any], entity_id: int) -> Found:
        if reference:
            return self._referred_to(reference)
        keys = _keys(values)
        born = values.get("birth_date")
        for key in keys if born else ():
            if (pk := self.children.get((entity_id, key, born.isoformat()))) is not None:  # type: ignore[union-attr]
                return Found(pk)
        return self._by_email(values, keys) or self._by_name(values, keys, entity_id)

    def _referred_to(self, reference: str) -> Found:
        known = self.by_reference.get(reference.upper())
        if known:
            return Found(known.pk)
        where = _("in this delegation") if self.delegation else _("at this meeting")
        text = _("There is no %(reference)s %(where)s. Leave this cell empty for somebody new.")
        return Found(errors={"reference": text % {"reference": reference, "where": where}})

    def _by_email(self, values: Mapping[str, Any], keys: set[str]) -> Found | None:
        """One address may serve a whole office: the name must not be quite another one."""
        there = self.by_email.get(str(values.get("email", "")).lower(), []) if values.get("email") else []
        if not there:
            return None
        fitting = [k for k in there if not _born_apart(k, values)]
        same = (
            [k for k in fitting if keys & k.keys]
            or [k for k in fitting if _born_together(k, values)]
            or [k for k in fitting if len(there) <= MOST_NAMESAKES and are_alike(keys, k.keys)]
        )
        if same:
            return Found(same[0].pk) if len(same) == 1 else Found(errors={"email": _which(same)})
        found = self._by_name(values, keys, there[0].entity_id)
        found.warnings.setdefault("email", _shared(there[0]))
        return found if found.pk or found.errors else None

    def _by_name(self, values: Mapping[str, Any], keys: set[str], entity_id: int) -> Found:
        there = {k.pk: k for key in keys for k in self.by_name.get((entity_id, key), [])}
        fitting = [k for k in there.values() if not _born_apart(k, values) and not _written_apart(k, values)]
        if len(fitting) > 1:
            born = values.get("birth_date")
            fitting = [k for k in fitting if born and k.birth_date == born] or fitting
        if len(fitting) > 1:
            return Found(errors={"display_name": _which(fitting)})
        if fitting:
            return Found(fitting[0].pk)
        return Found(warnings={"display_name": _namesake(next(iter(there.values())))} if there else {})

    def shared_email(self, values: Mapping[str, Any], pk: int | None) -> str:
        """A sentence where the address is somebody else's as well."""
        there = self.by_email.get(str(values.get("email", "")).lower(), []) if values.get("email") else []
        other = next((k for k in there if k.pk != pk), None)
        return _shared(other) if other else ""


def _keys(values: Mapping[str, Any]) -> set[str]:
    return name_keys(*(str(values.get(name) or "") for name in ("given_names", "family_name", "display_name")))


def _born_apart(known: Known, values: Mapping[str, Any]) -> bool:
    born = values.get("birth_date")
    return bool(born and known.birth_date and born != known.birth_date)


def _born_together(known: Known, values: Mapping[str, Any]) -> bool:
    return bool(known.birth_date) and values.get("birth_date") == known.birth_date


def _written_apart(known: Known, values: Mapping[str, Any]) -> bool:
    """Two addresses are two people, unless the date of birth says otherwise."""
    email = str(values.get("email") or "").lower()
    return bool(email and known.email and known.email.lower() != email) and not _born_together(known, values)


def _which(people: Iterable[Known]) -> str:
    names = "; ".join(f"{k.display_name} ({k.reference})" for k in list(people)[:4])
    return _("This can be %(names)s. Write the reference in a column of its own.") % {"names": names}


def _shared(known: Known) -> str:
    return _("This is the address of %(who)s (%(reference)s) as well.") % {
        "who": known.display_name,
        "reference": known.reference,
    }


def _namesake(known: Known) -> str:
    return _("Somebody of this name is on the roster already (%(reference)s), with another address or birthday.") % {
        "reference": known.reference
    }


@dataclass
class Seen:
    """The rows of one file among themselves: nobody may stand in it twice."""

    by_pk: dict[int, int] = field(default_factory=dict)
    by_email: dict[str, list[tuple[int, set[str], Any]]] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[tuple[int, str, Any]]] = field(default_factory=dict)

    def before(self, number: int, values: Mapping[str, Any], entity_id: int, pk: int | None) -> int | None:
        """The number of an earlier row about the same person; this one is kept in mind."""
        keys, email, born = _keys(values), str(values.get("email") or "").lower(), values.get("birth_date")
        first = self.by_pk.get(pk) if pk else None
        first = first or self._by_email(keys, email, born) or self._by_name(keys, email, born, entity_id)
        if pk:
            self.by_pk.setdefault(pk, number)
        if email and len(earlier := self.by_email.setdefault(email, [])) < MOST_NAMESAKES:
            earlier.append((number, keys, born))
        for key in keys:
            if len(namesakes := self.by_name.setdefault((entity_id, key), [])) < MOST_NAMESAKES:
                namesakes.append((number, email, born))
        return first

    def _by_email(self, keys: set[str], email: str, born: Any) -> int | None:
        for number, names, birthday in self.by_email.get(email, []) if email else ():
            if keys & names and not (born and birthday and born != birthday):
                return number
        return None

    def _by_name(self, keys: set[str], email: str, born: Any, entity_id: int) -> int | None:
        for key in keys:
            for number, address, birthday in self.by_name.get((entity_id, key), []):
                apart = born and birthday and born != birthday
                same_day = born and born == birthday
                if not apart and (same_day or not (email and address and email != address)):
                    return number
        return None
