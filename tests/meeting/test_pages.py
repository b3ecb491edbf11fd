"""What everybody may read about a meeting, and what nobody may yet."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from config import errors
from meeting.models import Document, FocusArea, Meeting, Milestone, Objective, Organiser, Theme, Venue
from meeting.views import registration_window
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2008, 9, 8, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def document_of(meeting: Meeting, **fields) -> Document:
    fields = {"title": "Programme", "file": ContentFile(b"%PDF-1.4" + b" " * 21445, name="programme.pdf")} | fields
    return Document.objects.create(meeting=meeting, **fields)


def full_meeting(rows: int) -> Meeting:
    venue = Venue.objects.create(name="United Nations Conference Centre", short_name="UNCC", city="Bangkok")
    meeting = MeetingFactory(venue=venue, rapporteur="Mr. Jaap Doek")
    for n in range(1, rows + 1):
        Organiser.objects.create(meeting=meeting, order=n, name=f"Body {n}")
        Objective.objects.create(meeting=meeting, number=n, text=f"Objective {n}")
        FocusArea.objects.create(meeting=meeting, number=n, text=f"Area {n}")
        Theme.objects.create(meeting=meeting, number=n, title=f"Theme {n}")
        Milestone.objects.create(meeting=meeting, order=n, when=f"200{n}", what=f"Step {n}")
        document_of(meeting, title=f"Document {n}")
    return meeting


def body(response) -> str:
    return response.content.decode()


# The list


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_once_however_many_meetings(client, rows, django_assert_num_queries):
    MeetingFactory.create_batch(rows, venue=Venue.objects.create(name="Hall", city="Suva"))
    with django_assert_num_queries(1):
        page = body(client.get("/"))
    assert page.count('<p class="meetings__when">') == rows


def test_list_parts_upcoming_from_past_and_leaves_out_unpublished(client):
    today = timezone.now().date()
    MeetingFactory(title="Bangkok", starts_on=today - 2 * DAY, ends_on=today - DAY)
    MeetingFactory(title="Suva", starts_on=today, ends_on=today + DAY)
    MeetingFactory(title="Secret", is_published=False)
    page = body(client.get("/"))
    assert page.index('id="upcoming"') < page.index(">Suva<") < page.index('id="past"') < page.index(">Bangkok<")
    assert "Secret" not in page


def test_empty_list_says_what_will_be_there(client):
    assert "No meeting is open to the public yet" in body(client.get("/"))


# The meeting page


@pytest.mark.parametrize("rows", [1, 3])
def test_meeting_page_needs_at_most_ten_queries(client, rows, django_assert_num_queries):
    meeting = full_meeting(rows)
    with django_assert_num_queries(10):
        page = body(client.get(meeting.get_absolute_url()))
    assert page.count(f"/{meeting.slug}/documents/") == rows + 1  # the section in the header, then each of them
    assert "18–19 September 2008</strong>, Thursday and Friday" in page
    assert "United Nations Conference Centre <bdi>(UNCC)</bdi>, Bangkok" in page


def test_second_reader_costs_one_query(client, django_assert_num_queries):
    meeting = full_meeting(3)
    first = client.get(meeting.get_absolute_url())
    with django_assert_num_queries(1):
        assert client.get(meeting.get_absolute_url()).content == first.content


def test_kept_page_follows_an_edit_at_once_and_is_kept_per_language(client):
    meeting = MeetingFactory(title_en="Regional meeting", title_fr="Réunion régionale")
    assert "<h1>Regional meeting" in body(client.get(meeting.get_absolute_url()))
    french = body(client.get(meeting.get_absolute_url(), headers={"accept-language": "fr"}))
    assert '<html lang="fr" dir="ltr">' in french
    assert "<h1>Réunion régionale" in french
    meeting.title_en = "Another meeting"
    meeting.save()
    assert "<h1>Another meeting" in body(client.get(meeting.get_absolute_url()))


def test_unpublishing_takes_effect_at_once(client):
    meeting = MeetingFactory()
    assert client.get(meeting.get_absolute_url()).status_code == 200
    Meeting.objects.filter(pk=meeting.pk).update(is_published=False)
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_invented_queries_are_not_kept(client):
    meeting = MeetingFactory()
    client.get(meeting.get_absolute_url(), {"utm": "1"})
    assert not [key for key in cache._cache if "page-" in key]


def test_language_menu_keeps_the_rest_of_the_address(client):
    meeting = MeetingFactory()
    assert 'href="?lang=fr"' in body(client.get(meeting.get_absolute_url()))
    assert 'href="?utm=1&amp;lang=fr"' in body(client.get(meeting.get_absolute_url(), {"utm": "1"}))


def test_arabic_is_mirrored_and_marks_what_stands_in_english(client):
    meeting = MeetingFactory(introduction_en="Only in English.", lead_en="Why", lead_ar="لماذا")
    page = body(client.get(meeting.get_absolute_url(), headers={"accept-language": "ar"}))
    assert '<html lang="ar" dir="rtl">' in page
    assert '<div class="stack" lang="en" dir="ltr"><p>Only in English.</p></div>' in page
    assert '<p class="lead">لماذا</p>' in page
    assert "18–19 أيلول/سبتمبر 2008" in page


def test_organisers_text_cannot_bring_markup(client):
    meeting = MeetingFactory(introduction_en="<script>alert(1)</script>\n\nSecond & last")
    page = body(client.get(meeting.get_absolute_url()))
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>Second &amp; last</p>" in page


# When one may register


@pytest.mark.parametrize(
    ("opens", "closes", "held", "window"),
    [
        (None, None, False, "ahead"),
        (NOW + DAY, None, False, "ahead"),
        (NOW, None, False, "open"),
        (NOW - DAY, NOW + DAY, True, "open"),
        (NOW - 2 * DAY, NOW, False, "closed"),
        (NOW - 2 * DAY, NOW, True, "held"),
        (None, None, True, "held"),
    ],
)
def test_registration_window(opens, closes, held, window):
    meeting = MeetingFactory.build(
        registration_opens_at=opens, registration_closes_at=closes, registration_held_open=held
    )
    assert registration_window(meeting, NOW) == window


def test_open_meeting_says_when_it_closes_in_its_own_zone(client):
    meeting = MeetingFactory(
        registration_opens_at=NOW - DAY,
        registration_closes_at=datetime.datetime(2008, 9, 12, 10, tzinfo=datetime.UTC),
        registration_held_open=False,
    )
    with time_machine.travel(NOW, tick=False):
        page = body(client.get(meeting.get_absolute_url()))
    assert f'href="/{meeting.slug}/register/">Register</a>' in page
    assert "<strong>Closes 12 September 2008, 17:00</strong><span>in Bangkok<span data-own-time=" in page
    assert 'data-own-time="2008-09-12T10:00:00Z" data-zone="Asia/Bangkok"' in page


def test_closed_meeting_offers_no_registration(client):
    meeting = MeetingFactory(
        registration_opens_at=NOW - 2 * DAY, registration_closes_at=NOW, registration_held_open=False
    )
    page = body(client.get(meeting.get_absolute_url()))
    assert "Registration closed 8 September 2008, 09:12" in page
    assert "/register/?late=on" in page
    assert f'href="/{meeting.slug}/register/"' not in page


# Documents


@pytest.mark.parametrize("rows", [1, 3])
def test_document_list_query_count(client, rows, django_assert_num_queries):
    meeting = MeetingFactory()
    for n in range(rows):
        document_of(meeting, title=f"Document {n}")
    with django_assert_num_queries(5):  # the meeting: has it changed, and its row; the list; the organisers
        page = body(client.get(reverse("meeting:documents", args=[meeting.slug])))
    assert page.count("<small>PDF, English, <bdi>20.95\N{NO-BREAK SPACE}KB</bdi></small>") == rows


def test_document_comes_whole_as_an_attachment(client):
    document = document_of(MeetingFactory())
    response = client.get(document.get_absolute_url())
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="programme')
    assert response.headers["Content-Length"] == "21453"
    assert b"".join(response.streaming_content).startswith(b"%PDF-1.4")


def test_document_is_not_there_when_unpublished_elsewhere_or_lost(client):
    meeting = MeetingFactory()
    hidden, lost = document_of(meeting, is_published=False), document_of(meeting)
    of_hidden_meeting = document_of(MeetingFactory(is_published=False))
    elsewhere = reverse("meeting:document", args=[MeetingFactory().slug, lost.pk])
    lost.file.storage.delete(lost.file.name)
    addresses = [hidden.get_absolute_url(), of_hidden_meeting.get_absolute_url(), elsewhere, lost.get_absolute_url()]
    assert [client.get(address).status_code for address in addresses] == [404] * 4


def test_document_list_leaves_out_unpublished(client):
    meeting = MeetingFactory()
    document_of(meeting, title="Internal", is_published=False)
    page = body(client.get(reverse("meeting:documents", args=[meeting.slug])))
    assert "Internal" not in page
    assert "No document is published yet" in page


# Reading pages

PAGES = ["detail", "documents", "practical", "privacy", "concern", "my_page"]


@pytest.mark.parametrize("name", PAGES)
def test_page_of_unpublished_or_unknown_meeting_is_a_calm_404(client, name):
    for slug in (MeetingFactory(is_published=False, title="Secret").slug, "never-heard-of"):
        response = client.get(reverse(f"meeting:{name}", args=[slug]))
        assert response.status_code == 404
        assert "This page is not here" in body(response)
        assert "Secret" not in body(response)


@pytest.mark.parametrize("name", PAGES)
def test_page_sets_no_cookie_and_takes_no_post(client, name):
    address = reverse(f"meeting:{name}", args=[MeetingFactory().slug])
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert client.post(address).status_code == 405


def test_practical_page_heads_its_sections_and_names_the_contact(client):
    meeting = MeetingFactory(practical_information_en="Visa\nAsk early.\n\nNo heading here.")
    page = body(client.get(reverse("meeting:practical", args=[meeting.slug])))
    assert "<section><h2>Visa</h2><p>Ask early.</p></section><p>No heading here.</p>" in page
    assert '<a href="mailto:secretariat@example.org"><bdi>secretariat@example.org</bdi></a>' in page


def test_concern_goes_to_the_safeguarding_lead_and_else_to_the_secretariat(client):
    meeting = MeetingFactory(safeguarding_email="safe@example.org")
    address = reverse("meeting:concern", args=[meeting.slug])
    assert "mailto:safe@example.org" in body(client.get(address))
    Meeting.objects.filter(pk=meeting.pk).update(safeguarding_email="")
    assert "mailto:secretariat@example.org" in body(client.get(address))


def test_accessibility_statement_belongs_to_no_meeting(client):
    assert "<h1>Accessibility</h1>" in body(client.get("/accessibility/"))


def test_server_error_page_needs_nothing_and_quotes_the_reference():
    request = RequestFactory().get("/")
    request.request_id = "abc123"
    with translation.override("ar"):
        response = errors.server_error(request)
    assert response.status_code == 500
    assert '<html lang="ar" dir="rtl">' in body(response)
    assert '<strong class="mono">abc123</strong>' in body(response)
