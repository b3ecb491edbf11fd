"""People whom the letter of another delegation of the same entity names: their category was changed after it came.

The letter names others as well, so it stays where it is. What a person confirmed on it still holds for whoever moved.
"""

from __future__ import annotations

from django.db.models import F, QuerySet

from ..models import LetterName, Pairing


def confirmed() -> QuerySet[LetterName]:
    """Names on current letters that a person has matched with a registration of the same entity and meeting."""
    return LetterName.objects.filter(
        pairing=Pairing.MATCHED,
        registration__delegation__entity=F("letter__delegation__entity"),
        registration__meeting=F("letter__meeting"),
        letter__registration=None,
        letter__superseded_by=None,
    )


def of(registration_pk: int) -> list[LetterName]:
    """Where the letters of the entity's other delegations name this person, newest letter first."""
    names = confirmed().filter(registration=registration_pk).exclude(letter__delegation=F("registration__delegation"))
    # Nearly everybody is named nowhere else, and is told so without all that stands around a name.
    found = list(names.order_by("-letter").values_list("pk", flat=True))
    around = LetterName.objects.select_related("letter__delegation__category").in_bulk(found) if found else {}
    return [around[pk] for pk in found if pk in around]
