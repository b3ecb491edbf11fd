"""Which texts organisers may give in each language (django-modeltranslation finds this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from .models import Session


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "description")
