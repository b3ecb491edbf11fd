"""The sample meeting: its facts, that loading it harms nothing, and its fictitious delegates."""

import datetime
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from django.utils import timezone

from meeting.appended import forgetting
from meeting.languages import SIX
from meeting.models import Document, Entity, Meeting, Objective, Organiser, Room, Theme, User
from programme import pdf
from programme.models import Access, Session, SessionKind
from programme.sample import content, delegates, letters, loader, people, sessions, substance
from programme.sample.invited import WITH_LIMIT, WITHOUT_LIMIT
from registration.models import (
    SEATED,
    Category,
    Delegation,
    Letter,
    LetterName,
    OutgoingMail,
    Pairing,
    Registration,
    RegistrationEvent,
    RoleInDelegation,
    Status,
)

NOW = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_sample_meeting", *arguments, stdout=said)
    return said.getvalue()


# --- The texts, without a database ---------------------------------------------------------------------------------


def texts_meant_for_everybody():
    yield from (content.TITLE, content.SUBTITLE, content.SHORT_TITLE, content.DATE_NOTE, content.HELD_OPEN_NOTE)
    yield from (content.PROGRAMME_NOTE, content.LEAD, content.RAPPORTEUR_NOTE, content.VENUE, content.CITY)
    yield from content.ROOMS.values()
    yield from [what for _when, what, _is_this in content.MILESTONES]
    yield from (*substance.OBJECTIVES, *substance.FOCUS_AREAS)
    yield from [text for theme in substance.THEMES for text in theme]
    yield from [slot.title for slot in sessions.PROGRAMME]
    yield from [slot.description for slot in sessions.PROGRAMME if slot.description]


def test_texts_are_given_in_six_languages():
    assert [t["en"] for t in texts_meant_for_everybody() if tuple(t) != SIX or not all(t.values())] == []


def test_no_translation_was_forgotten_in_english():
    """A copied line shows as the same words in a language of another script."""
    assert [t["en"] for t in texts_meant_for_everybody() if t["en"] in (t["ru"], t["zh-hans"], t["ar"])] == []


