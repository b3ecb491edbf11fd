"""Which texts organisers may give in each language (django-modeltranslation finds this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
    CannedReason,
    Category,
    Letterhead,
    LetterSetup,
    Officer,
    ParticipantsSetup,
    Question,
    QuestionOption,
)


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name",)


@register(CannedReason)
class CannedReasonTranslation(TranslationOptions):
    fields = ("text",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("label", "help", "purpose")


@register(QuestionOption)
class QuestionOptionTranslation(TranslationOptions):
    fields = ("label",)


@register(Letterhead)
class LetterheadTranslation(TranslationOptions):
    fields = ("lines",)


@register(LetterSetup)
class LetterSetupTranslation(TranslationOptions):
    fields = ("signatory_title",)


@register(ParticipantsSetup)
class ParticipantsSetupTranslation(TranslationOptions):
    fields = ("distribution",)


@register(Officer)
class OfficerTranslation(TranslationOptions):
    fields = ("office",)
