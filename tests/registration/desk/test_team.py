"""Colleagues and their roles: who sees the table, what a tick does, what is refused, written down and mailed."""

import datetime
import threading

import pytest
from django.db import connection
from django.db.models import RestrictedError
from django.urls import reverse

from meeting.models import AuditEntry, Meeting, Role, StaffRole, User
from registration.models import FocalPoint, OutgoingMail, ReviewedCategory, review_limits
from registration.team import granting, powers
from registration.team.granting import NotGranted, Roles
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(slug="ours")


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


@pytest.fixture
def ana(meeting):
    """A reviewer, with a password."""
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Ana Lemisio").user
    user.set_password("kava bowl lali drum")
    user.save()
    return user


def address(name, meeting, *more):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *more])


def page(client, meeting):
    response = client.get(address("team", meeting))
    assert response.status_code == 200
    return response.content.decode()


def save(client, meeting, user, *roles, seen=None, **more):
    held = sorted(user.staff_roles.filter(meeting=meeting).values_list("role", flat=True))
    data = {"role": roles, "seen": ",".join(held if seen is None else seen), "limits": "all", **more}
    return client.post(address("team_save", meeting, user.pk), data)


def add(client, meeting, email="siri@example.org", name="Siri Phan", roles=(Role.LISTS,), **more):
    return client.post(address("team_add", meeting), {"email": email, "name": name, "role": roles, **more})


def roles_of(user, meeting):
    return set(user.staff_roles.filter(meeting=meeting).values_list("role", flat=True))


def told(client, meeting):
    return [str(m) for m in client.get(address("team", meeting)).context["messages"]]


def last_entry():
    return AuditEntry.objects.filter(action=AuditEntry.Action.ROLE).latest("pk")


# The table


def test_the_table_has_everybody_and_all_nine_roles(client, meeting, organiser, ana):
    StaffRoleFactory(user__name="Somebody Else")  # at another meeting
    text = page(client, meeting)
    assert ana.email in text and organiser.email in text and "Somebody Else" not in text
    assert all(f'id="role-{role.value}"' in text for role in Role)
    assert f'id="tick-{ana.pk}-reviewer" aria-label="Reviewer, Ana Lemisio" checked' in text


def test_an_auditor_looks_and_has_no_buttons(client, meeting, ana):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    text = page(client, meeting)
    assert ana.email in text and '<input type="checkbox"' not in text and "team/add" not in text


def test_each_role_says_what_it_opens_from_the_rules():
    opens = {each.role: [str(text) for text in each.opens] for each in powers.legend()}
    assert set(opens) == set(Role)
    assert opens[Role.SAFEGUARDING] == ["Opens the sealed files of people under 18, and decides on them"]
    assert opens[Role.VISA] == ["Opens no screen yet"]
    assert "Reads letters" in opens[Role.REVIEWER] and "Exports lists" not in opens[Role.REVIEWER]
    assert not any("sealed" in text for text in opens[Role.ORGANISER])


@pytest.mark.parametrize("n", [1, 3])
def test_query_count(client, meeting, organiser, n, django_assert_num_queries):
    for role in StaffRoleFactory.create_batch(n, meeting=meeting, role=Role.REVIEWER):
        ReviewedCategory.objects.create(staff_role=role, category=CategoryFactory(meeting=meeting))
    with django_assert_num_queries(9):
        page(client, meeting)


# Giving and taking


def test_a_tick_gives_and_a_tick_taken_away_takes(client, meeting, organiser, ana):
    assert save(client, meeting, ana, Role.LISTS, Role.DESK).status_code == 302
    assert roles_of(ana, meeting) == {Role.LISTS, Role.DESK}
    assert told(client, meeting) == ["Ana Lemisio: + Desk, + Lists, − Reviewer."]
    entry = last_entry()
    assert (entry.meeting, entry.by, entry.about) == (meeting, organiser, ana.email)
    assert entry.detail == {"reviewer": [True, False], "desk": [False, True], "lists": [False, True]}


def test_only_what_was_changed_on_the_page_is_changed(client, meeting, organiser, ana):
    StaffRoleFactory(user=ana, meeting=meeting, role=Role.DESK)  # by a colleague, after the page was opened
    save(client, meeting, ana, Role.REVIEWER, Role.VISA, seen=["reviewer"])
    assert roles_of(ana, meeting) == {Role.REVIEWER, Role.DESK, Role.VISA}


