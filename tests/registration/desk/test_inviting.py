"""Inviting at the desk: one, or a list; looked at first, then sent."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from meeting.models import Role
from registration.focal import invitations, people
from registration.models import Delegation, DelegationEvent, Invitation, MailedKey, OutgoingMail
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="ours")


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


@pytest.fixture
def states(meeting):
    return CategoryFactory(meeting=meeting, code="A", order=1, name="Member States", kinds=["state"])


@pytest.fixture
def others(meeting):
    return CategoryFactory(meeting=meeting, code="B", order=2, name="Organizations", kinds=["ngo"])


@pytest.fixture
def fiji(states):
    return EntityFactory(code="fji", iso3="FJI", kind="state", names={"en": "Fiji", "fr": "Fidji", "ar": "فيجي"})


@pytest.fixture
def tonga(states):
    return EntityFactory(code="ton", iso3="TON", kind="state", names={"en": "Tonga"})


@pytest.fixture
def network(others):
    return EntityFactory(code="crn", acronym="CRN", kind="ngo", names={"en": "Children’s Rights Network"})


def at(name, *more):
    return reverse(f"admin:desk:{name}", args=["ours", *more])


def look(client, text, **more):
    return client.post(at("invite_many"), {"text": text, "language": "en", **more})


def send(client, response, **over):
    context = response.context
    asked = {"text": context["text"], "language": "en", "note": context["words"]["note"]}
    return client.post(at("invite_send"), asked | {"expected": len(context["good"])} | over, follow=True)


LIST = """entity\temail\tlanguage\tcategory\tseats
Fidji\tmission@fiji.example\tfrançais\t\t10
TON\tmission@tonga.example\t\tA\t
crn\toffice@crn.example\tالعربية\tOrganizations\t2
"""


def test_a_list_is_looked_at_and_then_sent(client, organiser, fiji, tonga, network, others):
    response = look(client, LIST, note="Bula")
    assert [guest.errors for guest in response.context["guests"]] == [{}, {}, {}]
    said = response.content.decode()
    assert "Send 3 invitations" in said
    assert "the link of this entity" in response.context["example"]["text"]
    assert not Delegation.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert "3 invitations are on their way" in send(client, response).content.decode()
    assert list(Delegation.objects.order_by("pk").values_list("entity__code", "category__code", "quota")) == [
        ("fji", "A", 10),
        ("ton", "A", None),
        ("crn", "B", 2),
    ]
    mails = OutgoingMail.objects.order_by("pk").values_list("to", "language", "kind")
    assert [(to, language) for to, language, kind in mails] == [
        ("mission@fiji.example", "fr"),
        ("mission@tonga.example", "en"),
        ("office@crn.example", "ar"),
    ]
    assert all("Bula" in mail.text for mail in OutgoingMail.objects.all())
    assert {event.by for event in DelegationEvent.objects.all()} == {organiser}


BAD = """entity;email;language;category;seats
Atlantis;mission@fiji.example;;;
Fiji;nonsense;Klingon;Nobility;many
Fiji;mission@fiji.example;;;
FJI;second@fiji.example;;;
;a@b.example;;;
Tonga;mission@tonga.example;;;-1
"""


def test_every_error_of_every_row_stands_beside_it(client, organiser, fiji, tonga):
    response = look(client, BAD)
    found = [sorted(guest.errors) for guest in response.context["guests"]]
    assert found == [["entity"], ["category", "email", "language", "seats"], [], ["entity"], ["entity"], ["seats"]]
    said = response.content.decode()
    assert "We know nobody of this name" in said
    assert "The same as row" in said
    assert "Send 1, leave out the others" in said
    assert not Delegation.objects.exists()
    send(client, response)
    assert list(Invitation.objects.values_list("email", flat=True)) == ["mission@fiji.example"]


def test_a_workbook(client, organiser, fiji, tonga):
    book = Workbook()
    book.active.append(["Pays", "Courriel", "Langue", "Sièges"])
    book.active.append(["Fidji", "mission@fiji.example", "Français", 5])
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("guests.xlsx", stream.getvalue())
    response = client.post(at("invite_many"), {"file": file, "language": "en"})
    [guest] = response.context["guests"]
    assert (guest.errors, guest.delegation.entity, guest.language, guest.seats) == ({}, fiji, "fr", 5)
    send(client, response)
    assert Invitation.objects.get().delegation.quota == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a spreadsheet, or paste"),
        ("one\ttwo\nFiji\ta@b.example", "Write headings"),
        ("entity\temail\n", "no row below"),
        ("entity\temail\n" + "Fiji\ta@b.example\n" * 301, "at most"),
    ],
)
def test_what_is_no_list_is_said(client, organiser, fiji, text, words):
    assert words in look(client, text).content.decode()


def test_a_file_that_is_something_else_is_refused(client, organiser):
    file = SimpleUploadedFile("guests.xlsx", b"%PDF-1.4 not a workbook")
    response = client.post(at("invite_many"), {"file": file, "language": "en"})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_what_changed_meanwhile_is_looked_at_again(client, organiser, fiji, tonga):
    response = look(client, "entity\temail\nFiji\tf@f.example\nTonga\tt@t.example")
    invitations.invite(
        DelegationFactory(category=fiji_category(), entity=fiji), email="x@f.example", language="en", by=organiser
    )
    again = send(client, response)
    assert "nothing was sent" in again.content.decode()
    assert "is invited already" in again.content.decode()
    assert Invitation.objects.count() == 1


def fiji_category():
    from registration.models import Category

    return Category.objects.get(code="A")


def test_the_seats_of_a_delegation_that_is_there_are_not_changed_by_the_way(client, organiser, fiji, states):
    DelegationFactory(category=states, entity=fiji, quota=4)
    [guest] = look(client, "entity\temail\tseats\nFiji\tf@f.example\t9").context["guests"]
    assert "seats" in guest.errors
    [guest] = look(client, "entity\temail\tseats\nFiji\tf@f.example\t4").context["guests"]
    assert not guest.errors


def test_inviting_one_by_any_name(client, organiser, fiji, states):
    assert client.get(at("invite")).status_code == 200
    asked = {"entity": "فيجي", "email": "m@f.example", "language": "fr", "seats": "3", "note": "Bula"}
    response = client.post(at("invite"), asked)
    assert "Send 1 invitation" in response.content.decode()
    assert response.context["example"]["to"] == "m@f.example"
    send(client, response)
    invitation = Invitation.objects.get()
    assert (invitation.delegation.entity, invitation.language, invitation.note, invitation.delegation.quota) == (
        fiji,
        "fr",
        "Bula",
        3,
    )


def test_inviting_one_with_errors_keeps_what_was_typed(client, organiser, fiji):
    response = client.post(at("invite"), {"entity": "Atlantis", "email": "nonsense", "language": "en"})
    assert response.status_code == 422
    said = response.content.decode()
    assert 'value="Atlantis"' in said
    assert "Write the whole address" in said


def test_a_chosen_category_of_another_meeting_is_refused(client, organiser, fiji):
    foreign = CategoryFactory()
    asked = {"entity": "Fiji", "email": "m@f.example", "language": "en", "category": foreign.pk}
    assert "category" in client.post(at("invite"), asked).context["form"].errors


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_invite_at_once_invite_once(fiji, states):
    start, answers = threading.Barrier(3), []

    def invite():
        delegation = Delegation(meeting=states.meeting, category=states, entity=fiji, name="Fiji", sort_key="f")
        by = UserFactory()
        start.wait()
        try:
            answers.append(invitations.invite(delegation, email="m@f.example", language="en", by=by).pk)
        except invitations.Refused as refusal:
            answers.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=invite) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert [a for a in answers if isinstance(a, str)] == [
        "Fiji is invited already. Send that invitation again instead."
    ] * 2
    assert OutgoingMail.objects.count() == 1


# What becomes of invitations


def test_the_page_of_a_delegation_shows_focal_points_and_invitation(client, organiser, states, meeting):
    delegation = DelegationFactory(category=states)
    page = reverse("admin:desk:delegation", args=[meeting.slug, delegation.reference])
    assert "Nobody looks after this delegation yet" in client.get(page).content.decode()
    invitation = invitations.invite(delegation, email="m@f.example", language="en", by=organiser)
    people.name_focal_point(delegation, email="l@f.example", name="Litia", by=organiser, as_organiser=True)
    said = client.get(page).content.decode()
    for words in ("Litia", "l@f.example", "m@f.example", at("invitation_again", invitation.pk)):
        assert words in said
    again = client.post(at("invitation_again", invitation.pk), {"from": "delegation"})
    assert again.headers["Location"] == page


def test_send_again_and_withdraw(client, organiser, states):
    invitation = invitations.invite(
        DelegationFactory(category=states), email="m@f.example", language="en", by=organiser
    )
    key = MailedKey.objects.issue(invitation=invitation)
    assert "on its way again" in client.post(at("invitation_again", invitation.pk), follow=True).content.decode()
    assert OutgoingMail.objects.count() == 2
    client.post(at("invitation_withdraw", invitation.pk))
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert not MailedKey.objects.opening(key).exists()
    assert "Invite anew" in client.post(at("invitation_again", invitation.pk), follow=True).content.decode()
    assert [e.detail.get("what") for e in DelegationEvent.objects.all()] == [None, "again", "withdrawn"]
    assert client.get(at("invitation_withdraw", invitation.pk)).status_code == 405


def test_an_invitation_of_another_meeting_is_not_there(client, organiser, meeting):
    invitation = invitations.invite(DelegationFactory(), email="m@f.example", language="en", by=UserFactory())
    for name in ("invitation_again", "invitation_withdraw"):
        assert client.post(at(name, invitation.pk)).status_code == 404
    assert "m@f.example" not in client.get(at("invitations")).content.decode()


def test_the_list_by_state(client, organiser, states):
    sent, gone = (
        invitations.invite(DelegationFactory(category=states), email=f"{n}@f.example", language="en", by=organiser)
        for n in "ab"
    )
    invitations.decline(gone.pk)
    tabs = client.get(at("invitations")).context["tabs"]
    assert [(t["label"], t["count"]) for t in tabs] == [("All", 2), ("Invited", 1), ("Does not come", 1)]
    declined = client.get(at("invitations"), {"state": "declined"})
    assert [row.pk for row in declined.context["rows"]] == [gone.pk]
    for nonsense in ({"state": "x"}, {"after": "x"}, {"after": "9" * 30}):
        assert client.get(at("invitations"), nonsense).status_code == 200
    older = client.get(at("invitations"), {"after": gone.pk})
    assert [row.pk for row in older.context["rows"]] == [sent.pk]


def test_the_list_costs_the_same_for_many(client, organiser, states):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("invitations")).status_code == 200
        return len(queries)

    def invite():
        invitations.invite(DelegationFactory(category=states), email="m@f.example", language="en", by=organiser)

    invite()
    one = count()
    invite()
    invite()
    assert count() == one
