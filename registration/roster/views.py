"""The workspace of a delegation: letter on one side, roster on the other."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ..focal.access import DelegationRequest, delegation_view
from ..models import Delegation


@require_safe
@delegation_view
def workspace(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    return HttpResponse("")
