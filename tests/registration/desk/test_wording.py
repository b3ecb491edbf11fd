"""The words of a meeting's messages: who changes them, what is refused and kept, versions, what waits for a reader."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration import texts
from registration.models import HeldKind, Wording
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
WORDS = {"subject": "Yes", "title": "You come", "body": "We are glad, {{ name }}."}


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def at(meeting, kind="approved", language="en", name="wording", category=None):
    path = reverse(f"admin:desk:{name}", args=[meeting.slug, kind, language])
    return f"{path}?category={category.code}" if category else path


def listed(meeting):
    return reverse("admin:desk:wordings", args=[meeting.slug])


def post(client, meeting, where=None, **data):
    return client.post(where or at(meeting), {"act": "save", "seen": 0, **WORDS, **data})


def own(meeting, body="ours", **more):
    return texts.save(meeting, more.pop("kind", "approved"), more.pop("category", None), more.pop("language", "en"),
                      texts.Words("s", "t", body), by=more.pop("by", None))  # fmt: skip


def test_saved_words_are_a_version_in_use_and_stand_in_the_history(client, meeting, organiser):
    assert post(client, meeting).status_code == 302
    wording = Wording.objects.get()
    assert (wording.version, wording.is_current, wording.by, wording.body) == (1, True, organiser, WORDS["body"])
    assert texts.words_for(meeting.__class__.objects.get(), "approved", None, "en").title == "You come"
    entry = AuditEntry.objects.get(action=AuditEntry.Action.SETUP)
    assert (entry.by, entry.meeting, entry.about) == (organiser, meeting, "Words: Approved")
    assert entry.detail["version"] == ["", "1"]
    history = client.get(reverse("admin:desk:history", args=[meeting.slug])).content.decode()
    assert "Words: Approved" in history


def test_the_editor_begins_with_what_is_said_now(client, meeting, organiser):
    page = client.get(at(meeting)).content.decode()
    assert "We look forward to seeing you." in page
    own(meeting, "Ours alone")
    assert "Ours alone" in client.get(at(meeting)).content.decode()
    category = CategoryFactory(meeting=meeting)
    assert "Ours alone" in client.get(at(meeting, category=category)).content.decode()


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("body", "One\n\nTwo {{ nmae }}", "Line 3: There is no placeholder “nmae”. Did you mean “name”?"),
    ("body", "{% for a in b %}", "cannot be used here"),
    ("subject", "Hello {{ name", "has no other half"),
    ("title", "", "Write something here."),
    ("body", "x" * 10_001, "10000"),
])  # fmt: skip
def test_what_is_wrong_is_named_and_everything_typed_is_kept(client, meeting, organiser, field, typed, said):
    response = post(
        client, meeting, **{field: typed, "subject": "My subject"} if field != "subject" else {field: typed}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert f'href="#id_{field}"' in page
    assert response.context["fields"][["subject", "title", "body"].index(field)]["text"] == typed
    if field != "subject":
        assert 'value="My subject"' in page
    assert not Wording.objects.exists()


def test_after_an_error_a_save_of_somebody_else_is_still_found(client, meeting, organiser):
    own(meeting, "Theirs")
    page = post(client, meeting, body="{{ wrong }}", seen=0)
    assert page.context["seen"] == 0


def test_two_who_save_are_shown_both_and_nothing_is_lost(client, meeting, organiser):
    other = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    own(meeting, "What the other wrote", by=other)
    response = post(client, meeting, seen=0)
    page = response.content.decode()
    assert response.status_code == 409
    assert "What the other wrote" in page
    assert str(other) in page
    assert "We are glad, {{ name }}." in page
    assert Wording.objects.count() == 1
    assert post(client, meeting, seen=response.context["seen"]).status_code == 302
    assert [v.version for v in texts.versions(meeting, "approved", None, "en")] == [2, 1]


def test_lines_end_as_they_were_typed_not_as_browsers_send_them(client, meeting, organiser):
    post(client, meeting, body="One\r\n\r\nTwo\r\n")
    assert Wording.objects.get().body == "One\n\nTwo"


def test_words_of_the_product_saved_unchanged_are_no_words_of_ones_own(client, meeting, organiser):
    default = texts.default("approved", "en")
    post(client, meeting, subject=default.subject, title=default.title, body=default.body.replace("\n", "\r\n"))
    assert not Wording.objects.exists()


def test_the_same_words_saved_twice_are_one_version(client, meeting, organiser):
    post(client, meeting)
    post(client, meeting, seen=1)
    assert Wording.objects.count() == 1


def test_back_to_the_words_of_the_product_keeps_the_versions(client, meeting, organiser):
    own(meeting)
    assert post(client, meeting, act="default", seen=1).status_code == 302
    assert [v.body for v in texts.versions(meeting, "approved", None, "en")] == ["", "ours"]
    assert "We look forward" in client.get(at(meeting)).content.decode()


def test_a_category_has_words_of_its_own_and_goes_back_to_those_for_all(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting)
    post(client, meeting, at(meeting, category=category))
    assert Wording.objects.get().category == category
    assert "We look forward" in client.get(at(meeting)).content.decode()
    post(client, meeting, at(meeting, category=category), act="default", seen=1)
    assert texts.words_for(meeting, "approved", category.pk, "en") == texts.default("approved", "en")


def test_an_earlier_version_is_used_again_as_a_new_one(client, meeting, organiser):
    own(meeting, "first")
    own(meeting, "second")
    assert post(client, meeting, act="again-1", seen=2).status_code == 302
    assert [(v.version, v.body, v.is_current) for v in texts.versions(meeting, "approved", None, "en")] == [
        (3, "first", True), (2, "second", False), (1, "first", False),
    ]  # fmt: skip


def test_of_a_version_one_sees_what_it_changed(client, meeting, organiser):
    own(meeting, "We are glad.\n\nCome soon.")
    own(meeting, "We are very glad.\n\nCome soon.", by=organiser)
    page = client.get(f"{at(meeting)}?version=2").content.decode()
    assert "<ins>very </ins>" in page
    assert "<del>" not in page
    assert str(organiser) in page


@pytest.mark.parametrize("version", ["9", "x", "-1", "٣", "9" * 40])
def test_a_version_that_is_not_there_is_left_out(client, meeting, organiser, version):
    own(meeting)
    assert client.get(at(meeting), {"version": version}).status_code == 200


@pytest.mark.parametrize(("kind", "language"), [("nothing", "en"), ("approved", "xx"), ("campaign", "en")])
def test_what_has_no_words_of_a_meetings_own_is_not_there(client, meeting, organiser, kind, language):
    assert client.get(at(meeting, kind, language)).status_code == 404


def test_a_category_of_another_meeting_is_not_there(client, meeting, organiser):
    assert client.get(at(meeting, category=CategoryFactory())).status_code == 404


def test_words_and_names_are_shown_as_text(client, meeting, organiser):
    CategoryFactory(meeting=meeting, name="<script>c</script>")
    own(meeting, "</textarea><script>alert(1)</script>")
    own(meeting, "<script>two</script>")
    page = client.get(f"{at(meeting)}?version=2").content.decode()
    assert "<script>alert" not in page
    assert "<script>two" not in page
    assert "<script>c<" not in page
    assert "<script>c<" not in client.get(listed(meeting)).content.decode()


def test_arabic_words_are_written_from_right_to_left_whatever_the_page_speaks(client, meeting, organiser):
    page = client.get(at(meeting, language="ar")).content.decode()
    assert 'lang="ar" dir="rtl"' in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_read_the_words_and_change_nothing(client, meeting, role):
    client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
    own(meeting, "What we say")
    page = client.get(at(meeting)).content.decode()
    assert "What we say" in page
    assert "<textarea" not in page
    assert "iframe" not in page
    assert post(client, meeting, seen=1).status_code == 403
    assert (
        client.post(reverse("admin:desk:wording_hold", args=[meeting.slug, "approved"]), {"on": 1}).status_code == 403
    )
    assert Wording.objects.count() == 1
    assert not HeldKind.objects.exists()


def test_the_list_says_what_is_the_organisers_own(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, name="Observers")
    own(meeting, language="fr")
    own(meeting, language="es", category=category)
    own(MeetingFactory(), language="ru")
    page = client.get(listed(meeting)).content.decode()
    assert '<span lang="fr">Français</span>' in page
    assert "Observers" in page
    [row] = [r for _name, rows in client.get(listed(meeting)).context["groups"] for r in rows if r.kind == "approved"]
    assert (row.languages, row.categories) == (["fr"], {"Observers": ["es"]})


def test_kinds_wait_for_a_reader_and_the_history_says_so(client, meeting, organiser):
    where = reverse("admin:desk:wording_hold", args=[meeting.slug, "rejected"])
    client.post(where, {"on": "1"})
    client.post(where, {"on": "1"})
    assert HeldKind.objects.get().kind == "rejected"
    client.post(where, {"on": "0"})
    assert not HeldKind.objects.exists()
    told = list(AuditEntry.objects.order_by("pk").values_list("detail__read_first", flat=True))
    assert told == [[False, True], [True, False]]


@pytest.mark.parametrize(
    "kind", ["submitted", "seat_offered", "letter_invitation", "campaign", "programme_changed", "x"]
)
def test_what_somebody_waits_for_never_waits_for_a_reader(client, meeting, organiser, kind):
    client.post(reverse("admin:desk:wording_hold", args=[meeting.slug, kind]), {"on": "1"})
    assert not HeldKind.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_with_few_and_many_words(client, meeting, organiser, rows, django_assert_num_queries):
    for n in range(rows):
        own(meeting, f"v{n}", category=CategoryFactory(meeting=meeting), language="fr", by=organiser)
        own(meeting, f"v{n}", by=organiser)
    client.get(listed(meeting))
    with django_assert_num_queries(8):
        client.get(listed(meeting))
    with django_assert_num_queries(14):
        client.get(f"{at(meeting)}?version=1")
