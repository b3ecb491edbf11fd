"""The gate: what has to be there before a child may come, and who opens it. Nobody else's approval does."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import User

from .. import workflow
from ..models import LIVE, ChildConsent, ChildRecord, Modality, Registration, RoleInDelegation, Status
from ..rules import can_see_children
from ..workflow import MoveNotAllowed
from ..workflow.base import reason_given
from ..workflow.lapsing import undo_approval
from . import alerts, papers
from .intake import lock_record, write_down

State = ChildRecord.State
# Whoever speaks for a State or interprets cannot look after a child at the same time.
NO_CHAPERONES = (RoleInDelegation.HEAD, RoleInDelegation.INTERPRETER)
COMING = (Status.SUBMITTED, Status.APPROVED)


def can_chaperone(adult: Registration, record: ChildRecord) -> bool:
    """An adult of the sending entity at this meeting who is there in person and free to look after a child."""
    row = record.registration
    return (
        adult.meeting_id == row.meeting_id
        and adult.delegation.entity_id == row.delegation.entity_id
        and not (adult.is_minor or adult.delegation.category.for_children)
        and adult.status in COMING
        and adult.modality == Modality.IN_PERSON
        and adult.role not in NO_CHAPERONES
    )


def may_chaperone(record: ChildRecord) -> QuerySet[Registration]:
    """Those among whom the senders choose."""
    row = record.registration
    everybody = Registration.objects.filter(meeting=row.meeting, delegation__entity=row.delegation.entity)
    able = [adult.pk for adult in everybody.with_delegation() if can_chaperone(adult, record)]
    return everybody.filter(pk__in=able)


def _counted() -> QuerySet[Registration]:
    """Adults with their delegation, and with how many children who may come they are named for."""
    pairs = ChildRecord.chaperones.through.objects.filter(
        registration=OuterRef("pk"), childrecord__registration__status__in=LIVE
    )
    number = pairs.order_by().values("registration").annotate(n=Count("*")).values("n")  # type: ignore[misc]
    return Registration.objects.with_delegation().annotate(children=Subquery(number)).order_by("sort_key", "pk")


def _named(record: ChildRecord) -> list[Registration]:
    """The chaperones of the file, as `with_missing` has read them for a whole list, else read now."""
    return record.named if hasattr(record, "named") else list(_counted().filter(chaperoned=record))


def chaperones_of(record: ChildRecord) -> list[tuple[Registration, bool]]:
    """Those who were named, and whether each can be one today."""
    return [(adult, can_chaperone(adult, record)) for adult in _named(record)]


def with_missing(records: QuerySet[ChildRecord]) -> list[tuple[ChildRecord, int]]:
    """Each file, and how much is missing in it; the same number of queries for any number of files."""
    around = ("registration__meeting", "registration__delegation__category", "registration__delegation__entity")
    read = records.select_related(*around).prefetch_related(
        "consents", Prefetch("chaperones", _counted(), to_attr="named")
    )
    return [(record, len(missing(record))) for record in read]


def missing(record: ChildRecord) -> list[str]:
    """What has to be there and is not, a sentence each; empty when the child may be cleared."""
    return [*_missing_papers(record), *_missing_guardian(record), *_missing_chaperone(record)]


def _missing_papers(record: ChildRecord) -> list[str]:
    given = papers.given(record)
    return [
        _("Not given: %(paper)s.") % {"paper": label} for kind, label in ChildConsent.Kind.choices if kind not in given
    ]


def _missing_guardian(record: ChildRecord) -> list[str]:
    found = []
    if not record.guardian_name.strip():
        found.append(_("The guardian is not named."))
    if not record.guardian_contact.strip():
        found.append(_("It is not said how to reach the guardian."))
    return found


def _missing_chaperone(record: ChildRecord) -> list[str]:
    meeting = record.registration.meeting
    able = [adult for adult in _named(record) if can_chaperone(adult, record)]
    if not able:
        return [_("No chaperone: an adult of the same organization who is registered and comes in person.")]
    found = []
    most = meeting.children_per_chaperone
    if all((adult.children or 0) > most for adult in able):  # type: ignore[attr-defined]
        found.append(
            ngettext(
                "Every chaperone named looks after more than %d child.",
                "Every chaperone named looks after more than %d children.",
                most,
            )
            % most
        )
    if meeting.same_sex_chaperone and not record.same_sex_seen:
        found.append(_("It is not confirmed that a chaperone is of the child’s own sex."))
    return found


def _only_the_lead(record: ChildRecord, by: User) -> None:
    if not can_see_children(by, record.registration.meeting):
        raise MoveNotAllowed(_("Only the safeguarding lead of this meeting decides on somebody under 18."))


@transaction.atomic
def clear(record_id: int, *, by: User) -> ChildRecord:
    """The safeguarding lead has seen everything: the registration is approved, and the senders are told."""
    record = lock_record(record_id)
    _only_the_lead(record, by)
    if record.state == State.CLEARED and record.registration.status == Status.APPROVED:
        return record
    if still := missing(record):
        raise MoveNotAllowed(" ".join(still))
    _decide(record, State.CLEARED, by=by)
    workflow.approve(record.registration_id, by=by)
    return _seen_again(record)


@transaction.atomic
def refuse(record_id: int, *, by: User, reason: str) -> ChildRecord:
    """Not cleared. The reason stays sealed, for those who sent; elsewhere it only says who decided."""
    record = lock_record(record_id)
    _only_the_lead(record, by)
    reason = reason_given(reason, _("Give a reason: the organization that sends the child reads it."))
    _decide(record, State.REFUSED, by=by, reason=reason)
    workflow.reject(
        record.registration_id, by=by, reason=_("The safeguarding lead did not clear it. The file says why.")
    )
    return _seen_again(record)


@transaction.atomic
def ask_for_more(record_id: int, *, by: User, reason: str) -> ChildRecord:
    """Back to the senders, who read in the file what is wanted. The seat is kept."""
    record = lock_record(record_id)
    _only_the_lead(record, by)
    reason = reason_given(reason, _("Say what is to be put right: the organization that sends the child reads it."))
    _reopen(record, reason=reason)
    undo_approval(record.registration_id, by=by)
    says = _("The safeguarding lead asks for more. Open the file of this young person: it says what.")
    workflow.return_for_correction(record.registration_id, by=by, reason=says, fields=["sealed_file"])
    write_down(record, "asked for more", by)
    return _seen_again(record)


@transaction.atomic
def confirm_same_sex(record_id: int, *, by: User) -> ChildRecord:
    """The lead has seen that a chaperone is of the child's own sex. The sex itself is written nowhere."""
    record = lock_record(record_id)
    _only_the_lead(record, by)
    record.same_sex_seen = True
    record.save(update_fields=["same_sex_seen"])
    write_down(record, "chaperone of the same sex", by)
    return record


