"""Loads the directory of entities that ships with the product (`meeting/data/README.md` tells of the files).

Loading adds what is missing and leaves the rest alone: an entity is known by its code, a name by its place
(language, profile, first day of validity), a membership by its body. So an organiser's corrections stay, and what
they added by hand stays. One thing only is changed in a row that exists: a shipped name without an end gets the end
that a newer file states, as long as nobody has reworded it.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from django.db import connection, transaction

from meeting.models import Entity, EntityKind, EntityName, Membership

DATA = Path(__file__).parent / "data"
LANGUAGES = {"en": "en", "fr": "fr", "es": "es", "ru": "ru", "zh": "zh-hans", "ar": "ar"}
ANY_LANGUAGE = "und"
ESCAP, UNICEF_EAP = "ESCAP", "UNICEF-EAP"
# Any number will do, as long as nothing else in this database takes the same one.
LOCK = 20_080_918


@dataclass(frozen=True)
class Loaded:
    """How many rows a run of the loader wrote."""

    entities: int = 0
    names: int = 0
    memberships: int = 0
    names_ended: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


@transaction.atomic
def load() -> Loaded:
    """Add to the database what the data files have and it lacks. Safe to run at any time, by several at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    entities = _add_entities()
    names = list(shipped_names())
    return Loaded(entities, _add_names(names), _add_memberships(), _end_names(names))


def rows(filename: str) -> Iterator[dict[str, str]]:
    with (DATA / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


# --- Entities ------------------------------------------------------------------------------------------------------


def shipped_entities() -> Iterator[Entity]:
    for row in rows("states.csv"):
        yield Entity(
            code=row["code"],
            iso3=row["code"],
            iso2=row["iso2"],
            m49=row["m49"],
            kind=EntityKind.STATE,
            un_status=row["un_status"],
        )
    for row in rows("bodies.csv"):
        kind = EntityKind(row["kind"])
        yield Entity(code=row["code"], kind=kind, acronym=row["acronym"], ecosoc_status=row["ecosoc_status"])


def _add_entities() -> int:
    known = set(Entity.objects.values_list("code", flat=True))
    # A State that somebody entered by hand under another code is that State: the code of ours is not needed twice.
    by_hand = set(Entity.objects.exclude(iso3="").values_list("iso3", flat=True))
    missing = [e for e in shipped_entities() if e.code not in known and not (e.iso3 and e.iso3 in by_hand)]
    return len(Entity.objects.bulk_create(missing))


def _ids_by_code() -> dict[str, int]:
    ids = dict(Entity.objects.exclude(iso3="").values_list("iso3", "pk"))
    return ids | dict(Entity.objects.values_list("code", "pk"))


# --- Names ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShippedName:
    code: str
    language: str
    name: str
    profile: str = ""
    formal: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    search_only: bool = False
    source: str = ""

    def row(self, entity_id: int) -> EntityName:
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "code"}
        name = EntityName(entity_id=entity_id, **values)
        name.derive_keys()
        return name


def shipped_names() -> Iterator[ShippedName]:
    former = [_dated_name(row) for row in rows("names.csv")]
    began = {(n.code, n.language): _day_after(n.valid_to) for n in former if n.valid_to and not n.profile}
    yield from former
    for row in rows("states.csv"):
        yield from _present_names(row, began)
    for row in rows("bodies.csv"):
        yield from _names_of_body(row)
    for row in rows("aliases.csv"):
        yield from _aliases(row["code"], row["names"])


def _dated_name(row: dict[str, str]) -> ShippedName:
    return ShippedName(
        code=row["code"],
        language=row["language"],
        name=row["name"],
        profile=row["profile"],
        formal=row["formal"],
        valid_to=_day(row["valid_to"]),
        source=row["source"],
    )


def _present_names(
    row: dict[str, str], began: dict[tuple[str, str], datetime.date], valid_to: datetime.date | None = None
) -> Iterator[ShippedName]:
    """The names of today; where names.csv has a former one, they begin the day after it ends."""
    for column, language in LANGUAGES.items():
        if name := row[f"name_{column}"]:
            formal = row.get(f"formal_{column}", "")
            start = began.get((row["code"], language))
            yield ShippedName(row["code"], language, name, formal=formal, valid_from=start, valid_to=valid_to)


def _names_of_body(row: dict[str, str]) -> Iterator[ShippedName]:
    start, end = _day(row["valid_from"]), _day(row["valid_to"])
    began = {(row["code"], language): start for language in LANGUAGES.values()} if start else {}
    for name in _present_names(row, began, end):
        yield replace(name, source=row["source"])
    yield from _aliases(row["code"], row["aliases"])


def _aliases(code: str, names: str) -> Iterator[ShippedName]:
    for alias in filter(None, map(str.strip, names.split(";"))):
        yield ShippedName(code, ANY_LANGUAGE, alias, search_only=True)


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _day_after(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=1)


def _add_names(names: Iterable[ShippedName]) -> int:
    ids = _ids_by_code()
    taken = {_place(n.entity_id, n) for n in EntityName.objects.all()}
    missing = [n.row(ids[n.code]) for n in names if _place(ids[n.code], n) not in taken]
    return len(EntityName.objects.bulk_create(missing, batch_size=1000))


def _place(entity_id: int, name: EntityName | ShippedName) -> tuple:
    """What makes two names the same entry, whatever they say; found-only names have no place but their words."""
    words = name.name if name.search_only else ""
    return entity_id, name.language, name.profile, name.valid_from, words


def _end_names(names: Iterable[ShippedName]) -> int:
    ids = _ids_by_code()
    ended = 0
    for name in (n for n in names if n.valid_to):
        ended += EntityName.objects.filter(
            entity=ids[name.code],
            language=name.language,
            profile=name.profile,
            name=name.name,
            valid_from=name.valid_from,
            valid_to=None,
        ).update(valid_to=name.valid_to)
    return ended


# --- Memberships -----------------------------------------------------------------------------------------------------


def shipped_memberships() -> Iterator[tuple[str, str, str]]:
    """Code of the entity, body, status."""
    for row in rows("states.csv"):
        if row["escap"]:
            yield row["code"], ESCAP, row["escap"]
        if row["unicef_eap"]:
            yield row["code"], UNICEF_EAP, "member"


def _add_memberships() -> int:
    ids = _ids_by_code()
    taken = set(Membership.objects.values_list("entity", "body"))
    shipped = [(ids[code], body, status) for code, body, status in shipped_memberships()]
    missing = [Membership(entity_id=e, body=b, status=s) for e, b, s in shipped if (e, b) not in taken]
    return len(Membership.objects.bulk_create(missing))
