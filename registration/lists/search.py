"""One box finds people: exact things first, then names and entities as typed, then whoever is close.

What is found among few is handed on as their numbers, what is found among many as the condition itself: either way the
page, its counts and its export ask the database something that an index answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import CharField, F, Lookup, Q
from django.db.models.lookups import Exact

from meeting.collation import fold, latin
from meeting.models import Meeting

from ..models import REFERENCE_ALPHABET, Delegation, Registration
from ..models.registration import RegistrationQuerySet
from .near import is_near, one_slip_away

FEW = 1000
CODE_LENGTH, CODES = 5, set(REFERENCE_ALPHABET)
# More words than this name nobody; longer ones are no words.
MOST_WORDS, LONGEST_WORD = 8, 40
# How like the index must find a word. Those it finds are then compared letter by letter, at most so many of them.
LIKE_ENOUGH = (0.6, 0.45)
LIKE_ENOUGH_OF_ENTITIES = 0.3  # there are few of them
MOST_COMPARED, MOST_CLOSE = 600, 200
MISREAD = str.maketrans("OIL", "011")
LONGEST_SHORT_WORD = 8
PATIENCE = "150ms"
NOBODY = Q(pk__in=[0])  # an empty list would be no query at all, which COPY and counts need


@CharField.register_lookup
class Like(Lookup):  # type: ignore[type-arg]
    """A pattern of LIKE, made of folded words, which have no sign of its own but those put there."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        pattern, more = self.process_rhs(compiler, connection)
        return f"{sql} LIKE {pattern}", [*params, *more]


@dataclass(frozen=True)
class Found:
    """Whom a search found; `is_close` where nobody is called so and these are near."""

    condition: Q
    is_close: bool = False


def find(meeting: Meeting, typed: str, among: RegistrationQuerySet) -> Found:
    """Whom `typed` means among those of the meeting whom the reader may see."""
    if exact := _referred_to(meeting, typed, among) or _addressed(meeting, typed, among):
        return Found(Q(pk__in=exact))
    if not (words := words_in(typed)):
        return Found(NOBODY)
    return _as_typed(meeting, typed, among) or _close(meeting, typed, words, among) or Found(NOBODY)


def words_in(typed: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in fold(typed).split()[:MOST_WORDS]]


def delegations_called(meeting: Meeting, name: str) -> list[int]:
    """The meeting's delegations whose entity has such a name in any language, or this acronym or ISO code."""
    words, code = words_in(name), name.strip()
    named = Q(entity__acronym__iexact=code) | Q(entity__iso3__iexact=code) | Q(entity__iso2__iexact=code)
    if any(len(word) > 2 or not word.isascii() for word in words):
        named |= Q(*(Q(entity__names__search_key__contains=word) for word in words))
    found = Delegation.objects.filter(named, meeting=meeting)
    return list(found.order_by().values_list("pk", flat=True).distinct())


def delegations_like(meeting: Meeting, name: str) -> list[int]:
    """Those whose entity is called nearly so."""
    words = [word for word in words_in(name) if len(word) > 3]
    if not words:
        return []
    alike = Q(*(Q(entity__names__search_key__trigram_word_similar=word) for word in words))
    found = Delegation.objects.filter(alike, meeting=meeting).order_by()
    try:
        with _by_index(LIKE_ENOUGH_OF_ENTITIES):
            rows = list(found.values_list("pk", "entity__names__search_key")[:MOST_COMPARED])
    except OperationalError:  # it took too long, as below
        return []
    return list({pk for pk, key in rows if is_near(words, key.split())})


