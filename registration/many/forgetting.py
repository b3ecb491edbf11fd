"""Decisions on many are kept for thirty days; what became of each person stands in their history."""

import datetime

from django.utils import timezone

from ..models import BulkDecision

KEPT = datetime.timedelta(days=30)


def forget() -> int:
    """Delete what ended long ago, with its rows; how many. May run any time."""
    deleted, _ = BulkDecision.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    return deleted
