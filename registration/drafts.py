"""From a filled form to a draft that can be checked and sent; and forgetting drafts nobody sent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.text import slugify

from meeting.appended import forgetting
from meeting.collation import sort_key
from meeting.models import Entity, EntityName, Meeting

from .entities import KIND_OF_NEW
from .forms import RegistrationForm
from .letters import store
from .models import (
    AccessKey,
    Category,
    Channel,
    Delegation,
    Letter,
    Registration,
    RegistrationEvent,
    Represents,
    Status,
    new_reference,
)
from .questions import answers

FORGET_AFTER = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Represented:
    """Whom the delegate represents: an entity of the directory, or a name that is not in it yet."""

    meeting: Meeting
    category: Category
    entity: Entity | None = None
    new_name: str = ""

    @property
    def name(self) -> str:
        if self.entity is None:
            return self.new_name
        return self.entity.name(
            translation.get_language() or "en", profile=self.meeting.name_profile, on=self.meeting.starts_on
        )


def save(form: RegistrationForm, represented: Represented) -> str:
    """The key to the page of this attempt's draft, which is new or brought up to date; once sent it stays as it is."""
    while True:
        try:
            with transaction.atomic():
                return AccessKey.objects.issue(_save(form, represented))
        except IntegrityError as error:
            # The same form came twice at once and the other was first: now we find its draft. Or, once in 33 million,
            # the reference is taken: there will be another.
            if "attempt" not in str(error) and "reference" not in str(error):
                raise


def _save(form: RegistrationForm, represented: Represented) -> Registration:
    attempt = form.cleaned_data["attempt"]
    # A draft that is changed is known by itself, whatever attempt the form names; and it may have been sent meanwhile.
    same = {"pk": form.instance.pk} if form.instance.pk else {"attempt": attempt}
    known = Registration.objects.select_for_update().filter(**same).first() if any(same.values()) else None
    if known and known.status != Status.DRAFT:
        return known
    draft = form.instance
    draft.meeting, draft.language = represented.meeting, translation.get_language() or "en"
    draft.delegation = delegation_for(represented)
    if known:
        draft.pk, draft.reference, draft.created_at = known.pk, known.reference, known.created_at
        draft.attempt = known.attempt
    else:
        draft.attempt = attempt or draft.attempt
        draft.reference = new_reference(represented.meeting.reference_prefix)
    draft.save(force_insert=not draft.pk)
    answers.save(draft, form.answers)
    answers.drop_others(draft, form.questions)
    letter = take_letter(form, draft)
    if letter and known:
        store.forget_others(letter, draft)
    return draft


def take_letter(form: RegistrationForm, draft: Registration) -> Letter | None:
    """The letter sent just now, else the one kept from a time before, is the draft's from now on."""
    if form.accepted_letter:
        return store.keep(form.accepted_letter, draft.meeting, draft)
    if form.kept_letter:
        store.attach(form.kept_letter, draft)
    return form.kept_letter


def delegation_for(represented: Represented) -> Delegation:
    entity = represented.entity or _entity_to_check(represented)
    name = entity.name("en", profile=represented.meeting.name_profile, on=represented.meeting.starts_on)
    return Delegation.objects.get_or_create(
        meeting=represented.meeting,
        category=represented.category,
        entity=entity,
        defaults={"name": name, "sort_key": sort_key(name)},
    )[0]


def _entity_to_check(represented: Represented) -> Entity:
    """A new entry of the directory that an organiser has to check; the same name typed twice is one entry."""
    kind = KIND_OF_NEW[Represents(represented.category.represents)]
    same = EntityName.objects.filter(entity__kind=kind, name__iexact=represented.new_name).first()
    if same:
        return same.entity
    code = f"{slugify(represented.new_name)[:40] or 'entity'}-{new_reference('N')[2:].lower()}"
    entity = Entity.objects.create(code=code, kind=kind, is_checked=False)
    EntityName.objects.create(entity=entity, language="en", name=represented.new_name)
    return entity


def forget_this(draft: Registration | None, kept: Letter | None) -> None:
    """Delete a draft and its letters, and a letter that waits for its form."""
    letters = [kept] if kept else []
    if draft is not None and draft.status == Status.DRAFT:
        letters += [letter for letter in draft.letters.all() if letter != kept]
    for letter in letters:
        store.delete(letter)
    if draft is not None:
        begun = Registration.objects.filter(pk=draft.pk, status=Status.DRAFT)
        answers.forget_all_of(begun)
        erase(begun)


def erase(drafts: QuerySet[Registration]) -> None:
    """Delete rows that were never sent, with what was written about typing them: it says no more than they did."""
    with forgetting():
        # Locked before anything goes: one that is sent in this moment keeps its history.
        rows = list(drafts.filter(status=Status.DRAFT).select_for_update(of=("self",)).values_list("pk", flat=True))
        RegistrationEvent.objects.filter(registration__in=rows).delete()
        Registration.objects.filter(pk__in=rows).delete()


def forget(older_than: datetime.timedelta = FORGET_AFTER) -> int:
    """Delete drafts that were never sent, letters that never found a form, and what only they had brought."""
    before = timezone.now() - older_than
    # A roster is typed over weeks; only what a delegate began alone is forgotten.
    drafts = Registration.objects.filter(status=Status.DRAFT, channel=Channel.SELF, changed_at__lt=before)
    waiting = Letter.objects.filter(received_at__lt=before, registration=None, delegation=None)
    for letter in waiting | Letter.objects.filter(registration__in=drafts):
        store.delete(letter)
    answers.forget_all_of(drafts)
    count = drafts.count()
    erase(drafts)
    # One with a history stays.
    Delegation.objects.filter(
        registrations=None, letters=None, invitations=None, focal_points=None, events=None, entity__is_checked=False
    ).delete()
    Entity.objects.filter(is_checked=False, delegations=None, code__contains="-").delete()
    return count