# --- The meeting ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestMeeting:
    @pytest.fixture(autouse=True)
    def loaded(self):
        self.said = load()
        self.meeting = Meeting.objects.get()

    def test_stands_as_its_organisers_printed_it(self):
        meeting = self.meeting
        assert (meeting.slug, meeting.reference_prefix) == ("eap-2008", "EAP")
        assert (meeting.starts_on, meeting.ends_on) == (datetime.date(2008, 9, 18), datetime.date(2008, 9, 19))
        assert "August 2008" in meeting.date_note
        assert (meeting.venue.short_name, meeting.venue.city, meeting.time_zone) == ("UNCC", "Bangkok", "Asia/Bangkok")
        assert meeting.rapporteur == "Mr. Jaap Doek"
        assert list(meeting.organisers.values_list("acronym", "entity__code")) == [
            ("UNESCAP", "ESCAP"),
            ("UNICEF EAPRO", "UNICEF"),
            ("ECPAT", "ECPAT"),
        ]

    def test_has_five_objectives_three_focus_areas_five_themes_and_six_milestones(self):
        meeting = self.meeting
        counts = [p.count() for p in (meeting.objectives, meeting.focus_areas, meeting.themes, meeting.milestones)]
        assert counts == [5, 3, 5, 6]
        assert list(meeting.themes.values_list("title_en", flat=True)) == [
            "Commercial sexual exploitation of children",
            "Legal framework and enforcement",
            "Integrated inter-agency policies",
            "Initiatives of social responsibility",
            "Strategies for international cooperation",
        ]
        assert list(meeting.milestones.filter(is_this_meeting=True).values_list("order", flat=True)) == [5]

    def test_takes_registrations_although_its_dates_are_past_and_says_so(self):
        assert self.meeting.registration_is_open() is True
        assert self.meeting.held_open_note != ""
        self.meeting.registration_held_open = False
        assert self.meeting.registration_is_open() is False

    def test_speaks_six_languages(self):
        theme = self.meeting.themes.get(number=2)
        assert (theme.title_fr, theme.title_zh_hans) == ("Cadre juridique et application des lois", "法律框架与执法")
        assert self.meeting.title_ar == "الاجتماع التحضيري الإقليمي لشرق آسيا والمحيط الهادئ"

    def test_categories_have_room_for_every_entity_of_the_directory(self):
        from registration.rules import category_for

        categories = list(Category.objects.filter(meeting=self.meeting))
        entities = Entity.objects.prefetch_related("memberships")
        homes = {e.code: c.code if (c := category_for(e, self.meeting, categories)) else "" for e in entities}
        assert [code for code, category in homes.items() if not category] == []
        wanted = {"THA": "MEM", "COK": "ASM", "TKL": "OTH", "BRA": "OTH", "VAT": "OBS", "UNICEF": "UNB", "ILO": "SPA"}
        wanted |= {"ASEAN": "IGO", "ECPAT": "NGO", "ICRC": "ENT"}
        assert {code: homes[code] for code in wanted} == wanted

    def test_programme_is_illustrative_and_has_nobody_on_the_podium(self):
        assert self.meeting.programme_note.startswith("This programme is illustrative.")
        days = Counter(s.starts_at.astimezone(self.meeting.zone).date() for s in Session.objects.filter(part_of=None))
        assert days == {datetime.date(2008, 9, 18): 10, datetime.date(2008, 9, 19): 10}
        groups = Session.objects.filter(kind=SessionKind.GROUP)
        assert list(groups.order_by("themes__number").values_list("themes__number", flat=True)) == [1, 2, 3, 4, 5]
        assert list(groups.values_list("part_of__starts_at", flat=True)) == [g.starts_at for g in groups]

    def test_media_stay_out_of_the_childrens_session(self):
        assert Session.objects.get(kind=SessionKind.CHILDREN).access == Access.NO_MEDIA

    def test_programme_document_shows_its_true_size(self):
        document = Document.objects.get()
        with document.file.open() as file:
            data = file.read()
        assert data.startswith(b"%PDF-1.7")
        assert document.size == len(data)
        assert (document.file_type, document.language, document.title_fr) == ("PDF", "en", "Programme")

    # --- Loading again ------------------------------------------------------------------------------------------------

    def test_loading_again_writes_nothing(self):
        before = everything()
        assert load() == "Sample meeting eap-2008: complete, nothing to add.\n"
        assert everything() == before

    def test_what_an_organiser_changed_or_deleted_stays_so(self):
        Meeting.objects.update(title_en="Our meeting", registration_held_open=False)
        Theme.objects.filter(number=1).update(title_en="Ours")
        Objective.objects.get(number=5).delete()
        Session.objects.filter(kind=SessionKind.OPENING).update(
            starts_at=F("starts_at") + datetime.timedelta(minutes=5)
        )
        Room.objects.filter(name_en="Conference Room 3").update(name_en="Theatre")
        before = everything()
        load()
        assert everything() == before

    def test_a_part_that_is_missing_altogether_is_written(self):
        Organiser.objects.all().delete()
        assert load() == "Sample meeting eap-2008: organisers.\n"
        assert Organiser.objects.count() == 3

    def test_makes_no_delegates_and_no_users_of_its_own_accord(self):
        assert (Registration.objects.count(), Delegation.objects.count(), User.objects.count()) == (0, 0, 0)


def everything() -> dict[str, list]:
    models = (Meeting, Organiser, Theme, Objective, Room, Session, Category, Document, Entity)
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


@pytest.mark.django_db
def test_what_an_organiser_types_is_never_a_command_of_the_typesetter(settings):
    meeting, _written = loader.load()
    Session.objects.filter(kind=SessionKind.OPENING).update(
        title='#panic("no") $x$ *a* <b> \\ "', title_en='#panic("no")'
    )
    assert pdf.programme(meeting, "en").startswith(b"%PDF")


@pytest.mark.django_db
def test_programme_can_be_printed_in_each_language():
    meeting, _written = loader.load()
    assert {language: pdf.programme(meeting, language)[:5] for language in SIX} == dict.fromkeys(SIX, b"%PDF-")


