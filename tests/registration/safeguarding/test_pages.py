"""The file from both sides: those who send it, and the safeguarding lead. Nobody else."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration.focal.access import SESSION_KEY
from registration.models import ChildConsent, ChildRecord, FocalPoint, Registration, Status
from registration.safeguarding import filing, gate, intake
from registration.safeguarding.discretion import no_case_details
from tests.factories import PDF, DelegationFactory, StaffRoleFactory, UserFactory

from .conftest import BORN, CONTACT, GUARDIAN, LEGAL_NAME, chaperone_for, fill, give, pdf, row_of, typed

pytestmark = pytest.mark.django_db


def look_after(client, user):
    session = client.session
    session[SESSION_KEY] = user.pk
    session.save()
    return client


def sender(page, record, **kwargs):
    row = record.registration
    return reverse(f"roster:{page}", args=[row.meeting.slug, row.delegation.reference, row.reference])


def desk(page, record, *more):
    return reverse(f"admin:desk:{page}", args=[record.registration.meeting.slug, record.registration.reference, *more])


def about(**changed):
    return {"legal_name": LEGAL_NAME, "birth_date": BORN.isoformat(), "guardian_name": GUARDIAN, **changed}


# Those who send


def test_a_focal_point_opens_a_sealed_file_and_the_name_reaches_no_row(client, delegation, for_children, focal):
    look_after(client, focal)
    address = reverse("roster:children", args=["ours", delegation.reference])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"legal_name": LEGAL_NAME, "birth_date": BORN})
    record = ChildRecord.objects.get()
    assert answer.url == sender("child", record)
    assert record.legal_name == LEGAL_NAME
    page = client.get(answer.url).content.decode()
    assert row_of(record).display_name in page
    assert "Quillabamba" not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"legal_name": "", "birth_date": BORN}, "Write the name as it stands in the passport"),
        ({"legal_name": "…", "birth_date": BORN}, "Write the name with letters"),
        ({"legal_name": LEGAL_NAME, "birth_date": ""}, "Write the date of birth"),
        ({"legal_name": LEGAL_NAME, "birth_date": "yesterday"}, "Write the date as a day"),
        ({"legal_name": LEGAL_NAME, "birth_date": "1980-01-01"}, "18 or over at the meeting"),
        ({"legal_name": LEGAL_NAME, "birth_date": "2999-01-01"}, "Look at the year"),
        ({"legal_name": LEGAL_NAME, "birth_date": "0012-03-04"}, "Look at the year"),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_kept_nowhere(client, delegation, for_children, focal, said, sentence):
    address = reverse("roster:children", args=["ours", delegation.reference])
    answer = look_after(client, focal).post(address, said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Registration.objects.exists()


def test_without_the_category_the_page_says_whom_to_ask(client, delegation, focal):
    address = reverse("roster:children", args=["ours", delegation.reference])
    answer = look_after(client, focal).post(address, {"legal_name": LEGAL_NAME, "birth_date": BORN})
    assert "Ask the organisers to add it" in answer.content.decode()
    assert not Registration.objects.exists()


def test_the_whole_way_of_a_file(client, record, focal, lead):
    look_after(client, focal)
    adult = chaperone_for(record)
    said = about(guardian_contact=CONTACT, languages="Quechua", chaperones=[adult.pk], photo_child="on")
    assert client.post(sender("child_about", record), said).url == sender("child", record)
    for kind in ChildConsent.Kind.values:
        paper = {"kind": kind, "given_on": "2008-08-01", "file": pdf()}
        assert client.post(sender("child_paper", record), paper).url == sender("child", record)
    assert "the file is whole" in client.get(sender("child", record)).content.decode()
    client.post(sender("child_move", record), {"move": "send"})
    assert row_of(record).status == Status.SUBMITTED
    client.force_login(lead)
    page = client.get(desk("child", record)).content.decode()
    assert LEGAL_NAME in page
    assert GUARDIAN in page
    client.post(desk("child_decide", record), {"move": "clear"})
    assert row_of(record).status == Status.APPROVED


def test_senders_see_that_a_paper_is_given_and_cannot_read_it(client, record, focal):
    give(record, "travel", focal)
    look_after(client, focal)
    page = client.get(sender("child", record)).content.decode()
    assert "Given, 1 August 2008" in page
    assert LEGAL_NAME not in page  # the name of the file says it
    paper = ChildConsent.objects.get()
    assert client.get(desk("child_paper", record, paper.pk)).status_code == 302  # to the sign-in of staff


def test_a_paper_replaced_is_one_paper(client, record, focal):
    look_after(client, focal)
    for day in ("2008-08-01", "2008-08-02"):
        client.post(sender("child_paper", record), {"kind": "travel", "given_on": day, "file": pdf()})
    assert ChildConsent.objects.get().given_on == datetime.date(2008, 8, 2)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"given_on": ""}, "Write the date that stands on the paper"),
        ({"given_on": "2999-01-01"}, "This day has not come yet"),
        ({"file": ""}, "Choose the signed paper"),
    ],
)
def test_a_bad_paper_is_told_beside_its_kind(client, record, focal, changed, sentence):
    look_after(client, focal)
    paper = {"kind": "travel", "given_on": "2008-08-01", "file": pdf(), **changed}
    answer = client.post(sender("child_paper", record), paper)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page[page.index('id="paper-travel"') : page.index('id="paper-endorsed"')]
    assert not ChildConsent.objects.exists()


def test_a_paper_of_no_known_kind_is_not_kept(client, record, focal):
    look_after(client, focal)
    paper = {"kind": "portrait", "given_on": "2008-08-01", "file": pdf()}
    assert client.post(sender("child_paper", record), paper).status_code == 422
    assert client.post(sender("child_paper", record), {"kind": "portrait", "move": "withdraw"}).status_code == 302
    assert not ChildConsent.objects.exists()


def test_the_child_withdraws_on_the_page_and_nobody_asks_why(client, whole, focal):
    look_after(client, focal)
    client.post(sender("child_move", whole), {"move": "leave"})
    assert row_of(whole).status == Status.WITHDRAWN
    page = client.get(sender("child", whole)).content.decode()
    assert "reason" not in page.lower()


def test_a_date_of_18_or_over_brings_the_row_back(client, record, focal, delegation):
    look_after(client, focal)
    answer = client.post(sender("child_about", record), about(birth_date="1980-03-04"))
    assert answer.url == reverse("roster:workspace", args=["ours", delegation.reference])
    assert Registration.objects.get().display_name == LEGAL_NAME


def test_what_the_lead_has_compared_stays(client, whole, focal, lead):
    gate.clear(whole.pk, by=lead)
    look_after(client, focal)
    chaperones = list(whole.chaperones.values_list("pk", flat=True))
    said = about(legal_name="Somebody Else", guardian_contact=CONTACT, chaperones=chaperones)
    client.post(sender("child_about", whole), said)
    assert ChildRecord.objects.get().legal_name == LEGAL_NAME
    assert row_of(whole).status == Status.APPROVED


def test_taking_the_guardian_out_of_a_cleared_file_takes_the_clearing(client, whole, focal, lead):
    gate.clear(whole.pk, by=lead)
    chaperones = list(whole.chaperones.values_list("pk", flat=True))
    look_after(client, focal).post(sender("child_about", whole), about(guardian_name="", chaperones=chaperones))
    assert row_of(whole).status == Status.SUBMITTED


def test_a_chaperone_of_somebody_else_cannot_be_chosen(client, record, focal, meeting):
    stranger = chaperone_for(record, delegation=DelegationFactory(category=record.came_from.category))
    answer = look_after(client, focal).post(sender("child_about", record), about(chaperones=[stranger.pk]))
    assert answer.status_code == 422
    assert not record.chaperones.exists()


@pytest.mark.parametrize("page", ["child", "child_about"])
def test_the_focal_point_of_another_delegation_finds_nothing(client, record, page):
    other = DelegationFactory(category=record.came_from.category)
    stranger = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=other, user=stranger)
    look_after(client, stranger)
    assert client.get(sender(page, record)).status_code == 404
    theirs = reverse(f"roster:{page}", args=["ours", other.reference, record.registration.reference])
    assert client.get(theirs).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, record):
    assert client.get(sender("child", record)).status_code == 302


def test_an_organiser_who_opens_rosters_does_not_open_files(client, record, organiser):
    client.force_login(organiser)
    for page in ("child", "child_about"):
        assert client.get(sender(page, record)).status_code == 403
    for page in ("child_paper", "child_move"):
        assert client.post(sender(page, record), {"move": "leave"}).status_code == 403


# The safeguarding lead


def test_the_list_has_aliases_and_no_name(client, whole, lead):
    client.force_login(lead)
    page = client.get(reverse("admin:desk:safeguarding", args=["ours"])).content.decode()
    assert whole.registration.display_name in page
    assert "Quillabamba" not in page


def test_each_opening_is_written_down_without_the_name(client, whole, lead):
    client.force_login(lead)
    client.get(desk("child", whole))
    paper = whole.consents.get(kind="travel")
    response = client.get(desk("child_paper", whole, paper.pk))
    assert response.content == PDF + LEGAL_NAME.encode()
    assert LEGAL_NAME not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")
    read = AuditEntry.objects.filter(action=AuditEntry.Action.READ_CHILD).order_by("pk")
    assert [(r.by, r.about, r.detail["what"]) for r in read] == [
        (lead, whole.registration.reference, "file"),
        (lead, whole.registration.reference, "paper"),
    ]


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SAFEGUARDING])
def test_no_other_role_opens_a_file_or_sees_the_way_there(client, whole, meeting, role):
    client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
    paper = whole.consents.get(kind="travel")
    assert client.get(reverse("admin:desk:safeguarding", args=["ours"])).status_code == 403
    assert client.get(desk("child", whole)).status_code == 403
    assert client.get(desk("child_paper", whole, paper.pk)).status_code == 403
    assert client.post(desk("child_decide", whole), {"move": "clear"}).status_code == 403
    assert reverse("admin:desk:safeguarding", args=["ours"]) not in client.get("/admin/").content.decode()
    assert not AuditEntry.objects.filter(action=AuditEntry.Action.READ_CHILD).exists()


def test_the_lead_of_another_meeting_finds_nothing(client, whole):
    client.force_login(StaffRoleFactory(role=Role.SAFEGUARDING).user)
    assert client.get(desk("child", whole)).status_code == 404


def test_the_bar_leads_the_lead_there(client, whole, lead, organiser, meeting):
    way = reverse("admin:desk:safeguarding", args=["ours"])
    client.force_login(organiser)
    assert way not in client.get(reverse("admin:desk:queue", args=["ours"])).content.decode()
    StaffRoleFactory(user=organiser, meeting=meeting, role=Role.SAFEGUARDING)
    assert way in client.get(reverse("admin:desk:queue", args=["ours"])).content.decode()


def test_whoever_has_only_this_role_begins_there(client, whole, lead):
    client.force_login(lead)
    assert client.get(reverse("admin:desk:start")).url == reverse("admin:desk:safeguarding", args=["ours"])


def test_the_lead_asks_and_refuses_with_a_word(client, whole, lead):
    client.force_login(lead)
    for move in ("ask", "refuse"):
        assert client.post(desk("child_decide", whole), {"move": move, "reason": ""}).status_code == 422
    assert row_of(whole).status == Status.SUBMITTED
    client.post(desk("child_decide", whole), {"move": "ask", "reason": "A clearer scan, please."})
    assert row_of(whole).status == Status.RETURNED


def test_a_file_that_is_not_whole_has_no_button_and_no_way_round_it(client, record, focal, lead):
    filing.send(record.pk, by=focal)
    client.force_login(lead)
    assert 'value="clear"' not in client.get(desk("child", record)).content.decode()
    answer = client.post(desk("child_decide", record), {"move": "clear"})
    assert answer.status_code == 422
    assert "Not given" in answer.content.decode()


@pytest.mark.parametrize("files", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_files(
    client, delegation, for_children, focal, lead, files, django_assert_num_queries
):
    for _ in range(files):
        record = intake.take_in(typed(delegation), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
        fill(record, focal)
    client.force_login(lead)
    with django_assert_num_queries(7):
        client.get(reverse("admin:desk:safeguarding", args=["ours"]))


# Words


@pytest.mark.parametrize(
    "text",
    [
        "She is a survivor of trafficking",
        "victim, see report",
        "Elle est victime",
        "sobreviviente",
        "пострадавшая",
        "她是受害者",
        "ضحية",
    ],
)
def test_what_happened_to_a_child_is_written_nowhere(client, whole, lead, focal, text):
    client.force_login(lead)
    answer = client.post(desk("child_decide", whole), {"move": "refuse", "reason": text})
    assert answer.status_code == 422
    assert "nobody here may know" in answer.content.decode()
    look_after(client, focal)
    answer = client.post(sender("child_about", whole), about(guardian_contact=text))
    assert "nobody here may know" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["The scan of page 2 cannot be read.", "Violeta can be called in the evening.", "+51 84"]
)
def test_ordinary_words_pass(text):
    no_case_details(text)


def test_the_fields_in_which_one_could_write_it_say_not_to(client, whole, lead, focal):
    client.force_login(lead)
    assert "Please do not write what happened" in client.get(desk("child", whole)).content.decode()
    look_after(client, focal)
    assert "Please do not write what happened" in client.get(sender("child_about", whole)).content.decode()


def test_clocks_are_right(whole):
    assert whole.created_at <= timezone.now()
