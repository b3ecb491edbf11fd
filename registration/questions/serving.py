"""Files that came as answers leave here: as downloads, to the sender by private link and to those who may read them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meeting.models import AuditEntry, Meeting, User

from ..models import Answer, Registration
from . import answers


@never_cache
@require_GET
def own_file(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """A file of the registration that this private link opens, and of no other."""
    registration = Registration.objects.opened_by(key)
    if registration is None:
        raise Http404(_("This link does not work (any more)."))
    return as_download(get_object_or_404(_files(), pk=pk, registration=registration))


def file_for(user: User, meeting: Meeting, pk: int) -> Answer:
    """A file that `user` may read at `meeting`, its reading written down; 404 for every other."""
    seen = Registration.objects.visible_to(user).filter(meeting=meeting)
    answer = get_object_or_404(_files().select_related("registration"), pk=pk, registration__in=seen)
    if answer.question_id not in answers.readable_by(user, meeting, answer.registration):
        raise Http404
    AuditEntry.objects.create(
        meeting=meeting,
        by=user,
        action=AuditEntry.Action.READ_ANSWER,
        about=answer.registration.reference,
        subject=answer.registration.reference,
        detail={"answer": answer.pk, "question": answer.question.key},
    )
    return answer


def _files() -> QuerySet[Answer]:
    return Answer.objects.exclude(file="").select_related("question")


def as_download(answer: Answer) -> FileResponse:
    response = FileResponse(
        answer.file.open("rb"), as_attachment=True, filename=answer.original_name, content_type=answer.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
