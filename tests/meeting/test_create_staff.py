import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from meeting.models import Role, StaffRole, User
from tests.factories import MeetingFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"^Password.*: (\S{16,})$", re.MULTILINE)


@pytest.fixture
def meeting():
    return MeetingFactory(slug="eap-2008")


def create_staff(email: str, *, meeting: str = "eap-2008", role: str = "organiser", **options) -> str:
    said = StringIO()
    call_command("create_staff", email, meeting=meeting, role=role, stdout=said, stderr=said, **options)
    return said.getvalue()


def test_a_new_member_of_staff_gets_a_role_and_a_password_that_works(meeting):
    said = create_staff("ana@example.org", name="Ana Tuʻipeatau")
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff, user.is_superuser) == (
        "ana@example.org",
        "Ana Tuʻipeatau",
        True,
        False,
    )
    assert list(StaffRole.objects.values_list("user", "meeting", "role")) == [(user.pk, meeting.pk, Role.ORGANISER)]
    assert user.check_password(PASSWORD.search(said).group(1))


def test_two_new_members_get_different_passwords(meeting):
    passwords = {PASSWORD.search(create_staff(f"{n}@example.org")).group(1) for n in range(2)}
    assert len(passwords) == 2


def test_again_changes_nothing_and_shows_no_password(meeting):
    create_staff("ana@example.org", name="Ana")
    before = User.objects.values().get()
    said = create_staff("ana@example.org")
    assert said == "ana@example.org was already Organiser of eap-2008.\n"
    assert User.objects.values().get() == before
    assert StaffRole.objects.count() == 1


def test_an_existing_user_keeps_password_and_name_and_gains_the_role(meeting):
    user = UserFactory(email="Ana@example.org", name="Ana", is_staff=False)
    user.set_password("kept as it was")
    user.save()
    said = create_staff("ana@EXAMPLE.org", role="lists")
    user.refresh_from_db()
    assert User.objects.count() == 1
    assert (user.is_staff, user.name, user.check_password("kept as it was")) == (True, "Ana", True)
    assert list(user.staff_roles.values_list("role", flat=True)) == ["lists"]
    assert PASSWORD.search(said) is None


def test_a_switched_off_account_stays_off_and_says_so(meeting):
    UserFactory(email="ana@example.org", is_active=False)
    said = create_staff("ana@example.org")
    assert User.objects.get().is_active is False
    assert "This account is switched off" in said


def test_an_unknown_meeting_is_refused_with_those_that_exist(meeting):
    MeetingFactory(slug="apec-2009")
    with pytest.raises(CommandError) as refusal:
        create_staff("ana@example.org", meeting="eap-2009")
    assert str(refusal.value) == "There is no meeting “eap-2009”. There are: apec-2009, eap-2008."
    assert User.objects.count() == 0


def test_an_unknown_role_is_refused_with_those_that_exist(meeting):
    with pytest.raises(CommandError) as refusal:
        create_staff("ana@example.org", role="boss")
    assert str(refusal.value) == (
        "There is no role “boss”. Roles are: "
        "organiser, reviewer, programme, desk, visa, safeguarding, lists, rapporteur, auditor."
    )
    assert User.objects.count() == 0


def test_what_is_no_email_address_is_refused(meeting):
    with pytest.raises(CommandError, match="“ana” is not an email address"):
        create_staff("ana")
    assert User.objects.count() == 0
