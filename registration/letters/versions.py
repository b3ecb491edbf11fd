"""The letters of a delegation as they come in: the first, the versions that follow, and the names on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from meeting.models import User

from ..models import Delegation, DelegationEvent, Letter, LetterName, Pairing
from .files import AcceptedFile
from .names import NameOnLetter
from .words import words_of

# Far above any number on a letter: where names wait while their places change, since two may not stand in one.
ASIDE = 10_000


class NotTaken(Exception):
    """The letter was not taken; the text is a sentence for the screen."""


def receive(
    delegation: Delegation, accepted: AcceptedFile, facts: dict[str, Any], *, by: User, replaces: Letter | None = None
) -> Letter:
    """Store a letter of the whole delegation: another one, or a new version of `replaces`, which is kept."""
    with transaction.atomic():
        # One letter at a time: of two who send the same file at once the second is told.
        Delegation.objects.select_for_update().get(pk=delegation.pk)
        _refuse_known(delegation, accepted)
        if replaces and Letter.objects.filter(supersedes=replaces).exists():
            raise NotTaken(_("A newer version of this letter has come meanwhile. Look at that one first."))
        letter = Letter.objects.create(
            meeting=delegation.meeting,
            delegation=delegation,
            file=accepted.as_file(),
            original_name=accepted.original_name,
            media_type=accepted.media_type,
            size=len(accepted.content),
            sha256=accepted.sha256,
            supersedes=replaces,
            version=replaces.version + 1 if replaces else 1,
            sent_by=by,
            **facts,
        )
        _record(letter, DelegationEvent.Action.LETTER, by, version=letter.version)
        return letter


def _refuse_known(delegation: Delegation, accepted: AcceptedFile) -> None:
    same = Letter.objects.of_delegations().filter(delegation=delegation, sha256=accepted.sha256).first()
    if same:
        values = {"name": same.original_name, "version": same.version, "kind": same.get_kind_display()}
        raise NotTaken(
            _("This very file is here already: “%(name)s”, %(kind)s, version %(version)d. Nothing was changed.")
            % values
        )


def sent_by_others(letters: Sequence[Letter], reader: User) -> dict[str, list[Delegation]]:
    """By the hash of a file, the other delegations of the meeting that sent it, as far as `reader` may read letters."""
    if not letters:
        return {}
    same = Letter.objects.visible_to(reader).filter(
        meeting=letters[0].meeting_id, sha256__in={n.sha256 for n in letters}
    )
    found: dict[str, dict[int, Delegation]] = defaultdict(dict)
    for other in same.exclude(delegation=letters[0].delegation_id).select_related("delegation").order_by("pk")[:50]:
        if other.delegation:
            found[other.sha256][other.delegation.pk] = other.delegation
    return {sha256: list(delegations.values())[:5] for sha256, delegations in found.items()}


# The names


def names_to_start_from(letter: Letter) -> list[LetterName]:
    """The names of this letter; before any are written, those of the version it took the place of."""
    own = list(letter.names.all())
    return own if own or letter.supersedes is None else list(letter.supersedes.names.all())


def write_names(letter: Letter, wanted: list[NameOnLetter], *, by: User) -> int:
    """These are the names on the letter now. A name that stays keeps what was said of it; the number of those."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("supersedes").get(pk=letter.pk)
        before = names_to_start_from(letter)
        kept = _kept(before, wanted)
        rows = [_row(letter, n, line, kept.get(n)) for n, line in enumerate(wanted, 1)]
        stay = [row.pk for row in rows if row.pk]
        letter.names.exclude(pk__in=stay).delete()
        letter.names.update(number=F("number") + ASIDE)
        LetterName.objects.bulk_update([r for r in rows if r.pk], ["number", "name", "remark", "search_key"])
        LetterName.objects.bulk_create([r for r in rows if not r.pk])
        _record(letter, DelegationEvent.Action.NAMES, by, names=len(rows), kept=len(kept))
        return len(kept)


def _kept(before: list[LetterName], wanted: list[NameOnLetter]) -> dict[int, LetterName]:
    """For the number of a line, the name from before that it is: letter for letter, else the same words."""
    kept: dict[int, LetterName] = {}
    for reading in (lambda name: name, lambda name: words_of(name).key):
        free: dict[str, list[LetterName]] = defaultdict(list)
        taken = {name.pk for name in kept.values()}
        for name in before:
            if name.pk not in taken:
                free[reading(name.name)].append(name)
        for number, line in enumerate(wanted, 1):
            if number not in kept and free[reading(line.name)]:
                kept[number] = free[reading(line.name)].pop(0)
    return kept


def _row(letter: Letter, number: int, line: NameOnLetter, before: LetterName | None) -> LetterName:
    row = before if before and before.letter_id == letter.pk else LetterName(letter=letter, **_said_of(before))
    row.number, row.name, row.remark = number, line.name, line.remark
    row.derive_key()
    return row


def _said_of(before: LetterName | None) -> dict[str, Any]:
    """What was confirmed on the version before, for the same name on this one."""
    if before is None:
        return {"pairing": Pairing.OPEN}
    said = ("pairing", "registration_id", "ruled_out", "decided_by_id", "decided_at")
    return {field: getattr(before, field) for field in said}


def _record(letter: Letter, action: str, by: User, **detail: Any) -> None:
    detail["letter"] = letter.pk
    DelegationEvent.objects.create(delegation=letter.delegation, by=by, action=action, detail=detail)  # type: ignore[misc]


def correct(letter: Letter, facts: dict[str, Any], *, by: User) -> None:
    """Kind, date, reference or signatory of a letter that stays the same file."""
    changed = {name: value for name, value in facts.items() if getattr(letter, name) != value}
    Letter.objects.filter(pk=letter.pk).update(**facts)
    _record(letter, DelegationEvent.Action.LETTER, by, changed=sorted(changed))