# --- Fictitious delegates ------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestDelegates:
    @pytest.fixture(autouse=True)
    def loaded(self):
        self.meeting, _written = loader.load()

    def make(self, wanted: int) -> int:
        return delegates.make(self.meeting, wanted, now=NOW)

    def test_again_adds_nothing_and_more_adds_the_difference(self):
        assert self.make(60) == 60
        first = list(Registration.objects.order_by("pk").values())
        events = list(RegistrationEvent.objects.order_by("pk").values())
        assert self.make(60) == 0
        assert self.make(100) == 40
        assert list(Registration.objects.order_by("pk")[:60].values()) == first
        assert list(RegistrationEvent.objects.order_by("pk")[: len(events)].values()) == events

    def test_growing_in_steps_gives_the_same_people_as_at_once(self):
        fields = ("reference", "display_name", "email", "delegation__entity__code", "role", "status", "submitted_at")
        self.make(30)
        self.make(120)
        in_steps = list(Registration.objects.order_by("reference").values_list(*fields))
        with forgetting():
            RegistrationEvent.objects.all().delete()
            Registration.objects.all().delete()
        self.make(120)
        assert list(Registration.objects.order_by("reference").values_list(*fields)) == in_steps

    def test_every_delegation_invited_has_one_head_who_came_first(self):
        self.make(150)
        heads = Registration.objects.filter(role=RoleInDelegation.HEAD).values_list("delegation", flat=True)
        assert sorted(heads) == sorted(Delegation.objects.values_list("pk", flat=True))
        assert Delegation.objects.count() == len(WITHOUT_LIMIT) + len(WITH_LIMIT)
        categories = set(Delegation.objects.values_list("category__code", flat=True))
        assert categories == {"MEM", "ASM", "OTH", "OBS", "UNB", "SPA", "IGO", "NGO", "ENT"}

    def test_limits_of_seats_hold_and_those_beyond_wait(self):
        self.make(1000)
        limited = Delegation.objects.filter(category__delegation_quota__isnull=False)
        seated = limited.filter(registrations__status__in=SEATED).annotate(n=Count("registrations"))
        assert {(d.category.code, d.n) for d in seated.select_related("category")} == {
            ("IGO", 5),
            ("NGO", 5),
            ("ENT", 3),
        }
        waiting = limited.filter(registrations__status=Status.WAITLISTED).annotate(n=Count("registrations"))
        assert [d.n for d in waiting] == [2] * len(WITH_LIMIT)

    def test_histories_tell_how_each_came_to_its_status(self):
        self.make(300)
        for registration in Registration.objects.prefetch_related("events"):
            moves = [(e.from_status, e.to_status, e.reason) for e in registration.events.all()]
            waits = registration.status == Status.WAITLISTED
            expected = [(Status.DRAFT, Status.WAITLISTED if waits else Status.SUBMITTED, "")]
            if registration.status not in (Status.SUBMITTED, Status.WAITLISTED):
                expected.append((Status.SUBMITTED, registration.status, registration.status_reason))
            assert moves == expected, registration.reference
            times = [e.at for e in registration.events.all()]
            assert (times[0], times[-1]) == (registration.submitted_at, registration.status_since)

    def test_most_wait_or_are_approved_over_six_weeks(self):
        self.make(1000)
        shares = Counter(Registration.objects.values_list("status", flat=True))
        assert set(shares) == set(Status) - {Status.DRAFT}
        assert shares[Status.SUBMITTED] + shares[Status.APPROVED] > 800
        sent = sorted(Registration.objects.values_list("submitted_at", flat=True))
        assert NOW - datetime.timedelta(weeks=6) <= sent[0] < NOW - datetime.timedelta(weeks=5)
        assert NOW - datetime.timedelta(days=2) < sent[-1] <= NOW

    def test_references_addresses_and_keys_are_as_of_real_ones(self):
        self.make(500)
        registrations = list(Registration.objects.all())
        assert len({r.reference for r in registrations}) == len({r.email for r in registrations}) == 500
        assert {len(r.reference) for r in registrations} == {9}
        assert {r.reference[:4] for r in registrations} == {"EAP-"}
        assert all(r.email.endswith(".example.org") for r in registrations)
        for registration in registrations[:50]:
            stored = (registration.sort_key, registration.search_key)
            registration.full_clean(exclude=["organisation", "department"], validate_unique=False)
            registration.derive_keys()
            assert (registration.sort_key, registration.search_key) == stored

    def test_a_new_prefix_of_references_makes_nobody_twice(self):
        self.make(20)
        self.meeting.reference_prefix = "RIO"
        self.meeting.save()
        assert self.make(21) == 1
        assert Registration.objects.filter(reference__startswith="RIO-").count() == 1

    def test_a_reference_that_a_real_delegate_holds_stays_theirs(self):
        self.make(3)
        held = Registration.objects.order_by("pk").first()
        with forgetting():
            RegistrationEvent.objects.all().delete()
            Registration.objects.exclude(pk=held.pk).delete()
        Registration.objects.filter(pk=held.pk).update(
            attempt="11111111-1111-1111-1111-111111111111", display_name="Real"
        )
        assert self.make(3) == 2
        held.refresh_from_db()
        assert held.display_name == "Real"
        assert Registration.objects.count() == 3

    def test_nobody_gets_mail(self):
        self.make(50)
        assert OutgoingMail.objects.count() == 0

    def test_takes_few_queries_for_many(self, django_assert_max_num_queries):
        """Every 5,000 delegates cost a handful of queries; each delegation a few, once."""
        self.make(150)
        with django_assert_max_num_queries(100):
            self.make(2000)

    def test_the_command_says_that_they_are_fictitious(self):
        assert load("--delegates", "5").splitlines()[1] == (
            "FICTITIOUS delegates: 5 added, 5 wanted in all. "
            "Their names, functions and addresses are invented; no mail is sent to them."
        )
        newest = Registration.objects.order_by("-submitted_at").first()
        assert newest.submitted_at <= timezone.now()

    def test_a_number_out_of_bounds_is_refused(self):
        with pytest.raises(CommandError, match="from 0 to 1,000,000"):
            load("--delegates", "-1")


