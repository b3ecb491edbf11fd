"""The stock admin, scoped: whoever runs one meeting sets up that one and sees nothing of another."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse

from meeting.collation import sort_key
from meeting.models import Entity, Meeting, Role, Room, StaffRole, User, Venue
from programme.models import Session
from registration.models import (
    READERS,
    Category,
    Delegation,
    MailState,
    OutgoingMail,
    Registration,
    Status,
)
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def mail_for(registration, **values):
    values = {"state": MailState.QUEUED, "key": f"test-{registration.pk}-{len(values)}"} | values
    return OutgoingMail.objects.create(
        meeting=registration.meeting,
        registration=registration,
        kind="submitted",
        to=registration.email,
        language="en",
        subject=f"About {registration.family_name}",
        text="See [[private link]]",
        html="<p style='color: red'>See [[private link]]</p><script>alert(1)</script>",
        **values,
    )


@pytest.fixture
def mine():
    return RegistrationFactory(family_name="Keovilay")


@pytest.fixture
def foreign():
    return RegistrationFactory(family_name="Foreign")


@pytest.fixture
def organiser(client, mine):
    user = StaffRoleFactory(meeting=mine.meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def objects_of(registration):
    """One of everything that belongs to a meeting."""
    meeting = registration.meeting
    return [
        meeting,
        registration.delegation.category,
        registration.delegation,
        SessionFactory(meeting=meeting),
        mail_for(registration),
        StaffRoleFactory(meeting=meeting, role=Role.REVIEWER),
    ]


def url(obj, page, *args):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=args)


def test_an_organiser_opens_every_list_and_page_of_the_own_meeting(client, mine, organiser):
    for obj in [*objects_of(mine), mine.delegation.entity, Venue.objects.create(name="UNCC", city="Bangkok")]:
        listed = client.get(url(obj, "changelist"))
        assert (obj._meta.label, listed.status_code) == (obj._meta.label, 200)
        assert obj.pk in [row.pk for row in listed.context["cl"].result_list]
        # Roles are given in the table of their meeting, where the stock admin leads.
        expected = 302 if isinstance(obj, StaffRole) else 200
        assert client.get(url(obj, "change", obj.pk)).status_code == expected


def test_an_organiser_sees_nothing_of_another_meeting(client, mine, foreign, organiser):
    objects_of(mine)
    for obj in objects_of(foreign):
        listed = client.get(url(obj, "changelist"))
        assert obj.pk not in [row.pk for row in listed.context["cl"].result_list], obj._meta.label
        # Django sends whoever asks for an object that is not there back to the start of the admin.
        assert client.get(url(obj, "change", obj.pk)).status_code == 302, obj._meta.label
        assert client.get(url(obj, "history", obj.pk)).status_code in (302, 403), obj._meta.label


@pytest.mark.parametrize("model", [Category, Delegation, Session])
def test_forms_offer_only_the_own_meeting(client, mine, foreign, organiser, model):
    form = client.get(url(model, "add")).context["adminform"].form
    assert list(form.fields["meeting"].queryset) == [mine.meeting]
    if "category" in form.fields:
        assert list(form.fields["category"].queryset) == [mine.delegation.category]


def test_a_category_cannot_be_posted_into_another_meeting(client, mine, foreign, organiser):
    data = {
        "meeting": foreign.meeting.pk,
        "code": "X",
        "order": 90,
        "name_en": "X",
        "represents": "ngo",
        "kinds": ["ngo"],
        "typist": "each",
        "listing": "names",
        "badge_colour": "white",
        "publication": "consent",
    }
    assert client.post(url(Category, "add"), data).status_code == 200
    assert not Category.objects.filter(code="X").exists()
    assert client.post(url(Category, "add"), data | {"meeting": mine.meeting.pk}).status_code == 302
    made = Category.objects.get(code="X")
    assert (made.meeting, made.name, made.name_en, made.kinds) == (mine.meeting, "X", "X", ["ngo"])


ROLES_AND_MODELS = {
    Role.ORGANISER: {
        "meeting", "venue", "entity", "staffrole", "category", "cannedreason", "delegation", "question",
        "outgoingmail", "session", "letterhead", "lettersetup",
    },
    Role.PROGRAMME: {"venue", "session"},
    Role.REVIEWER: set(),
    Role.LISTS: set(),
    Role.AUDITOR: set(),
    Role.DESK: set(),
    Role.VISA: set(),
    Role.SAFEGUARDING: set(),
    Role.RAPPORTEUR: set(),
}  # fmt: skip


@pytest.mark.parametrize("role", Role.values)
def test_each_role_finds_in_the_setup_what_is_its_own(client, mine, role):
    client.force_login(StaffRoleFactory(meeting=mine.meeting, role=role).user)
    response = client.get(reverse("admin:index"))
    shown = {model["model"]._meta.model_name for app in response.context["app_list"] for model in app["models"]}
    assert shown == ROLES_AND_MODELS[Role(role)]
    for model in set(admin.site._registry) - {Registration}:
        expected = 200 if model._meta.model_name in shown else 403
        assert client.get(url(model, "changelist")).status_code == expected, model._meta.label
    # No page of its own in the setup: who may read registrations is sent to the desk.
    expected = 302 if role in READERS else 403
    assert client.get(url(Registration, "changelist")).status_code == expected


def test_the_switch_that_holds_registration_open_is_saved(client, mine, organiser):
    meeting = mine.meeting
    page = client.get(url(meeting, "change", meeting.pk))
    form = page.context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    for inline in page.context["inline_admin_formsets"]:
        data |= {f"{inline.formset.prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data.pop("registration_held_open", None)
    data |= {"held_open_note_en": "Closed", "title_en": "A new title", "title_fr": "Un nouveau titre"}
    assert client.post(url(meeting, "change", meeting.pk), data).status_code == 302
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert (meeting.registration_held_open, meeting.held_open_note) == (False, "Closed")
    assert (meeting.title, meeting.title_fr) == ("A new title", "Un nouveau titre")
    assert Meeting.objects.values_list("title", flat=True).get(pk=meeting.pk) == "A new title"


def test_the_main_language_has_to_be_given(client, mine, organiser):
    form = client.get(url(mine.meeting, "change", mine.meeting.pk)).context["adminform"].form
    assert form.fields["title_en"].required
    assert not form.fields["title_fr"].required
    assert not form.fields["subtitle_en"].required


def test_organisers_make_and_remove_no_meetings(client, mine, organiser):
    assert client.get(url(Meeting, "add")).status_code == 403
    assert client.post(url(mine.meeting, "delete", mine.meeting.pk), {"post": "yes"}).status_code == 403


def test_a_registration_cannot_be_changed_here_and_opens_at_the_desk(client, mine, foreign, organiser):
    response = client.get(url(mine, "change", mine.pk))
    assert response.url == reverse("admin:desk:registration", args=[mine.meeting.slug, mine.reference])
    client.post(url(mine, "change", mine.pk), {"status": "approved"})
    mine.refresh_from_db()
    assert mine.status == Status.SUBMITTED
    assert client.get(url(mine, "delete", mine.pk)).status_code == 403
    assert client.get(url(Registration, "add")).status_code == 403
    assert client.get(url(foreign, "change", foreign.pk)).status_code == 404


def test_a_role_is_not_given_or_taken_here(client, mine, organiser):
    """There is one way to do it: the table of the meeting, tests/registration/desk/test_team.py."""
    role = StaffRoleFactory(meeting=mine.meeting, role=Role.LISTS)
    assert client.get(url(StaffRole, "add")).status_code == 403
    assert client.post(url(role, "delete", role.pk), {"post": "yes"}).status_code == 403
    assert client.get(url(role, "change", role.pk)).url == reverse("admin:desk:team", args=[mine.meeting.slug])
    assert StaffRole.objects.filter(pk=role.pk).exists()


def test_failed_and_unclear_messages_are_sent_again_and_no_others(client, mine, foreign, organiser, monkeypatch):
    from registration.mail import outbox

    monkeypatch.setattr(outbox, "announce", lambda mail_id: None)
    failed = mail_for(mine, key="a", state=MailState.FAILED, attempts=10)
    stuck = mail_for(mine, key="b", state=MailState.STUCK)
    waiting = mail_for(mine, key="c")
    elsewhere = mail_for(foreign, key="d", state=MailState.FAILED)
    chosen = [m.pk for m in (failed, stuck, waiting, elsewhere)]
    response = client.post(
        url(OutgoingMail, "changelist"), {"action": "try_again", "_selected_action": chosen}, follow=True
    )
    told = [str(m) for m in response.context["messages"]]
    assert told == ["2 messages are sent again.", "1 was left alone: it has not failed."]
    states = dict(OutgoingMail.objects.values_list("key", "state"))
    assert states == {"a": "queued", "b": "queued", "c": "queued", "d": "failed"}
    assert OutgoingMail.objects.get(pk=failed.pk).attempts == 0


def test_the_preview_of_a_message_can_run_nothing(client, mine, foreign, organiser):
    mail = mail_for(mine, key="a")
    response = client.get(reverse("admin:registration_outgoingmail_html", args=[mail.pk]))
    assert response.content.decode() == mail.html
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; sandbox;")
    assert "script-src" not in policy
    page = client.get(url(mail, "change", mail.pk)).content.decode()
    assert "<script>alert(1)</script>" not in page
    elsewhere = mail_for(foreign, key="b")
    assert client.get(reverse("admin:registration_outgoingmail_html", args=[elsewhere.pk])).status_code == 404


def test_names_that_delegates_typed_are_checked_by_ticking(client, mine, foreign, organiser):
    ours = EntityFactory(is_checked=False)
    DelegationFactory(category=mine.delegation.category, entity=ours)
    shared = EntityFactory(is_checked=False)
    DelegationFactory(category=mine.delegation.category, entity=shared)
    DelegationFactory(category=foreign.delegation.category, entity=shared)
    state = EntityFactory(is_checked=False, kind="state")
    DelegationFactory(category=mine.delegation.category, entity=state)
    chosen = [ours.pk, shared.pk, state.pk]
    client.post(url(Entity, "changelist"), {"action": "mark_checked", "_selected_action": chosen})
    assert set(Entity.objects.filter(pk__in=chosen, is_checked=True)) == {ours}
    assert client.get(url(shared, "change", shared.pk)).context["has_change_permission"] is False
    assert client.get(url(ours, "change", ours.pk)).context["has_change_permission"] is True


def test_a_name_put_right_in_the_directory_reaches_the_lists(client, mine, organiser):
    typed = EntityFactory(names={"en": "Childrens Right Networt"}, is_checked=False)
    delegation = DelegationFactory(category=mine.delegation.category, entity=typed)
    by_hand = DelegationFactory(category=CategoryFactory(meeting=mine.meeting), entity=typed, name="CRN, guests")
    page = client.get(url(typed, "change", typed.pk))
    data = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    (names,) = page.context["inline_admin_formsets"]
    row = names.formset.forms[0]
    data |= {f"names-{name}": "1" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data |= {row.add_prefix(name): value for name, value in row.initial.items() if value is not None}
    data |= {row.add_prefix("id"): row.instance.pk, row.add_prefix("entity"): typed.pk}
    data |= {row.add_prefix("name"): "Children’s Rights Network", "is_checked": "on"}
    assert client.post(url(typed, "change", typed.pk), data).status_code == 302
    typed.refresh_from_db()
    delegation.refresh_from_db()
    by_hand.refresh_from_db()
    assert typed.is_checked
    assert (delegation.name, delegation.sort_key) == (
        "Children’s Rights Network",
        sort_key("Children’s Rights Network"),
    )
    assert by_hand.name == "CRN, guests"


def test_a_venue_that_another_meeting_uses_stays_as_it_is(client, mine, foreign, organiser):
    ours, shared = Venue.objects.create(name="UNCC", city="Bangkok"), Venue.objects.create(name="ICC", city="Geneva")
    Meeting.objects.filter(pk=mine.meeting.pk).update(venue=ours)
    Meeting.objects.filter(pk=foreign.meeting.pk).update(venue=shared)
    assert client.get(url(ours, "change", ours.pk)).context["has_change_permission"] is True
    assert client.get(url(shared, "change", shared.pk)).context["has_change_permission"] is False
    assert Room.objects.count() == 0


def test_a_session_takes_themes_of_its_own_meeting_only(client, mine, organiser):
    second = MeetingFactory()
    StaffRoleFactory(user=organiser, meeting=second, role=Role.ORGANISER)
    theme = second.themes.create(number=1, title="Elsewhere")
    data = {
        "meeting": mine.meeting.pk, "kind": "plenary", "title_en": "Plenary", "access": "open", "themes": [theme.pk],
        "starts_at_0": "2008-09-18", "starts_at_1": "02:00", "ends_at_0": "2008-09-18", "ends_at_1": "03:00",
    }  # fmt: skip
    response = client.post(url(Session, "add"), data)
    assert "Choose among those of this meeting." in response.content.decode()
    assert not Session.objects.exists()


def test_a_renamed_delegation_moves_to_its_new_place(client, mine, organiser):
    delegation = mine.delegation
    client.post(url(delegation, "change", delegation.pk), {"name": "Åland Islands", "quota": ""})
    delegation.refresh_from_db()
    assert (delegation.name, delegation.sort_key) == ("Åland Islands", sort_key("Åland Islands"))


def test_forms_speak_the_meetings_own_time(client, mine, organiser):
    assert mine.meeting.time_zone == "Asia/Bangkok"
    data = {
        "meeting": mine.meeting.pk, "kind": "plenary", "title_en": "Plenary", "access": "open",
        "starts_at_0": "2008-09-18", "starts_at_1": "09:00", "ends_at_0": "2008-09-18", "ends_at_1": "10:00",
    }  # fmt: skip
    assert client.post(url(Session, "add"), data).status_code == 302
    session = Session.objects.get()
    assert session.starts_at == datetime.datetime(2008, 9, 18, 2, tzinfo=datetime.UTC)
    page = client.get(url(session, "change", session.pk)).content.decode()
    assert 'type="time" name="starts_at_1" value="09:00"' in page
    assert "Times are those of Asia/Bangkok." in page
    assert "18 September 2008, 09:00" in client.get(url(session, "changelist")).content.decode()


@pytest.mark.parametrize("model", [Category, Delegation, Session, OutgoingMail, StaffRole, Entity])
def test_lists_ask_as_often_for_three_rows_as_for_one(client, mine, organiser, model, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(n):
        category = CategoryFactory(meeting=mine.meeting)
        registration = RegistrationFactory(delegation=DelegationFactory(category=category))
        objects = objects_of(registration)
        assert any(isinstance(o, model) for o in [*objects, registration.delegation.entity])

    add(0)
    client.get(url(model, "changelist"))
    with CaptureQueriesContext(connection) as once:
        client.get(url(model, "changelist"))
    add(1), add(2)
    with django_assert_num_queries(len(once)):
        client.get(url(model, "changelist"))


def test_accounts_are_the_administrators(client, mine):
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(url(User, "changelist")).status_code == 200
    assert client.get(url(User, "add")).status_code == 200
    assert client.get(url(mine.meeting, "change", mine.meeting.pk)).status_code == 200


def test_an_organisation_of_a_draft_is_not_yet_there_to_check(client, mine, organiser):
    for status, name in ((Status.DRAFT, "Begun Only"), (Status.SUBMITTED, "Sent In")):
        entity = EntityFactory(is_checked=False, names={"en": name})
        RegistrationFactory(status=status, delegation=DelegationFactory(category__meeting=mine.meeting, entity=entity))
    listed = client.get(url(Entity, "changelist")).content.decode()
    assert ("Sent In" in listed, "Begun Only" in listed) == (True, False)