def test_nothing_changed_is_no_history(client, meeting, organiser, ana):
    save(client, meeting, ana, Role.REVIEWER)
    assert told(client, meeting) == ["Nothing was changed for Ana Lemisio."]
    assert not AuditEntry.objects.exists()


def test_a_reviewer_is_limited_and_freed(client, meeting, organiser, ana):
    state, ngo = CategoryFactory(meeting=meeting, name="States"), CategoryFactory(meeting=meeting, name="NGOs")
    save(client, meeting, ana, Role.REVIEWER, limits="some", category=[state.pk])
    assert review_limits(User.objects.get(pk=ana.pk)) == {meeting.pk: {state.pk}}
    assert told(client, meeting) == ["Ana Lemisio: Reviews only States."]
    assert last_entry().detail == {"categories": [[], [state.code]]}
    save(client, meeting, ana, Role.REVIEWER, limits="some", category=[state.pk, ngo.pk], limits_seen=str(state.pk))
    assert ReviewedCategory.objects.count() == 2
    save(client, meeting, ana, Role.REVIEWER, limits="all", limits_seen=f"{state.pk},{ngo.pk}")
    assert review_limits(User.objects.get(pk=ana.pk)) == {}


def test_some_categories_means_at_least_one(client, meeting, organiser, ana):
    response = save(client, meeting, ana, Role.REVIEWER, limits="some")
    assert response.status_code == 422
    CategoryFactory(meeting=meeting)
    response = save(client, meeting, ana, Role.REVIEWER, Role.DESK, limits="some")
    text = response.content.decode()
    assert "Tick at least one category for the reviewer, or choose all." in text
    assert f'id="tick-{ana.pk}-desk" aria-label="Desk, Ana Lemisio" checked' in text  # what was ticked is kept
    assert roles_of(ana, meeting) == {Role.REVIEWER}


@pytest.mark.parametrize("role", [Role.LISTS, Role.AUDITOR, Role.ORGANISER])
def test_a_limit_beside_a_role_that_reads_everything_is_refused(client, meeting, organiser, ana, role):
    category = CategoryFactory(meeting=meeting)
    save(client, meeting, ana, Role.REVIEWER, role, limits="some", category=[category.pk])
    assert "means all categories" in told(client, meeting)[0]
    assert roles_of(ana, meeting) == {Role.REVIEWER} and not ReviewedCategory.objects.exists()


def test_a_category_with_a_limited_reviewer_is_not_deleted(meeting, ana):
    """Without its last category the reviewer would see them all."""
    category = CategoryFactory(meeting=meeting)
    ReviewedCategory.objects.create(staff_role=ana.staff_roles.get(), category=category)
    with pytest.raises(RestrictedError, match="restricted"):
        category.delete()


# Hostile and mistaken posts


@pytest.mark.parametrize("role", ["superuser", "", "Organiser"])
def test_a_role_that_there_is_not_is_refused(client, meeting, organiser, ana, role):
    assert save(client, meeting, ana, Role.REVIEWER, role).status_code == 422
    assert roles_of(ana, meeting) == {Role.REVIEWER}


def test_a_category_of_another_meeting_is_refused(client, meeting, organiser, ana):
    foreign = CategoryFactory()
    assert save(client, meeting, ana, Role.REVIEWER, limits="some", category=[foreign.pk]).status_code == 422
    assert not ReviewedCategory.objects.exists()


@pytest.mark.parametrize("name", ["team_save", "team_remove", "team_invite"])
def test_somebody_without_a_role_here_is_nobody_here(client, meeting, organiser, name):
    stranger = StaffRoleFactory().user  # at another meeting
    assert client.post(address(name, meeting, stranger.pk), {"role": ["organiser"]}).status_code == 404
    assert not stranger.staff_roles.filter(meeting=meeting).exists()


def test_nobody_gives_roles_at_a_meeting_they_do_not_organise(client, organiser, ana):
    theirs = MeetingFactory()
    StaffRoleFactory(user=organiser, meeting=theirs, role=Role.REVIEWER)
    assert add(client, theirs, email=ana.email).status_code == 403
    assert add(client, MeetingFactory(), email=ana.email).status_code == 404
    assert not ana.staff_roles.exclude(role=Role.REVIEWER).exists()


def test_nobody_becomes_an_administrator(client, meeting, organiser, ana):
    more = {"is_superuser": "on", "is_staff": "on", "user_id": ana.pk, "meeting_id": MeetingFactory().pk}
    save(client, meeting, ana, Role.REVIEWER, Role.ORGANISER, **more)
    ana.refresh_from_db()
    assert not ana.is_superuser and ana.staff_roles.values("meeting").distinct().count() == 1