def _referred_to(meeting: Meeting, typed: str, among: RegistrationQuerySet) -> list[int]:
    """A reference, whole or its last part, in any case, with a zero read as an O."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    prefix, code = letters[:-CODE_LENGTH], letters[-CODE_LENGTH:].translate(MISREAD)
    # Five letters are rather a name.
    if len(code) < CODE_LENGTH or not (prefix or any(c.isdigit() for c in letters)) or set(code) - CODES:
        return []
    reference = f"{prefix or meeting.reference_prefix}-{code}"
    return list(among.filter(reference=reference).values_list("pk", flat=True))


def _addressed(meeting: Meeting, typed: str, among: RegistrationQuerySet) -> list[int]:
    """An email address, or enough of one to have its sign."""
    if len(typed) < 4 or "@" not in typed:
        return []
    ids = _first(Registration.objects.filter(meeting=meeting, search_key__contains=typed.strip().lower()))
    return _visible(ids, among) if len(ids) <= FEW else []


def _as_typed(meeting: Meeting, typed: str, among: RegistrationQuerySet) -> Found | None:
    called, sent = _called(typed), Q(delegation__in=delegations_called(meeting, typed) or [0])
    ids = _first(Registration.objects.filter(called, meeting=meeting))
    if len(ids) <= FEW:
        ids += _first(Registration.objects.filter(sent))
    if len(ids) > FEW:
        return Found(called | sent)
    found = _visible(ids, among)
    return Found(Q(pk__in=found)) if found else None


def _called(typed: str) -> Q:
    """Every word somewhere in names, reference or email: the search key holds them folded and in Latin letters."""
    words = words_in(typed)
    if all(word.isascii() for word in words):
        return _contain(words)
    # In Latin letters first: not every database has the words of other scripts in its index.
    return _contain(word for word in words_in(latin(typed)) if word.isascii()) & _contain(words)


def _contain(words: Iterable[str]) -> Q:
    return Q(*(_contains(word) for word in words))


def _contains(word: str) -> Q:
    """One or two letters only begin a word: within words they stand everywhere, and no index knows them."""
    if len(word) > 2 or not word.isascii():
        return Q(search_key__contains=word)
    return Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")


def _close(meeting: Meeting, typed: str, words: list[str], among: RegistrationQuerySet) -> Found | None:
    """The same in Latin letters; else whoever is called nearly so, or represents somebody who is."""
    written = words_in(latin(typed))
    if written and written != words:
        same = _visible(_first(Registration.objects.filter(_contain(written), meeting=meeting)), among)
        if same:
            return Found(Q(pk__in=same[:MOST_CLOSE]), is_close=True)
    ids = _nearly_called(meeting, [word for word in written if word.isascii()], among)
    if len(ids) < MOST_CLOSE and (sent := delegations_like(meeting, typed)):
        ids += _first(among.filter(delegation__in=sent))
    return Found(Q(pk__in=ids[:MOST_CLOSE]), is_close=True) if ids else None


def _nearly_called(meeting: Meeting, words: list[str], among: RegistrationQuerySet) -> list[int]:
    """A letter or two wrong, missing or in the other's place, the words in any order: first the most alike."""
    if not any(len(word) > 3 for word in words):
        return []
    try:
        return _alike_or_slipped(meeting, words, among)
    except OperationalError:  # it took too long: better nobody than a page that does not come
        return []


def _alike_or_slipped(meeting: Meeting, words: list[str], among: RegistrationQuerySet) -> list[int]:
    alike = Q(*(Q(search_key__trigram_word_similar=w) if len(w) > 3 else _contains(w) for w in words))
    for likeness in LIKE_ENOUGH:
        if near := _compared(words, _alike(meeting, alike, likeness), among):
            return near
    # A letter wrong in the middle of a short word leaves too little that is alike.
    if max(map(len, words)) > LONGEST_SHORT_WORD:
        return []
    return _compared(words, _alike(meeting, Q(*(_slipped(word) for word in words)), LIKE_ENOUGH[0]), among)


def _slipped(word: str) -> Q:
    """The word itself or one slip away, as a whole word: so that the index knows its first and last letters."""
    if len(word) < 4:
        return _contains(word)
    found = Q(search_key__contains=word)
    for other in one_slip_away(word):
        found |= Q(search_key__like=f"{other} %") | Q(search_key__like=f"% {other} %")
    return found


def _compared(words: list[str], ids: list[int], among: RegistrationQuerySet) -> list[int]:
    rows = among.filter(pk__in=ids).order_by().values_list("pk", "search_key")[:MOST_COMPARED] if ids else []
    return [pk for pk, key in rows if is_near(words, key.split())]


def _alike(meeting: Meeting, condition: Q, likeness: float) -> list[int]:
    # The planner takes comparing texts to be cheap and would read the whole meeting: it must not see the meeting's own
    # indexes, so that the one of the texts is left.
    here = Exact(F("meeting_id") + 0, meeting.pk)
    with _by_index(likeness):
        return _first(Registration.objects.filter(condition, here))


def _first(registrations: RegistrationQuerySet) -> list[int]:
    return list(registrations.order_by().values_list("pk", flat=True)[: FEW + 1])


def _visible(ids: list[int], among: RegistrationQuerySet) -> list[int]:
    return list(among.filter(pk__in=ids).order_by().values_list("pk", flat=True)) if ids else []


TUNED = """
    SELECT set_config('pg_trgm.word_similarity_threshold', %s, true), set_config('enable_seqscan', %s, true),
           set_config('statement_timeout', %s, true)
"""
AS_IT_IS = """
    SELECT current_setting('pg_trgm.word_similarity_threshold', true), current_setting('enable_seqscan'),
           current_setting('statement_timeout')
"""


@contextmanager
def _by_index(likeness: float) -> Iterator[None]:
    """Within, the database prefers its indexes, takes words to be alike from this likeness on, and gives up early."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(AS_IT_IS)
        usual = cursor.fetchone()
        cursor.execute(TUNED, [str(likeness), "off", PATIENCE])
        yield
        cursor.execute(TUNED, [usual[0] or "0.6", *usual[1:]])
