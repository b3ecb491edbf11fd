"""The page of papers: what is chosen, what comes back, what is written down."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.models import SeatingStart, Statement
from tests.factories import CategoryFactory, DelegationFactory, SessionFactory, StaffRoleFactory
from tests.registration.handouts import reading

pytestmark = pytest.mark.django_db
LISTS = ("door", "sign-in", "seating", "no-letter", "not-registered", "statements")
PAPERS = [*(f"{name}.{kind}" for name in LISTS for kind in ("pdf", "xlsx")), "nameplates.pdf", "labels.pdf"]
NO_SEATS = [
    {},
    {"language": "xx"},
    {"language": "en", "first": "D-0000000"},
    {"language": "en", "first": "x" * 99},
]


def get(client, meeting, paper, query=""):
    return client.get(reverse("admin:desk:handout", args=[meeting.slug, paper]) + query)


def told(client, meeting):
    return client.get(reverse("admin:desk:handouts", args=[meeting.slug])).content.decode()


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_comes_as_a_file_and_is_written_down(client, meeting, clerk, fiji, plan, paper):
    SessionFactory(meeting=meeting)
    answer = get(client, meeting, paper)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-1.7" if paper.endswith("pdf") else b"PK")
    assert f"-{paper.split('.')[0]}-" in answer["Content-Disposition"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.about) == (AuditEntry.Action.EXPORT, clerk, paper)


@pytest.mark.parametrize("paper", ["door.docx", "door", "nameplates.xlsx", "passwd.pdf", "..pdf", "door.pdf.pdf"])
def test_a_paper_that_there_is_not(client, meeting, clerk, paper):
    assert get(client, meeting, paper).status_code == 404


def test_every_pdf_is_tagged_and_in_the_language_asked_for(client, meeting, clerk, fiji):
    pdf = get(client, meeting, "nameplates.pdf", "?language=fr&languages=fr&languages=zh-hans").content
    assert b"/MarkInfo" in pdf
    assert b"/Lang(fr)" in pdf
    assert {"Fidji", "斐济"} <= set(reading.pages(pdf)[0].split())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?language=xx", "Language: "),
        ("?category=999999", "Category: "),
        ("?category=x", "Category: "),
        ("?delegation=D-0000000", "Of one delegation only: "),
        ("?session=999999", "Sessions: "),
        ("?stock=9x9", "Sheet of labels: "),
        ("?first=0", "Begin with label number: "),
    ],
)
def test_what_there_is_not_cannot_be_chosen_and_is_said(client, meeting, clerk, fiji, query, said):
    answer = get(client, meeting, "door.pdf", query)
    assert answer.status_code == 302
    assert said in client.get(answer.url).content.decode()
    assert not AuditEntry.objects.exists()


def test_a_category_of_another_meeting_is_not_there(client, meeting, clerk, fiji):
    other = CategoryFactory()
    assert get(client, meeting, "door.pdf", f"?category={other.pk}").status_code == 302


def test_without_a_session_there_is_nothing_to_sign(client, meeting, clerk, fiji):
    answer = get(client, meeting, "sign-in.pdf")
    assert answer.status_code == 302
    assert "There is no session to sign in to." in client.get(answer.url).content.decode()


def test_breaks_and_the_childrens_session_have_no_sheet(client, meeting, clerk, fiji):
    for kind in ("break", "registration", "children", "plenary"):
        SessionFactory(meeting=meeting, kind=kind, title=f"Of kind {kind}")
    pages = reading.pages(get(client, meeting, "sign-in.pdf").content)
    assert ["Of kind plenary" in page for page in pages] == [True]


def test_nobody_to_print_for_is_said(client, meeting, clerk):
    answer = get(client, meeting, "nameplates.pdf", "?what=officers")
    assert "There is nobody to print a nameplate for." in client.get(answer.url).content.decode()


def test_the_page_of_an_empty_meeting(client, meeting, clerk):
    assert "No Government is approved yet" in told(client, meeting)


def test_drawing_the_first_seat(client, meeting, clerk, fiji, korea):
    answer = client.post(
        reverse("admin:desk:seat", args=[meeting.slug]), {"language": "en", "by_lot": "1"}, follow=True
    )
    start = SeatingStart.objects.get()
    assert (start.by, start.how, start.delegation in (fiji, korea)) == (clerk, "drawn", True)
    assert "drawn by lot among 2" in answer.content.decode()


@pytest.mark.parametrize("said", NO_SEATS)
def test_a_first_seat_that_there_is_not(client, meeting, clerk, fiji, said):
    answer = client.post(reverse("admin:desk:seat", args=[meeting.slug]), said, follow=True)
    assert answer.status_code == 200
    assert 'class="notice notice--error' in answer.content.decode()
    assert not SeatingStart.objects.exists()


def test_noting_who_has_spoken_once_for_each_item(client, meeting, clerk, fiji):
    address = reverse("admin:desk:statements", args=[meeting.slug])
    said = {"delegation": fiji.reference, "item": "4 (b)"}
    assert client.post(address, said).status_code == 302
    again = client.post(address, said)
    assert (again.status_code, "This is noted already." in again.content.decode()) == (422, True)
    one = Statement.objects.get()
    assert (one.delegation, one.item, one.by) == (fiji, "4 (b)", clerk)
    client.post(reverse("admin:desk:statement_remove", args=[meeting.slug, one.pk]))
    assert not Statement.objects.exists()


@pytest.mark.parametrize("said", [{}, {"delegation": "D-0000000"}, {"delegation": "theirs"}, {"item": "x" * 21}])
def test_a_statement_of_nobody_or_of_somebody_elses_meeting(client, meeting, clerk, fiji, said):
    if said.get("delegation") == "theirs":
        said = {"delegation": DelegationFactory().reference}
    answer = client.post(reverse("admin:desk:statements", args=[meeting.slug]), said)
    assert (answer.status_code, 'class="err"' in answer.content.decode()) == (422, True)


def test_a_statement_of_another_meeting_is_not_removed(client, meeting, clerk):
    theirs = DelegationFactory()
    one = Statement.objects.create(meeting=theirs.meeting, delegation=theirs, by=clerk)
    client.post(reverse("admin:desk:statement_remove", args=[meeting.slug, one.pk]))
    assert Statement.objects.filter(pk=one.pk).exists()


def test_auditors_take_no_papers(client, meeting, fiji):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    assert get(client, meeting, "door.pdf").status_code == 403