def test_an_administrator_keeps_what_they_are(client, meeting, organiser):
    root = User.objects.create_superuser("root@example.org", name="Root")
    StaffRoleFactory(user=root, meeting=meeting, role=Role.DESK)
    client.post(address("team_remove", meeting, root.pk))
    root.refresh_from_db()
    assert root.is_superuser and root.is_staff and not root.staff_roles.exists()


# Adding


def test_an_unknown_address_becomes_an_account_without_a_password(client, meeting, organiser):
    assert add(client, meeting).status_code == 302
    user = User.objects.get(email="siri@example.org")
    assert (user.name, user.is_staff, user.has_usable_password()) == ("Siri Phan", True, False)
    mail = OutgoingMail.objects.get(to="siri@example.org")
    assert (mail.kind, mail.focal_user) == ("staff_invitation", user)
    assert "[[private link]]" in mail.text and "Your roles: Lists" in mail.text and organiser.name in mail.text


def test_the_answer_does_not_tell_who_has_an_account(client, meeting, organiser):
    UserFactory(email="old@example.org")
    answers = []
    for email in ("old@example.org", "new@example.org"):
        add(client, meeting, email=email)
        answers.append(told(client, meeting)[0].replace(email, "…"))
    assert answers[0] == answers[1] == "… is a colleague here now, and is told by mail how to come in."


def test_somebody_with_a_password_signs_in_as_always(client, meeting, organiser, ana):
    elsewhere = MeetingFactory()
    StaffRoleFactory(user=organiser, meeting=elsewhere)
    add(client, elsewhere, email=ana.email.upper(), name="Another Name")
    ana.refresh_from_db()
    assert ana.name == "Ana Lemisio" and roles_of(ana, elsewhere) == {Role.LISTS}
    mail = OutgoingMail.objects.get(to=ana.email)
    assert mail.kind == "role_given" and "[[" not in mail.text and "/admin/desk/" in mail.text


def test_adding_takes_nothing_away(client, meeting, organiser, ana):
    category = CategoryFactory(meeting=meeting)
    ReviewedCategory.objects.create(staff_role=ana.staff_roles.get(), category=category)
    add(client, meeting, email=ana.email, roles=[Role.DESK])
    assert roles_of(ana, meeting) == {Role.REVIEWER, Role.DESK} and ReviewedCategory.objects.count() == 1


def test_a_closed_account_gets_no_role(client, meeting, organiser):
    UserFactory(email="gone@example.org", is_active=False)
    response = add(client, meeting, email="gone@example.org")
    assert response.status_code == 422
    assert "Ask the administrator" in response.content.decode()
    assert not StaffRole.objects.filter(user__email="gone@example.org").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"email": ""}, "Write the email address of your colleague."),
        ({"name": ""}, "Write the name of your colleague."),
        ({"roles": ()}, "Tick at least one role."),
        ({"roles": (Role.REVIEWER,), "limits": "some"}, "Tick at least one category"),
    ],
)
def test_what_is_missing_is_said(client, meeting, organiser, data, said):
    CategoryFactory(meeting=meeting)
    response = add(client, meeting, **data)
    assert response.status_code == 422 and said in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_focal_point_becomes_staff_and_stays_focal_point(client, meeting, organiser):
    focal = UserFactory(email="focal@example.org", is_staff=False)
    FocalPoint.objects.create(delegation=DelegationFactory(), user=focal)
    add(client, meeting, email="focal@example.org")
    focal.refresh_from_db()
    assert focal.is_staff and FocalPoint.objects.active().filter(user=focal).exists()


def test_the_link_is_sent_again_but_not_twice_in_a_minute(client, meeting, organiser):
    add(client, meeting)
    user = User.objects.get(email="siri@example.org")
    assert "Has no password yet" in page(client, meeting)
    for _again in range(2):
        assert client.post(address("team_invite", meeting, user.pk)).status_code == 302
    assert OutgoingMail.objects.filter(to=user.email).count() == 1
    OutgoingMail.objects.filter(to=user.email).update(key="earlier")
    client.post(address("team_invite", meeting, user.pk))
    assert OutgoingMail.objects.filter(to=user.email).count() == 2


# Children's files


