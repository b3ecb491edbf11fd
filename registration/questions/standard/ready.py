"""What a question of a standard group consists of."""

from __future__ import annotations

from dataclasses import dataclass, field

from meeting.languages import Text, six
from meeting.models import Role

from ...models import QuestionKind

NOTHING: Text = six("", "", "", "", "", "")


@dataclass(frozen=True)
class Ready:
    """Nothing here is required: an organiser decides what a meeting cannot do without."""

    key: str
    kind: QuestionKind
    label: Text
    purpose: Text
    data_class: int
    readers: tuple[Role, ...]
    help: Text = field(default_factory=lambda: NOTHING)
    options: dict[str, Text] = field(default_factory=dict)
    shown_if: str = ""
    shown_if_answer: str = ""
    keep_days: int = 30
