"""Every act is written: what is read and exported says whom it concerns; what is set up, what it was before."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Meeting, Role, User
from registration.history import kinds
from registration.models import (
    CannedReason,
    Category,
    DelegationEvent,
    OutgoingMail,
    RegistrationEvent,
)
from tests.factories import (
    ChildPaperFactory,
    FileAnswerFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return RegistrationFactory()


@pytest.fixture
def organiser(client, person):
    user = StaffRoleFactory(meeting=person.meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def written():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "subject"))


def admin_url(record, page):
    args = [record.pk] if page != "add" else []
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize(
    ("kinds_of", "actions"),
    [
        (kinds.OF_PERSONS, RegistrationEvent.Action),
        (kinds.OF_DELEGATIONS, DelegationEvent.Action),
        (kinds.OF_STAFF, AuditEntry.Action),
    ],
)
def test_every_action_is_of_one_kind(kinds_of, actions):
    """Who asks for each kind in turn finds every line once."""
    found = [action for group in kinds_of.values() for action in group]
    assert sorted(found) == sorted(actions.values)


# Private files


@pytest.mark.parametrize("of_delegation", [True, False])
def test_a_letter_read_concerns_whose_it_is(client, person, organiser, settings, of_delegation):
    owner = {"registration": None, "delegation": person.delegation} if of_delegation else {"registration": person}
    letter = LetterFactory(meeting=person.meeting, **owner)
    b"".join(client.get(reverse("admin:desk:letter", args=[person.meeting.slug, letter.pk])).streaming_content)
    assert written() == [("read_letter", (person.delegation if of_delegation else person).reference)]


def test_so_does_the_file_of_an_answer(client, person, organiser):
    answer = FileAnswerFactory(registration=person)
    b"".join(client.get(reverse("admin:desk:answer", args=[person.meeting.slug, answer.pk])).streaming_content)
    assert written() == [("read_answer", person.reference)]


def test_so_do_a_sealed_record_and_its_papers(client):
    paper = ChildPaperFactory()
    child = paper.record.registration
    client.force_login(StaffRoleFactory(meeting=child.meeting, role=Role.SAFEGUARDING).user)
    client.get(reverse("admin:desk:child", args=[child.meeting.slug, child.reference]))
    client.get(reverse("admin:desk:child_paper", args=[child.meeting.slug, child.reference, paper.pk]))
    assert written() == [("read_child", child.reference)] * 2


def test_a_message_looked_at_in_the_outbox_is_written_down(client, person, organiser):
    mail = OutgoingMail.objects.create(
        key="k", meeting=person.meeting, registration=person, kind="submitted", to="a@b.org", language="en",
        subject="s", text="t", html="<p>h</p>",
    )  # fmt: skip
    client.get(admin_url(mail, "change"))
    client.get(reverse("admin:registration_outgoingmail_html", args=[mail.pk]))
    assert written() == [("read_mail", person.reference)] * 2


# Setup


def form_of(client, record):
    """What a browser would send of the page of this record."""
    page = client.get(admin_url(record, "change"))
    data = {}
    for formset in page.context["inline_admin_formsets"]:
        for each in formset.formset.management_form:
            data[each.html_name] = each.value()
    for bound in page.context["adminform"].form:
        value = bound.value()
        if value is not None and value is not False:
            data[bound.html_name] = value
    return data


def test_a_change_of_setup_says_which_field_from_what_to_what(client, person, organiser):
    category = person.delegation.category
    data = form_of(client, category) | {"name_en": "Observers", "badge_colour": "green"}
    data.pop("is_open")
    assert client.post(admin_url(category, "change"), data).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.meeting, entry.by) == ("setup", person.meeting, organiser)
    assert entry.detail["name_en"][1] == "Observers"
    assert entry.detail["badge_colour"] == ["white", "green"]
    assert entry.detail["is_open"] == ["True", "False"]
    assert set(entry.detail) == {"what", "name_en", "badge_colour", "is_open"}


def test_saving_without_a_change_writes_nothing(client, person, organiser):
    category = person.delegation.category
    assert client.post(admin_url(category, "change"), form_of(client, category)).status_code == 302
    assert not AuditEntry.objects.exists()


def test_other_seats_are_written_by_the_workflow_alone(client, person, organiser):
    category = person.delegation.category
    data = form_of(client, category) | {"quota": "7", "reason": "A smaller room"}
    assert client.post(admin_url(category, "change"), data).status_code == 302
    assert [(e.action, e.detail["now"]) for e in AuditEntry.objects.all()] == [("quota", 7)]


def test_long_texts_are_cut_and_additions_and_deletions_written(client, person, organiser):
    add = reverse("admin:registration_cannedreason_add")
    data = {
        "meeting": person.meeting.pk,
        "use": "reject",
        "order": 1,
        "name_en": "Late",
        "name": "Late",
        "text_en": "x" * 900,
    }
    assert client.post(add, data).status_code == 302
    made = CannedReason.objects.get()
    assert client.post(admin_url(made, "delete"), {"post": "yes"}).status_code == 302
    added, deleted = AuditEntry.objects.order_by("pk")
    assert added.detail["text_en"] == ["", "x" * 199 + "…"]
    assert (added.detail["what"], deleted.detail) == ("added", {"what": "deleted"})
    assert "Late" in deleted.about


def test_rows_under_a_form_count_too(client, person, organiser):
    meeting = person.meeting
    data = form_of(client, meeting)
    prefix = next(name for name in data if "objective" in name and name.endswith("TOTAL_FORMS")).removesuffix(
        "-TOTAL_FORMS"
    )
    data |= {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-number": 1,
        f"{prefix}-0-text_en": "Protect",
        f"{prefix}-0-meeting": meeting.pk,
    }
    for name in [name for name in data if name.startswith(("starts_on", "ends_on"))]:
        data[name] = str(data[name])
    response = client.post(admin_url(meeting, "change"), data)
    assert response.status_code == 302, response.context["errors"]
    [entry] = AuditEntry.objects.all()
    assert ["", "Protect"] in entry.detail.values()


def test_a_password_is_never_written_down(client, person):
    root = User.objects.create_superuser("root@example.org")
    client.force_login(root)
    someone = StaffRoleFactory(meeting=person.meeting).user
    url = reverse("admin:auth_user_password_change", args=[someone.pk])
    client.post(url, {"password1": "Tuesday-1408", "password2": "Tuesday-1408", "usable_password": "true"})
    data = {"email": someone.email, "name": "Another Name", "is_staff": "on", "is_active": "on"}
    client.post(admin_url(someone, "change"), data)
    entries = AuditEntry.objects.filter(action="account", by=root)
    assert entries.count() == 2
    assert "Tuesday" not in str(list(entries.values())) and "Another Name" in str(list(entries.values()))


def test_a_meeting_that_nobody_used_can_go(client):
    client.force_login(User.objects.create_superuser("root@example.org"))
    meeting = MeetingFactory()
    assert client.post(admin_url(meeting, "delete"), {"post": "yes"}).status_code == 302
    assert not Meeting.objects.filter(pk=meeting.pk).exists()
    assert AuditEntry.objects.get().meeting is None


def test_a_category_with_people_stays(client, person, organiser):
    category = person.delegation.category
    assert client.post(admin_url(category, "delete"), {"post": "yes"}).status_code == 200
    assert Category.objects.filter(pk=category.pk).exists()
    assert not AuditEntry.objects.exists()