def test_nobody_becomes_safeguarding_lead_in_silence(client, meeting, organiser, ana):
    meeting.safeguarding_email = "care@example.org"
    meeting.save()
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    save(client, meeting, ana, Role.REVIEWER, Role.SAFEGUARDING)
    mails = OutgoingMail.objects.filter(kind="role_given")
    assert set(mails.values_list("to", flat=True)) == {"care@example.org", lead.email}
    assert all(ana.email in mail.text and organiser.name in mail.text for mail in mails)


def test_the_first_lead_is_told_of_to_all_organisers(client, meeting, organiser):
    other = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    add(client, meeting, roles=[Role.SAFEGUARDING])
    mails = OutgoingMail.objects.filter(kind="role_given")
    assert set(mails.values_list("to", flat=True)) == {organiser.email, other.email}


def test_the_last_lead_is_not_taken_away_in_silence(client, meeting, organiser):
    other = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    leads = [StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING, user__name=f"Lead {n}").user for n in range(2)]
    mails = OutgoingMail.objects.filter(kind="role_given")
    for lead in leads:
        assert not mails.exists()  # while there is another one, nothing is missing
        save(client, meeting, lead, seen=["safeguarding"])
    mail = mails.get()
    assert (mail.to, mail.subject) == (other.email, f"No safeguarding lead any more ({meeting.short_title})")
    for body in (mail.text, mail.html):
        assert "Lead 1" in body and organiser.name in body and "/team/" in body
    assert "[[" not in mail.text and "You have a role" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("old@example.org", "new@example.org", {"old@example.org", "new@example.org"}),
        ("old@example.org", "", {"old@example.org"}),
        ("", "new@example.org", {"new@example.org"}),
        ("old@example.org", "old@example.org", set()),
    ],
)
def test_the_mailbox_is_not_changed_in_silence(client, meeting, organiser, was, now, told):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    Meeting.objects.update(safeguarding_email=was)
    url = reverse("admin:meeting_meeting_change", args=[meeting.pk])
    page = client.get(url)
    forms = [
        page.context["adminform"].form,
        *(fs.formset.management_form for fs in page.context["inline_admin_formsets"]),
    ]
    data = {f.add_prefix(name): f[name].value() for f in forms for name in f.fields if f[name].value() is not None}
    answer = client.post(url, data | {"safeguarding_email": now})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    mails = OutgoingMail.objects.filter(kind="role_given")
    assert set(mails.values_list("to", flat=True)) == (told | {lead.email} if told else set())
    for mail in mails:
        assert mail.subject == f"Another address for safeguarding ({meeting.short_title})"
        for body in (mail.text, mail.html):
            assert organiser.name in body and all(address in body for address in (was, now))


# Removing


def test_who_is_removed_loses_roles_and_what_waited_for_them(client, meeting, organiser, ana):
    theirs = RegistrationFactory(delegation__category__meeting=meeting, assigned_to=ana)
    elsewhere = StaffRoleFactory(user=ana)
    asked = client.get(address("team_remove", meeting, ana.pk)).content.decode()
    assert "1 registration assigned to them belongs to nobody then." in asked and "Reviewer" in asked
    assert client.post(address("team_remove", meeting, ana.pk)).status_code == 302
    theirs.refresh_from_db()
    assert theirs.assigned_to is None and theirs.events.get().action == "assigned"
    ana.refresh_from_db()
    assert list(ana.staff_roles.all()) == [elsewhere] and ana.is_staff
    assert "belongs to nobody now" in told(client, meeting)[0]


def test_with_the_last_role_the_way_into_the_admin_closes(client, meeting, organiser, ana):
    client.post(address("team_remove", meeting, ana.pk))
    ana.refresh_from_db()
    assert not ana.is_staff and ana.is_active
    client.force_login(ana)
    assert client.get(address("queue", meeting)).status_code == 403


def test_a_limit_hands_back_what_lies_outside_it(client, meeting, organiser, ana):
    inside, outside = (
        RegistrationFactory(delegation__category__meeting=meeting, assigned_to=ana) for _each in range(2)
    )
    kept = inside.delegation.category_id
    save(client, meeting, ana, Role.REVIEWER, limits="some", category=[kept])
    inside.refresh_from_db(), outside.refresh_from_db()
    assert (inside.assigned_to, outside.assigned_to) == (ana, None)


# The last organiser, and oneself


def test_the_last_organiser_stays(client, meeting, organiser):
    client.post(address("team_remove", meeting, organiser.pk))
    assert told(client, meeting) == ["A meeting needs an organiser. Give this role to somebody else first."]
    save(client, meeting, organiser, Role.LISTS, sure="1")
    assert roles_of(organiser, meeting) == {Role.ORGANISER}


