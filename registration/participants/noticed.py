"""What somebody should know who is about to print this list: said in sentences, nothing of it stops anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from meeting.dates import joined, language_name
from meeting.models import EntityName, Meeting

from ..models import Basis, Delegation, Listing, Officer, Registration
from ..names import tidy
from ..outside import told_status
from .once import Place, same_people
from .people import ON_BASIS, Row, read_rows
from .tree import Tree

MOST_NAMED = 10


@dataclass(frozen=True)
class Notice:
    """A sentence, and the references of the registrations that it is about."""

    text: str
    references: tuple[str, ...] = ()


def warnings(meeting: Meeting, tree: Tree) -> list[Notice]:
    """What is worth a look in this list, in the language that is active. A fixed number of queries."""
    printed = Counter(p.reference for s in tree.sections for entity in s.entities for p in entity.people)
    return [
        *_in_several_categories(meeting, printed),
        *_officers_missing(meeting, tree),
        *_children_among_adults(meeting),
        *_without_a_name(tree),
    ]


def _in_several_categories(meeting: Meeting, printed: Counter[str]) -> Iterator[Notice]:
    delegations = {d.pk: d for d in Delegation.objects.filter(meeting=meeting).select_related("category")}
    places = {pk: Place(d.category.order, d.sort_key, d.category_id) for pk, d in delegations.items()}
    for group in same_people(_live(meeting), places):
        if not any(printed[row.reference] for row in group):
            continue
        found = [(row, delegations[row.delegation]) for row in group]
        told = {
            "name": tidy(group[0].display_name),
            "list": joined([f"{d.category.name}: {d.name} ({row.reference})" for row, d in found]),
            "printed": joined([d.category.name for row, d in found if printed[row.reference]]),
        }
        text = _("%(name)s is registered in several categories: %(list)s. Printed under: %(printed)s.") % told
        yield Notice(text, tuple(row.reference for row in group))


def _live(meeting: Meeting) -> list[Row]:
    """Everybody who may stand in a list on any basis."""
    listed = Registration.objects.filter(meeting=meeting, merged_into=None, is_minor=False)
    listed = listed.exclude(delegation__category__listing=Listing.NOT)
    return read_rows(listed.annotate(told=told_status()).filter(told__in=ON_BASIS[Basis.ACCREDITED]))


def _officers_missing(meeting: Meeting, tree: Tree) -> Iterator[Notice]:
    if not tree.officers_heading:
        return  # not printed in this profile
    there = {officer.reference for officer in tree.officers}
    for officer in Officer.objects.filter(meeting=meeting).select_related("registration"):
        found = officer.registration
        if found.reference not in there:
            told = {"office": officer.office, "name": tidy(found.display_name)}
            yield Notice(_("%(office)s: %(name)s does not stand in this list.") % told, (found.reference,))


def _children_among_adults(meeting: Meeting) -> Iterator[Notice]:
    """They are counted wherever they stand; somebody put them where names are printed."""
    children = Registration.objects.filter(meeting=meeting, is_minor=True, delegation__category__listing=Listing.NAMES)
    children = children.annotate(told=told_status()).filter(told__in=ON_BASIS[Basis.ACCREDITED])
    for reference, category in children.values_list("reference", "delegation__category__name"):
        text = _("A child stands in “%(category)s”, counted and not named. Change the category.")
        yield Notice(text % {"category": category}, (reference,))


def _without_a_name(tree: Tree) -> Iterator[Notice]:
    """Entities that the directory does not know in the language of the list."""
    codes = {entity.code: entity.name for section in tree.sections for entity in section.entities}
    names = EntityName.objects.filter(entity__code__in=codes, language=tree.language, search_only=False)
    missing = sorted(codes.keys() - set(names.values_list("entity__code", flat=True)), key=lambda code: codes[code])
    if missing:
        shown = [codes[code] for code in missing[:MOST_NAMED]] + ["…"] * (len(missing) > MOST_NAMED)
        told = {"number": len(missing), "language": language_name(tree.language), "list": ", ".join(shown)}
        yield Notice(_("%(number)d without a name in the language of this list, %(language)s: %(list)s.") % told)
