"""A version is made: what would be printed now, kept for ever as trees, one for each language."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from meeting.models import AuditEntry, Meeting, User

from ..models import ListText, ListVersion
from ..participants.build import build, setup_of
from ..participants.tree import Tree

Kind = ListVersion.Kind
# After the first final list no other is made: what changes then is a correction or a revision of it.
BEFORE_FINAL = (Kind.PROVISIONAL, Kind.FINAL)
AFTER_FINAL = (Kind.CORRIGENDUM, Kind.REVISION)
SUFFIX = {Kind.CORRIGENDUM: "Corr.", Kind.REVISION: "Rev."}


class CannotMakeError(Exception):
    """Said in a sentence that tells what to do."""


def kinds_for(meeting: Meeting) -> tuple[ListVersion.Kind, ...]:
    """What can be made next."""
    has_final = ListVersion.objects.filter(meeting=meeting, kind=Kind.FINAL).exists()
    return AFTER_FINAL if has_final else BEFORE_FINAL


@transaction.atomic
def make(
    meeting: Meeting, kind: str, languages: Sequence[str], *, by: User, note: str = "", on: datetime.date | None = None
) -> ListVersion:
    """The list as it stands now. Two at once get two numbers; nothing in it ever changes.

    CannotMakeError where this kind does not come next or nobody would stand in it; ProfileError.
    """
    # Not against whoever only refers to the meeting: people go on registering meanwhile.
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    kind = Kind(kind)
    if kind not in kinds_for(meeting):
        raise CannotMakeError(_("A colleague has just made the final list. Look at it; then make a revision."))
    setup = setup_of(meeting)
    number = _next_number(meeting, kind)
    on = on or meeting.starts_on
    trees = {code: drawn(meeting, kind, number, code, languages, on=on) for code in languages}
    first = next(iter(trees.values()), None)
    if first is None or not first.count:
        raise CannotMakeError(_("Nobody would stand in it: there is nothing to keep yet."))
    version = ListVersion.objects.create(
        meeting=meeting, kind=kind, number=number, symbol=first.head.symbol, note=note,
        profile=first.profile, basis=setup.basis, on=on, languages=list(trees), people=first.count, made_by=by,
    )  # fmt: skip
    ListText.objects.bulk_create(
        ListText(version=version, language=code, tree=tree.as_json()) for code, tree in trees.items()
    )
    _record(version, by)
    return version


def drawn(
    meeting: Meeting, kind: str, number: int, language: str, languages: Sequence[str], *, on: datetime.date
) -> Tree:
    """The list of now under the name of this version."""
    with override(language):
        state = f"{called(kind, number)}."
    tree = build(meeting, language=language, on=on, state=state.replace("..", "."), languages=languages)
    return dataclasses.replace(
        tree, head=dataclasses.replace(tree.head, symbol=_symbol(tree.head.symbol, kind, number))
    )


def draft(meeting: Meeting, language: str) -> Tree:
    """The list of now, which is no version yet and says so."""
    with override(language):
        state = pgettext("of a list", "Draft, not for distribution.")
    return build(meeting, language=language, state=state)


def called(kind: str, number: int) -> str:
    """In the language that is active, as it stands on the paper: Provisional, Final, Corr. 1, Rev. 2."""
    if kind == Kind.CORRIGENDUM:
        return pgettext("of a list", "Corr. %(n)d") % {"n": number}
    if kind == Kind.REVISION:
        return pgettext("of a list", "Rev. %(n)d") % {"n": number}
    if kind == Kind.FINAL:
        return pgettext("of a list", "Final")
    if number > 1:
        return pgettext("of a list", "Provisional, version %(n)d") % {"n": number}
    return pgettext("of a list", "Provisional")


def text_of(version: ListVersion, language: str) -> Tree:
    """As it was kept. ListText.DoesNotExist for a language in which there is none."""
    return Tree.from_json(version.texts.get(language=language).tree)


def languages_to_offer(meeting: Meeting) -> list[str]:
    """Those of the newest version first, else English."""
    newest = ListVersion.objects.filter(meeting=meeting).first()
    return list(newest.languages) if newest else ["en"]


def _next_number(meeting: Meeting, kind: str) -> int:
    there = ListVersion.objects.filter(meeting=meeting, kind=kind)
    return (there.aggregate(last=Max("number"))["last"] or 0) + 1


def _symbol(symbol: str, kind: str, number: int) -> str:
    """E/ESCAP/WC3/2008/INF/2/Rev.1, as documents of the United Nations are marked."""
    suffix = SUFFIX.get(Kind(kind))
    return f"{symbol}/{suffix}{number}" if symbol and suffix else symbol


def _record(version: ListVersion, by: User) -> None:
    AuditEntry.objects.create(
        meeting=version.meeting,
        by=by,
        action=AuditEntry.Action.LIST,
        about=str(version),
        detail={
            "did": "made", "count": version.people, "languages": version.languages, "profile": version.profile,
            "basis": version.basis, "symbol": version.symbol,
        },
    )  # fmt: skip
