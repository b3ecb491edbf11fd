"""Which texts organisers may give in each language (django-modeltranslation finds this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from .models import Category


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name",)