def test_a_closed_account_does_not_count_as_organiser(client, meeting, organiser):
    StaffRoleFactory(meeting=meeting, role=Role.ORGANISER, user__is_active=False)
    client.post(address("team_remove", meeting, organiser.pk))
    assert roles_of(organiser, meeting) == {Role.ORGANISER}


def test_whoever_stops_organising_is_asked_first(client, meeting, organiser):
    StaffRoleFactory(meeting=meeting, role=Role.ORGANISER)
    asked = save(client, meeting, organiser, Role.LISTS)
    assert asked.status_code == 200 and roles_of(organiser, meeting) == {Role.ORGANISER}
    text = asked.content.decode()
    assert "Stop organising this meeting?" in text and '<input type="hidden" name="role" value="lists">' in text
    answer = save(client, meeting, organiser, Role.LISTS, sure="1")
    assert answer["Location"] == reverse("admin:desk:start") and roles_of(organiser, meeting) == {Role.LISTS}


def test_whoever_removes_themselves_leaves_the_admin(client, meeting, organiser):
    StaffRoleFactory(meeting=meeting, role=Role.ORGANISER)
    answer = client.post(address("team_remove", meeting, organiser.pk))
    assert answer["Location"] == reverse("meeting:list")


def test_only_who_still_organises_changes_anything(meeting, organiser, ana):
    StaffRoleFactory(meeting=meeting, role=Role.ORGANISER)
    StaffRole.objects.filter(user=organiser).delete()
    with pytest.raises(NotGranted):
        granting.change(ana, meeting, seen=Roles(), wanted=Roles(frozenset({"lists"})), by=organiser)


# Two at once


def together(*acts):
    """Each in a thread of its own, at the same moment; what each raised."""
    gate, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(10)
            act()
        except NotGranted as refusal:
            raised.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_who_remove_each_other_one_stays(meeting):
    one, two = (StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user for _each in range(2))
    refused = together(
        lambda: granting.remove(two, meeting, by=one),
        lambda: granting.remove(one, meeting, by=two),
    )
    assert len(refused) == 1
    assert StaffRole.objects.filter(meeting=meeting, role=Role.ORGANISER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_change_the_same_person_both_count(meeting, ana):
    one, two = (StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user for _each in range(2))
    seen = Roles(frozenset({"reviewer"}))
    together(
        lambda: granting.change(ana, meeting, seen=seen, wanted=Roles(frozenset({"reviewer", "desk"})), by=one),
        lambda: granting.change(ana, meeting, seen=seen, wanted=Roles(frozenset({"lists"})), by=two),
    )
    assert roles_of(ana, meeting) == {Role.DESK, Role.LISTS}
    assert AuditEntry.objects.filter(action="role").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_new_colleague_added_by_two_is_one_account(meeting):
    one, two = (StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user for _each in range(2))
    for_each = [(one, "visa"), (two, "lists")]
    together(
        *(
            lambda by=by, role=role: granting.add("siri@example.org", "Siri", meeting, Roles(frozenset({role})), by=by)
            for by, role in for_each
        )
    )
    assert roles_of(User.objects.get(email="siri@example.org"), meeting) == {"visa", "lists"}
    assert OutgoingMail.objects.filter(to="siri@example.org").count() == 1


# One way to do it


def test_the_stock_admin_leads_to_the_table(client, meeting, organiser, ana):
    role = ana.staff_roles.get()
    listed = client.get(reverse("admin:meeting_staffrole_changelist")).content.decode()
    assert address("team", meeting) in listed
    answer = client.get(reverse("admin:meeting_staffrole_change", args=[role.pk]))
    assert answer["Location"] == address("team", meeting)
    assert client.post(reverse("admin:meeting_staffrole_delete", args=[role.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:meeting_staffrole_add")).status_code == 403


def test_day_of_the_mail_is_told_in_words(meeting, organiser, client):
    """The invitation works for as long as it says."""
    from meeting.account.links import LIFETIMES

    assert LIFETIMES["staff_invitation"] == datetime.timedelta(days=3)


def test_who_takes_the_role_from_the_lead_first_is_not_lead_unseen(meeting, organiser):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    granting.remove(lead, meeting, by=organiser)
    held = Roles(frozenset({Role.ORGANISER}))
    wanted = Roles(frozenset({Role.ORGANISER, Role.SAFEGUARDING}))
    granting.change(organiser, meeting, seen=held, wanted=wanted, by=organiser)
    assert OutgoingMail.objects.filter(kind="role_given", to=lead.email).exists()
