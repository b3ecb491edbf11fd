"""The list of participants at the desk and on the public pages."""

import io
import re

import docx as reader
import pytest
from django.core.cache import cache
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.models import ListVersion, Officer, ParticipantsSetup, Status
from registration.versions import publishing
from registration.versions.making import make
from tests.factories import MeetingFactory, RegistrationFactory, StaffRoleFactory
from tests.registration.participants.making import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def ana(fiji):
    return person(fiji, "Ana", "Silva")


@pytest.fixture
def kept(meeting, ana, organiser):
    return make(meeting, "provisional", ["en", "fr"], by=organiser)


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


def to(name, meeting, **parts):
    return reverse(f"admin:desk:{name}", kwargs={"slug": meeting.slug, **parts})


def public(meeting, name="participants", **parts):
    return reverse(f"registration:{name}", kwargs={"slug": meeting.slug, **parts})


def lines(response) -> list[str]:
    """Of a DOCX."""
    return [p.text for p in reader.Document(io.BytesIO(response.content)).paragraphs]


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_a_version_is_made_on_the_page(desk, meeting, ana, organiser):
    sent = {"kind": "provisional", "languages": ["ar", "en"], "on": "2008-09-18", "note": "To look at"}
    page = desk.post(to("participants_make", meeting), sent, follow=True)
    version = ListVersion.objects.get()
    assert (version.languages, version.note, version.made_by) == (["ar", "en"], "To look at", organiser)
    assert "Provisional is kept, with 1 people" in page.content.decode()
    assert to("participants_file", meeting, token=version.token, language="ar", suffix="docx") in page.content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"languages": []}, "Choose at least one language."),
        ({"on": "tomorrow"}, "Write the day like 2008-09-18."),
        ({"kind": "final"}, ""),
        ({"kind": "rev"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(desk, meeting, ana, change, says):
    sent = {"kind": "provisional", "languages": ["en"], "on": "2008-09-18", "note": "Typed long", **change}
    answer = desk.post(to("participants_make", meeting), sent)
    if not says:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Typed long" in answer.content.decode()
    assert not ListVersion.objects.exists()


def test_nobody_yet_is_said(desk, meeting, members):
    sent = {"kind": "provisional", "languages": ["en"], "on": "2008-09-18"}
    answer = desk.post(to("participants_make", meeting), sent)
    assert answer.status_code == 422
    assert "Nobody would stand in it" in answer.content.decode()


def test_a_profile_with_a_fault_is_said_and_nothing_is_printed(desk, meeting, ana):
    ParticipantsSetup.objects.update(profile="gone")
    page = desk.get(to("participants", meeting)).content.decode()
    assert "There is no profile" in page
    assert desk.get(to("participants_draft", meeting, language="en")).status_code == 404


@pytest.mark.parametrize("suffix", ["docx", "pdf", "html", "xlsx", "json"])
def test_files_of_a_version_are_those_of_its_day_and_stand_in_the_history(desk, meeting, kept, ana, organiser, suffix):
    address = to("participants_file", meeting, token=kept.token, language="fr", suffix=suffix)
    before = desk.get(address).content
    type(ana).objects.update(display_name="Somebody Else")
    assert desk.get(address).content == before
    entry = AuditEntry.objects.filter(action=AuditEntry.Action.EXPORT).latest("pk")
    assert entry.by == organiser
    assert {"format": suffix, "language": "fr", "count": 1}.items() <= entry.detail.items()


def test_the_draft_is_of_now_and_says_so(desk, meeting, kept, ana):
    type(ana).objects.update(display_name="Somebody Else")
    page = desk.get(to("participants_draft", meeting, language="en")).content.decode()
    assert "Somebody Else" in page
    assert "Draft, not for distribution." in page


def test_a_version_of_another_meeting_is_not_there(client, kept):
    elsewhere = MeetingFactory()
    client.force_login(StaffRoleFactory(meeting=elsewhere, role=Role.ORGANISER).user)
    for name, more in (("participants_version", {"language": "en"}), ("participants_publish", {})):
        assert client.get(to(name, elsewhere, token=kept.token, **more)).status_code == 404
    assert client.get(to("participants_compare", elsewhere) + f"?before={kept.token}").status_code == 404


def test_comparing_with_now(desk, meeting, kept, ana):
    page = f"{to('participants_compare', meeting)}?before={kept.token}&after=now&language=en"
    assert "They say the same, line by line." in desk.get(page).content.decode()
    type(ana).objects.update(functional_title="Minister")
    text = desk.get(page).content.decode()
    assert re.search(r"<del>[^<]*Director[^<]*</del>.*<ins>[^<]*Minister[^<]*</ins>", text, re.DOTALL)


def test_how_it_is_printed_is_kept_with_officers_in_their_order(desk, meeting, ana, fiji):
    mere = person(fiji, "Mere", "Tora")
    sent = {
        "profile": "who", "basis": "accredited", "symbol": "A/1", "distribution": "", "corrections_until": "",
        "officer-0-office": "Chair", "officer-0-reference": mere.reference.lower(),
        "officer-1-office": "", "officer-1-reference": "",
        "officer-2-office": "Rapporteur", "officer-2-reference": ana.reference,
    }  # fmt: skip
    assert desk.post(to("participants_setup", meeting), sent).status_code == 302
    setup = ParticipantsSetup.objects.get(meeting=meeting)
    assert (setup.profile, setup.basis, setup.symbol, setup.two_columns) == ("who", "accredited", "A/1", False)
    assert [(o.office, o.registration) for o in Officer.objects.filter(meeting=meeting)] == [
        ("Chair", mere), ("Rapporteur", ana),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("officer", "says"),
    [
        (("Chair", "EAP-00000"), "Nobody here has the reference EAP-00000"),
        (("Chair", ""), "Say both the office and who holds it."),
        (("", "EAP-00000"), "Say both the office and who holds it."),
    ],
)
def test_an_officer_who_is_nobody_is_said(desk, meeting, ana, officer, says):
    sent = {"basis": "approved", "officer-0-office": officer[0], "officer-0-reference": officer[1]}
    answer = desk.post(to("participants_setup", meeting), sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_an_officer_of_another_meeting_is_nobody_here(desk, meeting, ana):
    other = RegistrationFactory(status=Status.APPROVED)
    sent = {"basis": "approved", "officer-0-office": "Chair", "officer-0-reference": other.reference}
    assert desk.post(to("participants_setup", meeting), sent).status_code == 422


def test_list_staff_make_versions_and_only_organisers_publish(client, meeting, kept):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.LISTS).user)
    assert client.get(to("participants", meeting)).status_code == 200
    for name in ("participants_publish", "participants_unpublish"):
        assert client.post(to(name, meeting, token=kept.token)).status_code == 403
    assert publishing.published(meeting) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_of_the_page(desk, meeting, ana, organiser, rows, django_assert_num_queries):
    for _ in range(rows):
        make(meeting, "provisional", ["en"], by=organiser)
    desk.get(to("participants", meeting))
    with django_assert_num_queries(26):
        desk.get(to("participants", meeting))


# --- The public page --------------------------------------------------------------------------------------------------


def test_before_anything_is_published_there_is_no_page_and_no_link(client, meeting, kept):
    assert client.get(public(meeting)).status_code == 404
    assert public(meeting) not in client.get(reverse("meeting:documents", args=[meeting.slug])).content.decode()


def test_publishing_shows_first_what_everybody_will_read(desk, meeting, kept, ngo):
    page = desk.get(to("participants_publish", meeting, token=kept.token)).content.decode()
    assert "1 name can be read by everybody" in page
    assert "Ana Silva" in page
    assert publishing.published(meeting) is None
    desk.post(to("participants_publish", meeting, token=kept.token))
    assert publishing.published(meeting) == kept


def test_everybody_reads_it_in_the_languages_there_are(client, meeting, kept, organiser):
    publishing.publish(kept, by=organiser)
    page = client.get(public(meeting))
    assert "Ana Silva" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert "FIDJI" in client.get(public(meeting, "participants_in", language="fr")).content.decode()
    assert client.get(public(meeting, "participants_in", language="ru")).status_code == 404
    assert public(meeting) in client.get(reverse("meeting:documents", args=[meeting.slug])).content.decode()


@pytest.mark.parametrize("suffix", ["docx", "pdf", "xlsx"])
def test_documents_are_those_of_the_public(client, meeting, fiji, organiser, suffix):
    person(fiji, "Ana", "Silva")
    mere = person(fiji, "Mere", "Tora")
    publishing.publish(make(meeting, "provisional", ["en"], by=organiser), by=organiser)
    address = public(meeting, "participants_file", language="en", suffix=suffix)
    first = client.get(address)
    assert first.content == client.get(address).content
    type(mere).objects.filter(pk=mere.pk).update(status=Status.WITHDRAWN)
    second = client.get(address)
    assert second.content != first.content
    if suffix == "docx":
        assert any("Mere Tora" in line for line in lines(first))
        assert not any("Mere Tora" in line for line in lines(second))
        assert any("Ana Silva" in line for line in lines(second))


@pytest.mark.parametrize("suffix", ["json", "html", "exe"])
def test_other_formats_are_not_public(client, meeting, kept, organiser, suffix):
    publishing.publish(kept, by=organiser)
    assert client.get(public(meeting, "participants_file", language="en", suffix=suffix)).status_code == 404


def test_what_was_taken_off_is_gone_at_once(desk, meeting, kept, organiser):
    publishing.publish(kept, by=organiser)
    desk.post(to("participants_unpublish", meeting, token=kept.token))
    assert desk.get(public(meeting)).status_code == 404
    assert desk.get(public(meeting, "participants_file", language="en", suffix="pdf")).status_code == 404
