"""Forms for what organisers write in several languages: English first, the others folded away by name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from modeltranslation.fields import TranslationField
from modeltranslation.utils import build_localized_fieldname

MAIN = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
OTHERS = [(code, name) for code, name in settings.LANGUAGES if code != MAIN]


def main(*names: str) -> list[Any]:
    """The fields of the main language behind these names."""
    return [build_localized_fieldname(name, MAIN) for name in names]


def in_every_language(*names: str) -> list[str]:
    return [build_localized_fieldname(n, code) for n in names for code in (MAIN, *(c for c, _name in OTHERS))]


def other_languages(*names: str) -> list[Any]:
    """One folded fieldset for each other language."""
    return [
        (name, {"classes": ["collapse"], "fields": [build_localized_fieldname(n, code) for n in names]})
        for code, name in OTHERS
    ]


class TranslatedFields:
    """A text that must be given must be given in the main language; the other languages are free to follow."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(db_field, TranslationField) and db_field.language == MAIN:
            field.required = not db_field.translated_field.blank
            field.label = db_field.translated_field.verbose_name.capitalize()
        return field
