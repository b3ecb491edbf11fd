"""Which name on a letter may be which person on the roster: the same words first, then names that are alike.

Pure: it reads no database and decides nothing. Names are found through an index of their words and of the trigrams
of these words, so that five thousand names beside five thousand people are a matter of seconds.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

from .words import Words, words_of

Key = TypeVar("Key", bound=Hashable)

EXACT, SIMILAR = "exact", "similar"
LIKE_ENOUGH = 0.55  # of 1, for names
WORDS_LIKE = 0.45  # of 1, for two words
INITIAL_LIKE = 0.7
RUN_TOGETHER_LIKE = 0.8  # less is told better word by word
ACROSS_SCRIPTS = 0.9  # sounds prove less than letters
MOST_COMPARED = 12  # people looked at closely for each name
COMMON = 150  # a word of more people than this leads to nobody by itself


@dataclass(frozen=True)
class Named(Generic[Key]):
    """Somebody with a name: on a letter in one spelling, on the roster in several. `not_these`: already ruled out."""

    key: Key
    spellings: tuple[str, ...]
    not_these: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Proposal(Generic[Key]):
    """This name may be this person."""

    name: Key
    person: Key
    how: str
    score: float


def propose(names: Sequence[Named[Key]], people: Sequence[Named[Key]]) -> list[Proposal[Key]]:
    """At most one person for each name and one name for each person, the best pairs first."""
    written = {n.key: [words_of(s) for s in n.spellings if s.strip()] for n in names}
    known = {p.key: [words_of(s) for s in dict.fromkeys(p.spellings) if s.strip()] for p in people}
    same = _same_words(names, written, known)
    taken = {p.name for p in same} | {("person", p.person) for p in same}
    rest = [n for n in names if n.key not in taken]
    others = {key: spellings for key, spellings in known.items() if ("person", key) not in taken}
    return [*same, *_best_first(_alike(rest, written, others))]


def is_like(name: str, spellings: Iterable[str]) -> bool:
    """Whether one name is the same as, or like, one of these: where there is nobody else to compare with."""
    person = Named(0, tuple(spellings))
    return bool(propose([Named(1, (name,))], [person]))


def _same_words(
    names: Sequence[Named[Key]], written: dict[Key, list[Words]], known: dict[Key, list[Words]]
) -> list[Proposal[Key]]:
    """Names with the words of one person and of nobody else, in any order. Where two could be meant, both are only
    alike: a person looks at each."""
    people_by_words: dict[str, set[Key]] = defaultdict(set)
    for key, spellings in known.items():
        for spelling in spellings:
            people_by_words[spelling.key].add(key)
    found: dict[Key, Key] = {}
    for name in names:
        meant = set().union(*(people_by_words.get(w.key, ()) for w in written[name.key])) - name.not_these
        if len(meant) == 1:
            found[name.key] = meant.pop()
    named_once = Counter(found.values())
    return [Proposal(n, p, EXACT, 1.0) for n, p in found.items() if named_once[p] == 1]


class _Vocabulary:
    """Words, found by the trigrams they share with another word: those at least `least` alike."""

    def __init__(self, words: Iterable[str], least: float) -> None:
        self.least = least
        self.by_trigram: dict[str, list[str]] = defaultdict(list)
        self.known: dict[str, list[tuple[str, float]]] = {}
        for word in words:
            for trigram in trigrams(word):
                self.by_trigram[trigram].append(word)

    def near(self, word: str) -> list[tuple[str, float]]:
        """Words that are this one or like it, with how alike they are."""
        if word not in self.known:
            likely = Counter(chain.from_iterable(self.by_trigram.get(t, ()) for t in self._telling(word)))
            size, own = len(trigrams(word)), trigrams(word)
            scored = ((w, 2 * len(own & trigrams(w)) / (size + len(trigrams(w)))) for w in likely)
            self.known[word] = [(w, like) for w, like in scored if like >= self.least]
        return self.known[word]

    def _telling(self, word: str) -> list[str]:
        """The rarest trigrams of a word, so many that whatever is alike enough has one of them."""
        own = sorted(trigrams(word), key=lambda t: len(self.by_trigram.get(t, ())))
        shared_at_least = math.ceil(len(own) * self.least / (2 - self.least))
        return own[: len(own) - shared_at_least + 1]


class _Index(Generic[Key]):
    """People by the words of their names, and by the whole run together."""

    def __init__(self, people: dict[Key, list[Words]], scripts: set[bool]) -> None:
        """`scripts` are those of the names that will be looked for: Latin or not."""
        self.by_word: dict[str, set[Key]] = defaultdict(set)
        self.by_whole: dict[str, set[Key]] = defaultdict(set)
        self.scripts = {s.is_latin for spellings in people.values() for s in spellings}
        for key, spellings in people.items():
            for spelling in spellings:
                self.by_whole[spelling.joined].add(key)
                for word in terms(spelling, sounds=(not spelling.is_latin) in scripts):
                    self.by_word[word].add(key)
        self.words = _Vocabulary(self.by_word, WORDS_LIKE)
        self.wholes = _Vocabulary(self.by_whole, RUN_TOGETHER_LIKE)

    def likely(self, spellings: Iterable[Words], not_these: frozenset[Hashable]) -> list[Key]:
        """The few people who share the rarest words with a name."""
        found: dict[Key, float] = defaultdict(float)
        for spelling in spellings:
            for near, like in self.wholes.near(spelling.joined):
                _add(found, self.by_whole[near], like)
            for word in terms(spelling, sounds=(not spelling.is_latin) in self.scripts):
                for near, like in self.words.near(word):
                    _add(found, self.by_word[near], like)
        wanted = ((n, key) for key, n in found.items() if key not in not_these)
        return [key for _, key in heapq.nlargest(MOST_COMPARED, wanted, key=itemgetter(0))]


def _add(found: dict[Key, float], holders: set[Key], like: float) -> None:
    if len(holders) <= COMMON:
        weight = like / math.log2(2 + len(holders))
        for key in holders:
            found[key] += weight


def _alike(
    names: Sequence[Named[Key]], written: dict[Key, list[Words]], people: dict[Key, list[Words]]
) -> list[Proposal[Key]]:
    index = _Index(people, {w.is_latin for n in names for w in written[n.key]})
    weights = _weights([written[n.key] for n in names], list(people.values()))
    found = []
    for name in names:
        for person in index.likely(written[name.key], name.not_these):
            score = max(likeness(a, b, weights) for a in written[name.key] for b in people[person])
            if score >= LIKE_ENOUGH:
                found.append(Proposal(name.key, person, SIMILAR, score))
    return found


def _best_first(proposals: list[Proposal[Key]]) -> list[Proposal[Key]]:
    names, people, best = set(), set(), []
    for proposal in sorted(proposals, key=lambda p: (-p.score, str(p.name), str(p.person))):
        if proposal.name not in names and proposal.person not in people:
            names.add(proposal.name)
            people.add(proposal.person)
            best.append(proposal)
    return best


def _weights(*sides: list[list[Words]]) -> dict[str, float]:
    """A word that many bear says little: Nguyen and Thi weigh less than Mai Chi where half the list has them."""
    most: Counter[str] = Counter()
    for side in sides:
        most |= Counter(w for spellings in side for w in {w for s in spellings for w in s.words})
    return {word: 1 / (1 + math.log2(n)) for word, n in most.items()}


# Two names


def likeness(one: Words, other: Words, weights: dict[str, float] | None = None) -> float:
    """How alike two spellings are, from 0 to 1: by words, by letters run together, and by sounds across scripts."""
    if one.key == other.key:
        return 1.0
    found = max(_by_words(one.words, other.words, weights or {}), _run_together(one, other))
    if one.is_latin != other.is_latin:
        by_sound = max(_by_words(one.sounds, other.sounds, {}), alike("".join(one.sounds), "".join(other.sounds)))
        found = max(found, ACROSS_SCRIPTS * by_sound)
    return found


def _by_words(one: tuple[str, ...], other: tuple[str, ...], weights: dict[str, float]) -> float:
    """What part of both names finds its like in the other; the shorter name counts more, for names get left out."""
    free, shared = list(other), 0.0
    for word in sorted(one, key=len, reverse=True):
        near = max(free, key=lambda w: same_word(word, w), default="")
        if near and (like := same_word(word, near)) >= WORDS_LIKE:
            free.remove(near)
            shared += like * (weights.get(word, 1) + weights.get(near, 1)) / 2
    totals = sorted(sum(weights.get(w, 1) for w in words) for words in (one, other))
    if not totals[0]:
        return 0.0
    return 0.6 * min(1, shared / totals[0]) + 0.4 * min(1, shared / totals[1])


def _run_together(one: Words, other: Words) -> float:
    """Wang Xiaoming and Wang Xiao Ming: the same letters, other spaces."""
    like = alike(one.joined, other.joined)
    return 0.98 * like if like >= RUN_TOGETHER_LIKE else 0.0


_TRIGRAMS: dict[str, frozenset[str]] = {}


def trigrams(word: str) -> frozenset[str]:
    """As pg_trgm has them: two spaces before a word and one behind."""
    if word not in _TRIGRAMS:
        if len(_TRIGRAMS) > 20_000:
            _TRIGRAMS.clear()
        padded = f"  {word} "
        _TRIGRAMS[word] = frozenset(padded[n : n + 3] for n in range(len(padded) - 2))
    return _TRIGRAMS[word]


def alike(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1, by the trigrams they share."""
    if one == other:
        return 1.0
    a, b = trigrams(one), trigrams(other)
    return 2 * len(a & b) / (len(a) + len(b))


def same_word(one: str, other: str) -> float:
    """As `alike`; and S. may stand for Somphone."""
    if 1 in (len(one), len(other)) and one[0] == other[0]:
        return 1.0 if one == other else INITIAL_LIKE
    return alike(one, other)


def terms(spelling: Words, *, sounds: bool) -> set[str]:
    """What a spelling is found by: its words, and what they sound like in another script."""
    by_ear = (*spelling.sounds, "".join(spelling.sounds)) if sounds else ()
    return {*spelling.words, *(f"~{s}" for s in by_ear if s)}
