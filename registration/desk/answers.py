"""Files that came as answers, at the desk."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meeting.models import Meeting

from .. import rules
from ..questions import serving
from .access import StaffRequest, desk_view


@never_cache
@require_GET
@desk_view(rules.can_read)
def answer(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """A download; whom the question does not name gets what they get for a file that is not there."""
    return serving.as_download(serving.file_for(request.user, meeting, pk))