def test_every_reference_comes_once_before_any_comes_again():
    assert delegates.STRIDE % 2 == 1  # odd, and the number of references is a power of two
    assert len({delegates._reference("EAP", n) for n in range(5000)}) == 5000


@pytest.mark.django_db
def test_delegates_allow_different_things_and_not_everybody_answers():
    load("--delegates", "120")
    people = Registration.objects.all()
    assert {g for (g,) in people.values_list("gender").distinct()} >= {"", "woman", "man"}
    assert 0 < people.filter(contact_shared=True).count() < people.filter(name_public=True).count() < 120


def test_names_come_in_many_scripts_and_some_are_single():
    import random

    drawn = [people.draw(culture, random.Random(n))[0] for culture in people.CULTURES for n in range(40)]
    scripts = {
        "Thai": "ก",
        "Lao": "ກ",
        "Khmer": "ក",
        "Burmese": "က",
        "Chinese": "王",
        "Korean": "김",
        "Cyrillic": "Д",
        "Arabic": "ا",
        "Devanagari": "श",
        "Bengali": "র",
        "okina": "ʻ",
        "Vietnamese": "ễ",
    }
    joined = "".join(n.display for n in drawn)
    blocks = {name for name, letter in scripts.items() if any(abs(ord(c) - ord(letter)) < 60 for c in joined)}
    assert blocks == set(scripts)
    assert any(n.family == "" for n in drawn)
    assert all(n.given or n.family for n in drawn)
    assert all(n.display == n.display.strip() and "  " not in n.display for n in drawn)


# --- Fictitious letters --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_delegations_get_a_letter_that_fits_their_roster_and_only_once():
    meeting, _written = loader.load()
    delegates.make(meeting, 150, now=NOW)
    written = letters.make(meeting)
    assert written == letters.MOST
    assert letters.make(meeting) == 0
    for letter in Letter.objects.filter(meeting=meeting):
        assert letter.file.read(5) == b"%PDF-"
        people = letter.delegation.registrations
        named = letter.names.filter(pairing=Pairing.MATCHED)
        assert named.exists()
        for name in named:
            assert people.get(pk=name.registration_id).printed_name == name.name
    assert LetterName.objects.filter(name=letters.NOT_REGISTERED.partition(", ")[0], pairing=Pairing.OPEN).exists()
