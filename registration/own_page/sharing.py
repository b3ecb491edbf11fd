"""What others may see of the delegate: asked before a registration is sent, changed on one's own page at any time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import workflow
from ..models import ParticipantsSetup, Publication, Registration
from ..models.registration import Gender
from .access import opened


class SharingForm(forms.Form):
    """Only what makes a difference at this meeting is asked; nothing is ticked before the person does so."""

    name_public = forms.BooleanField(
        label=gettext_lazy("My name and function may stand in the list of participants on the public page"),
        required=False,
    )
    contact_shared = forms.BooleanField(
        label=gettext_lazy("Other participants may have my email and telephone"), required=False
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"),
        help_text=gettext_lazy("Only counted, for the numbers of the meeting. It stands in no list."),
        choices=[("", gettext_lazy("I do not say")), *Gender.choices],
        required=False,
    )
    auto_id = "sharing_%s"

    def __init__(self, data: Any, registration: Registration) -> None:
        now = {name: getattr(registration, name) for name in workflow.SHARED}
        super().__init__(data, initial=now, auto_id=self.auto_id)
        if registration.delegation.category.publication != Publication.CONSENT:
            del self.fields["name_public"]
        if not ParticipantsSetup.objects.filter(meeting=registration.meeting_id, with_contact=True).exists():
            del self.fields["contact_shared"]

    def keep(self, registration: Registration) -> None:
        """What cannot be understood is left as it was."""
        self.is_valid()
        workflow.share(
            registration.pk, {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        )


@never_cache
@require_POST
def sharing(request: HttpRequest, key: str) -> HttpResponse:
    """The link suffices: whoever takes something back should not have to wait for a code."""
    registration = opened(request, key)
    if registration.is_minor:
        raise Http404
    SharingForm(request.POST, registration).keep(registration)
    messages.success(request, _("It is kept. What others may see of you follows at once."))
    return redirect("private:page", key)
