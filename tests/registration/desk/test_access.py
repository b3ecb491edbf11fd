"""Roles are per meeting: who sees which screen of whose desk."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.models import RegistrationEvent, Status
from tests.factories import LetterFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db

READ = ["queue", "people", "registration"]
EXPORT = ["export", "exports"]


@pytest.fixture
def here():
    return RegistrationFactory(family_name="Keovilay")


@pytest.fixture
def letter_here(here):
    return LetterFactory(registration=here)


def url_of(name, registration, letter=None):
    args = [registration.meeting.slug]
    if name in ("registration", "decide"):
        args.append(registration.reference)
    if name == "letter":
        args.append(letter.pk)
    return reverse(f"admin:desk:{name}", args=args)


def staff_of(meeting, *roles):
    user = UserFactory()
    for role in roles:
        StaffRoleFactory(user=user, meeting=meeting, role=role)
    return user


ALLOWED = {
    Role.ORGANISER: {"read", "decide", "letter", "export"},
    Role.REVIEWER: {"read", "decide", "letter"},
    Role.LISTS: {"read", "export"},
    Role.AUDITOR: {"read"},
    Role.PROGRAMME: set(),
    Role.DESK: set(),
    Role.VISA: set(),
    Role.SAFEGUARDING: set(),
    Role.RAPPORTEUR: set(),
}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_what_it_may_and_nothing_else(client, here, letter_here, role):
    client.force_login(staff_of(here.meeting, role))
    may = ALLOWED[Role(role)]

    def status(name, method="get", data=None):
        return getattr(client, method)(url_of(name, here, letter_here), data or {}).status_code

    assert {name: status(name) for name in READ} == dict.fromkeys(READ, 200 if "read" in may else 403)
    assert status("letter") == (200 if "letter" in may else 403)
    assert status("export") == (200 if "export" in may else 403)
    selection = {"move": "approve", "selected": here.reference}
    assert status("selected", "post", selection) == (200 if "decide" in may else 403)
    assert status("confirmed", "post", selection | {"move": "x"}) == (302 if "decide" in may else 403)
    assert status("decide", "post", {"move": "x"}) == (422 if "decide" in may else 403)


@pytest.mark.parametrize("name", [*READ, *EXPORT, "letter"])
def test_another_meetings_desk_does_not_exist(client, here, letter_here, name):
    client.force_login(staff_of(MeetingFactory(), Role.ORGANISER, Role.LISTS))
    assert client.get(url_of(name, here, letter_here)).status_code == 404


@pytest.mark.parametrize("name", ["selected", "confirmed", "decide"])
def test_another_meetings_registration_cannot_be_decided(client, here, name):
    own = RegistrationFactory()
    client.force_login(staff_of(own.meeting, Role.ORGANISER))
    data = {"move": "approve", "selected": here.reference, "seen": "submitted"}
    assert client.post(url_of(name, here), data).status_code == 404
    # Nor through the door of one's own meeting.
    through_own = {"selected": "selected", "confirmed": "confirmed"}.get(name)
    if through_own:
        client.post(url_of(through_own, own), data)
    else:
        address = reverse("admin:desk:decide", args=[own.meeting.slug, here.reference])
        assert client.post(address, data).status_code == 404
    here.refresh_from_db()
    assert here.status == Status.SUBMITTED
    assert not RegistrationEvent.objects.filter(registration=here).exists()


def test_a_letter_of_another_meeting_is_not_served_through_ones_own(client, letter_here):
    own = MeetingFactory()
    client.force_login(staff_of(own, Role.ORGANISER))
    assert client.get(reverse("admin:desk:letter", args=[own.slug, letter_here.pk])).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", [*READ, *EXPORT, "letter"])
def test_visitors_are_asked_to_sign_in(client, here, letter_here, name):
    url = url_of(name, here, letter_here)
    response = client.get(url)
    assert response.status_code == 302
    assert response.url == f"{reverse('admin:login')}?next={url}"


@pytest.mark.parametrize("name", [*READ, *EXPORT, "letter"])
def test_a_role_without_the_admin_opens_nothing(client, here, letter_here, name):
    user = staff_of(here.meeting, Role.ORGANISER)
    user.is_staff = False
    user.save()
    client.force_login(user)
    assert client.get(url_of(name, here, letter_here)).status_code == 403


def test_drafts_are_nobodys_business(client):
    draft = RegistrationFactory(status=Status.DRAFT, family_name="Unsent")
    letter = LetterFactory(registration=draft)
    client.force_login(staff_of(draft.meeting, Role.ORGANISER))
    assert client.get(url_of("registration", draft)).status_code == 404
    assert client.get(url_of("letter", draft, letter)).status_code == 404
    for name in ("queue", "people"):
        assert "Unsent" not in client.get(url_of(name, draft)).content.decode()


def test_auditors_see_no_contact_details_and_no_letter(client, here, letter_here):
    here.phone = "+66 2 288 1234"
    here.save()
    client.force_login(staff_of(here.meeting, Role.AUDITOR))
    page = client.get(url_of("registration", here)).content.decode()
    assert "Keovilay" in page
    assert here.email not in page
    assert "+66 2 288 1234" not in page
    assert letter_here.original_name not in page


def test_start_goes_to_the_only_queue(client, here):
    client.force_login(staff_of(here.meeting, Role.REVIEWER))
    response = client.get(reverse("admin:desk:start"))
    assert response.status_code == 302
    assert response.url == url_of("queue", here)


def test_start_offers_several_meetings_and_only_ones_own(client):
    first, second, foreign = MeetingFactory(), MeetingFactory(), MeetingFactory(short_title="Foreign meeting")
    user = staff_of(first, Role.REVIEWER)
    StaffRoleFactory(user=user, meeting=second, role=Role.LISTS)
    client.force_login(user)
    response = client.get(reverse("admin:desk:start"))
    assert [m.pk for m in response.context["meetings"]] == [first.pk, second.pk]
    assert foreign.short_title not in response.content.decode()


def test_start_is_calm_without_any_role(client, here):
    client.force_login(UserFactory())
    response = client.get(reverse("admin:desk:start"))
    assert response.status_code == 200
    assert "There is no queue for you here yet." in response.content.decode()
    assert here.meeting.short_title not in response.content.decode()


def test_signing_in_leads_to_the_queue(client, here):
    user = staff_of(here.meeting, Role.REVIEWER)
    user.set_password("a long enough password")
    user.save()
    login = f"{reverse('admin:login')}?next={reverse('admin:index')}"
    response = client.post(login, {"username": user.email, "password": "a long enough password"}, follow=True)
    assert response.redirect_chain == [(reverse("admin:desk:start"), 302), (url_of("queue", here), 302)]
