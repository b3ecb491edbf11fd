"""Which texts organisers may give in each language (django-modeltranslation finds this module by its name)."""

from modeltranslation.translator import TranslationOptions, register

from .models import Document, FocusArea, Meeting, Milestone, Objective, Organiser, Room, Theme, Venue


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = (
        "title",
        "subtitle",
        "short_title",
        "date_note",
        "lead",
        "introduction",
        "rapporteur",
        "rapporteur_note",
        "practical_information",
        "programme_note",
        "privacy_notice",
        "held_open_note",
    )


@register(Venue)
class VenueTranslation(TranslationOptions):
    fields = ("name", "city")


@register(Room)
class RoomTranslation(TranslationOptions):
    fields = ("name",)


@register(Organiser)
class OrganiserTranslation(TranslationOptions):
    fields = ("name", "acronym")


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("when", "what")


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


@register(FocusArea)
class FocusAreaTranslation(TranslationOptions):
    fields = ("text",)


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("title", "description")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title",)
