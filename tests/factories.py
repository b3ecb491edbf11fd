"""The smallest valid objects; each test states what matters."""

import datetime

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from meeting.models import Entity, EntityKind, EntityName, Meeting, Role, StaffRole, User
from meeting.sealed import seal_bytes
from programme.models import Session
from registration.models import (
    Answer,
    Category,
    ChildConsent,
    ChildRecord,
    Delegation,
    Letter,
    Question,
    QuestionKind,
    Registration,
    RoleInDelegation,
    Status,
    new_reference,
)

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"staff{n}@example.org")
    name = factory.Sequence(lambda n: f"Staff {n}")
    is_staff = True


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"meeting-{n}")
    title = factory.Sequence(lambda n: f"Regional meeting {n}")
    short_title = factory.Sequence(lambda n: f"Meeting {n}")
    starts_on = datetime.date(2008, 9, 18)
    ends_on = datetime.date(2008, 9, 19)
    time_zone = "Asia/Bangkok"
    reference_prefix = "EAP"
    name_profile = "ESCAP"
    membership_body = "ESCAP"
    contact_email = "secretariat@example.org"
    registration_held_open = True
    decision_grace_minutes = 0  # mails leave at once
    is_published = True


class StaffRoleFactory(DjangoModelFactory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    meeting = factory.SubFactory(MeetingFactory)
    role = Role.ORGANISER


class EntityFactory(DjangoModelFactory):
    class Meta:
        model = Entity
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"entity-{n}")
    kind = EntityKind.NGO

    @factory.post_generation
    def names(self, create, extracted, **kwargs):
        """`names={"en": "Fiji", "fr": "Fidji"}`; one English name when none are given."""
        for language, name in (extracted or {"en": f"Organization {self.code}"}).items():
            EntityName.objects.create(entity=self, language=language, name=name)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    meeting = factory.SubFactory(MeetingFactory)
    code = factory.Sequence(lambda n: f"C{n}")
    order = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Category {n}")
    represents = "ngo"
    kinds = factory.LazyFunction(lambda: ["ngo"])
    required_documents = factory.LazyFunction(list)


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = Delegation

    category = factory.SubFactory(CategoryFactory)
    meeting = factory.SelfAttribute("category.meeting")
    entity = factory.SubFactory(EntityFactory)
    name = factory.LazyAttribute(lambda d: d.entity.name())
    sort_key = factory.LazyAttribute(lambda d: d.name.lower())


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    delegation = factory.SubFactory(DelegationFactory)
    meeting = factory.SelfAttribute("delegation.meeting")
    reference = factory.LazyAttribute(lambda r: new_reference(r.meeting.reference_prefix))
    given_names = "Litia"
    family_name = factory.Sequence(lambda n: f"Waqanisau {n}")
    display_name = factory.LazyAttribute(lambda r: f"{r.given_names} {r.family_name}")
    functional_title = "Director"
    email = factory.Sequence(lambda n: f"delegate{n}@example.org")
    role = RoleInDelegation.ADVISER
    status = Status.SUBMITTED
    status_since = factory.LazyFunction(timezone.now)
    status_reason = factory.LazyAttribute(lambda r: "No letter." if r.status == Status.REJECTED else "")
    submitted_at = factory.LazyAttribute(lambda r: None if r.status == Status.DRAFT else timezone.now())


class ChildFactory(RegistrationFactory):
    """The row of somebody under 18, which says nothing but an alias."""

    display_name = factory.Sequence(lambda n: f"Participant Y{n:03}")
    given_names = factory.SelfAttribute("display_name")
    family_name = functional_title = email = ""
    is_minor = on_behalf = True


class ChildPaperFactory(DjangoModelFactory):
    """One sealed paper of a file."""

    class Meta:
        model = ChildConsent

    record = factory.SubFactory("tests.factories.ChildRecordFactory")
    kind = ChildConsent.Kind.TRAVEL
    file = factory.LazyFunction(lambda: ContentFile(seal_bytes(PDF), name="paper"))
    media_type = "application/pdf"
    given_on = datetime.date(2008, 8, 1)
    recorded_by = factory.SubFactory(UserFactory)


class ChildRecordFactory(DjangoModelFactory):
    class Meta:
        model = ChildRecord

    registration = factory.SubFactory(ChildFactory)
    legal_name = "Amaru Quispe"
    birth_date = "2012-03-04"


class LetterFactory(DjangoModelFactory):
    class Meta:
        model = Letter

    registration = factory.SubFactory(RegistrationFactory)
    delegation = factory.SelfAttribute("registration.delegation")
    meeting = factory.SelfAttribute("registration.meeting")
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="letter"))
    original_name = "Nomination.pdf"
    media_type = "application/pdf"
    size = len(PDF)
    sha256 = "0" * 64


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    kind = QuestionKind.TEXT
    label = factory.Sequence(lambda n: f"Question {n}")
    purpose = "We plan the meeting with it."

    @factory.post_generation
    def options(self, create, extracted, **kwargs):
        for order, (key, label) in enumerate((extracted or {}).items()):
            self.options.create(key=key, label=label, order=order)


class FileAnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    registration = factory.SubFactory(RegistrationFactory)
    question = factory.SubFactory(
        QuestionFactory, meeting=factory.SelfAttribute("..registration.meeting"), kind=QuestionKind.FILE
    )
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="answer"))
    original_name = "Passport.pdf"
    media_type = "application/pdf"


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    meeting = factory.SubFactory(MeetingFactory)
    kind = "plenary"
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.Sequence(
        lambda n: datetime.datetime(2008, 9, 18, 2, tzinfo=datetime.UTC) + datetime.timedelta(hours=n % 8)
    )
    ends_at = factory.LazyAttribute(lambda s: s.starts_at + datetime.timedelta(minutes=45))