def _decide(record: ChildRecord, state: str, *, by: User, reason: str = "") -> None:
    record.state, record.decided_by, record.decided_at, record.reason = state, by, timezone.now(), reason
    record.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    write_down(record, str(state), by)


def _reopen(record: ChildRecord, *, reason: str = "") -> None:
    record.state, record.decided_by, record.decided_at, record.reason = State.OPEN, None, None, reason
    record.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def open_again(record: ChildRecord) -> None:
    """Whoever was refused or has withdrawn comes again: the lead looks anew. What was said before stays to be read."""
    if record.state != State.OPEN:
        _reopen(record, reason=record.reason)


def _seen_again(record: ChildRecord) -> ChildRecord:
    record.registration.refresh_from_db()
    return record


@transaction.atomic
def look_again(record_id: int, *, by: User | None = None) -> bool:
    """A file that was cleared and is no longer whole waits for the lead again; whether it came to that.

    A paper withdrawn, a chaperone who does not come, a guardian's name taken out: whatever it was, the approval rested
    on it.
    """
    record = lock_record(record_id)
    if record.state != State.CLEARED or record.registration.status not in LIVE or not missing(record):
        return False
    lapse(record, by=by)
    return True


def lapse(record: ChildRecord, *, by: User | None) -> None:
    """The clearing holds no more. The seat stays; lead and senders are told that something is missing, not what."""
    since = record.decided_at
    _reopen(record)
    undo_approval(record.registration_id, by=by)
    write_down(record, "lapsed", by)
    for tell in (alerts.tell_lead, alerts.tell_senders):
        tell(record, "child_lapsed", f"lapsed-{since:%Y%m%d%H%M%S%f}")


def look_at_all() -> int:
    """Every cleared file once more, since chaperones come and go without a word to the file; how many lapsed."""
    cleared = ChildRecord.objects.filter(state=State.CLEARED, registration__status__in=LIVE)
    return sum(look_again(pk) for pk in cleared.values_list("pk", flat=True))
