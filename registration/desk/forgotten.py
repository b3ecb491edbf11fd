"""A forgotten password: a link by mail, whoever asks, and the same page whether the address is known or not."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meeting.account.forms import ForgottenForm
from meeting.models import Meeting, User

from ..mail import outbox
from ..models import OutgoingMail

KIND = "password_reset"
PAUSE = 10 * 60  # seconds between two messages to one person
MOST_A_DAY = 8


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        send(form.cleaned_data["email"])
    return render(request, "account/forgotten.html", {"form": form, "sent": sent})


def send(email: str) -> None:
    """Nothing where nobody of the staff has this address, or enough has been sent."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True, is_staff=True).first()
    meeting = _meeting_of(user) if user else None
    if user is None or meeting is None or _enough(user):
        return
    outbox.queue_to(
        KIND,
        key=f"password-{user.pk}-{int(timezone.now().timestamp() // PAUSE)}",
        meeting=meeting,
        to=user.email,
        language=user.language or "en",
        values={},
        focal_user=user,  # whose password the link sets
    )


def _meeting_of(user: User) -> Meeting | None:
    """Whose letterhead the message has: the latest of theirs. An administrator's may be any."""
    return Meeting.objects.visible_to(user).order_by("-starts_on").first()


def _enough(user: User) -> bool:
    today = timezone.now() - datetime.timedelta(days=1)
    return OutgoingMail.objects.filter(kind=KIND, focal_user=user, created_at__gt=today).count() >= MOST_A_DAY
