"""Asking questions of the meeting's own, under Setup."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meeting.models import Meeting
from meeting.scoped import MeetingScopedAdmin, OpenInline, meetings_run_by
from meeting.translated import MAIN, TranslatedFields, in_every_language, main, other_languages

from .models import Question, QuestionOption
from .question_forms import OptionForm, OptionFormSet, QuestionForm
from .questions import versions


class OptionInline(TranslatedFields, OpenInline, admin.StackedInline):  # type: ignore[type-arg]
    model = QuestionOption
    form = OptionForm
    formset = OptionFormSet
    extra = 0
    fields = ["order", *in_every_language("label")]
    verbose_name_plural = _("answers to choose, for “one of” and “any of”")


@admin.register(Question)
class QuestionAdmin(TranslatedFields, MeetingScopedAdmin):
    form = QuestionForm
    inlines = [OptionInline]
    list_display = ["label", "key", "kind", "group", "required", "version", "is_retired", "meeting"]
    list_filter = ["group", "kind", "is_retired"]
    list_select_related = ["meeting"]
    search_fields = [f"label_{MAIN}", "key"]
    ordering = ["meeting", "group", "order", "pk"]
    actions = ["retire", "ask_again"]
    fieldsets = [
        (None, {"fields": ["meeting", *main("label", "help"), "kind", "required", ("group", "order"), "key"]}),
        (_("Who is asked"), {"fields": ["categories", ("shown_if", "shown_if_answer"), "is_retired"]}),
        (
            _("What we promise"),
            {
                "fields": [*main("purpose"), "data_class", "readers", "keep_days"],
                "description": _(
                    "It stands beside the question. Ask for services, not for reasons: “step-free access”, "
                    "never a diagnosis. Never ask whether somebody is a survivor."
                ),
            },
        ),
        *other_languages("label", "help", "purpose"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(is_current=True)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The choice between correcting and a new version is there where somebody has answered."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not versions.is_answered(obj):
            return fieldsets
        return [(_("People have answered this question"), {"fields": ["only_wording"]}), *fieldsets]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["meeting", "key"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"key": [f"label_{MAIN}"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "key" in form.base_fields:
            form.base_fields["key"].required = False
        return form

    def offered(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        offered = super().offered(model, request)
        return offered.filter(is_current=True, is_retired=False) if model is Question else offered

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or versions.may_be_deleted(obj))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one: each is looked at for answers
        return actions

    # Saving

    def write_down(self, request: HttpRequest, obj: Any, what: str, found: dict[str, list[str]]) -> None:
        """Said already, with the version: see `_record`."""

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """A change is written in save_related, when the answers to choose are known too."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        question, options = form.instance, formsets[0]
        changed = [*(name for name in form.changed_data if name != "only_wording"), *_changed_options(options)]
        only_wording = bool(form.cleaned_data.get("only_wording"))
        if change and versions.needs_new_version(question, changed, only_wording=only_wording):
            self._succeed(request, form, options)
            what = "new version"
        else:
            question.save()
            super().save_related(request, form, formsets, change)
            what = "corrected" if change and only_wording else "changed" if change else "asked"
        if changed or not change:
            self._record(request, question, what, changed)

    def _succeed(self, request: HttpRequest, form: Any, options: OptionFormSet) -> None:
        kept = [versions.option_values(option_form.instance) for option_form in options.kept()]
        question = versions.succeed(form.instance, kept, form.cleaned_data["categories"])
        # What the admin reports after saving looks at these.
        options.new_objects, options.changed_objects, options.deleted_objects = [], [], []
        text = _("This is version %d now. Answers given before keep the words they were given under.")
        self.message_user(request, text % question.version, messages.INFO)
        for waiting in versions.waiting_in_vain(question):
            lost = _("“%(question)s” waits for an answer that is no longer offered. Change its condition.")
            self.message_user(request, lost % {"question": waiting.label}, messages.WARNING)

    def _record(self, request: HttpRequest, question: Question, what: str, changed: list[str]) -> None:
        versions.record(
            question.meeting,
            request.user,  # type: ignore[arg-type]
            str(question.label),
            what=what,
            key=question.key,
            version=question.version,
            changed=sorted(set(changed)),
        )

    def response_change(self, request: HttpRequest, obj: Question) -> HttpResponse:
        """The address of an earlier version leads nowhere: stay on the new one."""
        if "_continue" in request.POST:
            return redirect("admin:registration_question_change", obj.pk)
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Question) -> None:
        self._record(request, obj, "deleted", [])
        versions.delete(obj)

    # Lists

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to the standard questions, for each meeting the reader runs."""
        mine = Meeting.objects.filter(pk__in=meetings_run_by(request, *self.roles))[:20]
        return super().changelist_view(request, {**(extra_context or {}), "meetings_run": mine})

    @admin.action(description=_("No longer ask"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: models.QuerySet[Question]) -> None:
        count = self._ask(request, queryset, ask=False)
        text = ngettext("%d question is no longer asked; its answers stay.",
                        "%d questions are no longer asked; their answers stay.", count)  # fmt: skip
        self.message_user(request, text % count)

    @admin.action(description=_("Ask again"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: models.QuerySet[Question]) -> None:
        count = self._ask(request, queryset, ask=True)
        self.message_user(
            request, ngettext("%d question is asked again.", "%d questions are asked again.", count) % count
        )

    def _ask(self, request: HttpRequest, queryset: models.QuerySet[Question], *, ask: bool) -> int:
        chosen = list(queryset.filter(is_retired=ask).select_related("meeting"))
        for question in chosen:
            Question.objects.filter(pk=question.pk).update(is_retired=not ask)
            self._record(request, question, "asked again" if ask else "no longer asked", [])
        return len(chosen)


def _changed_options(options: OptionFormSet) -> list[str]:
    """The fields that changed in the answers to choose; one that came or went counts as such."""
    changed: set[str] = set()
    for form in options.forms:
        if form.cleaned_data.get("DELETE") or (form.instance.pk is None and form.has_changed()):
            changed.add("answers to choose")
        elif form.has_changed():
            changed |= {name for name in form.changed_data if name.startswith("label")} or {"order"}
    return sorted(changed)
