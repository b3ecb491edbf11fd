"""What staff are mailed about a meeting, and in which language: each chooses for themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meeting.models import Meeting, Role, User
from meeting.models.meeting import has_role
from meeting.templatetags.placard import own_language_name

from .. import rules
from ..models import NoticeChoice
from .access import StaffRequest, desk_view


class NoticesForm(forms.Form):
    """The notices of one meeting; the language holds for every meeting."""

    digest = forms.BooleanField(
        label=gettext_lazy("What waits for me, once a day"),
        help_text=gettext_lazy("Only on days on which something waits. Numbers and links, no names."),
        required=False,
    )
    alarms = forms.BooleanField(
        label=gettext_lazy("An alarm when somebody waits too long"),
        help_text=gettext_lazy("About what is assigned to you; organisers also about what is assigned to nobody."),
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of these messages"),
        choices=[(code, own_language_name(code)) for code, _name in settings.LANGUAGES],
        widget=forms.Select({"class": "input"}),
        required=False,
    )

    @classmethod
    def of(cls, user: User, meeting: Meeting, data: Any = None) -> NoticesForm:
        chosen = NoticeChoice.objects.filter(user=user, meeting=meeting).first() or NoticeChoice()
        language = user.language or settings.LANGUAGE_CODE
        return cls(data, initial={"digest": chosen.digest, "alarms": chosen.alarms, "language": language})

    @transaction.atomic
    def save(self, user: User, meeting: Meeting) -> None:
        chosen = {"digest": self.cleaned_data["digest"], "alarms": self.cleaned_data["alarms"]}
        NoticeChoice.objects.update_or_create(user=user, meeting=meeting, defaults=chosen)
        user.language = self.cleaned_data["language"] or user.language
        user.save(update_fields=["language"])


def has_any_role(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *Role)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(has_any_role)
def notices(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The reader's own choice. Where a role gets no notices, the page says who gets them."""
    form = NoticesForm.of(request.user, meeting, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save(request.user, meeting)
        messages.success(request, _("Saved. It holds from the next message on."))
        return redirect("admin:desk:notices", meeting.slug)
    context = {
        "meeting": meeting,
        "section": "notices",
        "form": form,
        "gets_them": rules.can_decide(request.user, meeting),
        "hour": f"{meeting.digest_hour:02}:00",
    }
    return render(request, "desk/notices.html", context, status=422 if form.errors else 200)
