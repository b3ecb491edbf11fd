"""Questions of the meeting's own, and what people answered."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, Role

from .delegation import Category
from .registration import Registration


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    ONE_OF = "one_of", _("One of several")
    MANY_OF = "many_of", _("Any of several")
    FILE = "file", _("File")
    COUNTRY = "country", _("Country")


class QuestionGroup(models.TextChoices):
    OWN = "", _("The meeting’s own")
    TRAVEL = "travel", _("Travel and visa")
    NEEDS = "needs", _("Dietary and accessibility needs")
    INTERPRETATION = "languages", _("Interpretation language")
    SIDE_EVENTS = "side_events", _("Side events")


def organisers_only() -> list[str]:
    return [Role.ORGANISER]


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked(self) -> QuestionQuerySet:
        """Those asked today: without earlier versions and what is no longer asked."""
        return self.filter(is_current=True, is_retired=False)


class Question(models.Model):
    """One version of one question. Editing a question that has answers makes a new version; the old one stays."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="questions", verbose_name=_("meeting"))
    key = models.SlugField(_("key"), max_length=40, help_text=_("For exports; never changes."))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    is_current = models.BooleanField(default=True, editable=False)
    is_retired = models.BooleanField(_("no longer asked"), default=False)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind.choices)
    group = models.CharField(_("group"), max_length=12, choices=QuestionGroup.choices, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(_("question"), max_length=250)
    help = models.CharField(_("hint"), max_length=300, blank=True)
    required = models.BooleanField(_("required"), default=False)
    categories = models.ManyToManyField(
        Category, related_name="questions", verbose_name=_("categories"), blank=True, help_text=_("None: all.")
    )
    shown_if = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="shows", verbose_name=_("shown only if")
    )
    shown_if_answer = models.CharField(_("is answered with"), max_length=100, blank=True)
    purpose = models.CharField(_("why we ask"), max_length=200)
    data_class = models.PositiveSmallIntegerField(_("class"), default=2, choices=[(1, "1"), (2, "2"), (3, "3")])
    readers = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("who reads it"), default=organisers_only
    )
    keep_days = models.PositiveSmallIntegerField(_("kept for days after the meeting"), default=30)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["group", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key", "version"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["meeting", "key"], condition=Q(is_current=True), name="question_one_current_version"
            ),
            models.CheckConstraint(
                condition=Q(shown_if=None, shown_if_answer="") | Q(shown_if__isnull=False) & ~Q(shown_if_answer=""),
                name="question_condition_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class QuestionOption(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("answer"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("answer to choose")
        verbose_name_plural = _("answers to choose")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="question_option_once")]

    def __str__(self) -> str:
        return self.label


def answer_path(answer: Answer, filename: str) -> str:
    return f"answers/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class Answer(models.Model):
    """One person's answer to one version of a question: text, number, ISO date, true or false, key or list of keys."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField(_("answer"), null=True)
    file = models.FileField(_("file"), upload_to=answer_path, max_length=250, blank=True)
    original_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["registration", "question"], name="answer_once")]
        indexes = [models.Index(fields=["question", "registration"], name="answer_by_question")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.question_id}"
