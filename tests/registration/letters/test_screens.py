"""The focal point's and the reviewer's screens: what they send, what they see, and what is not theirs."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from meeting.models import AuditEntry
from registration import workflow
from registration.letters import pane
from registration.models import Channel, Letter, LetterName, Pairing, Status
from tests.factories import CategoryFactory, DelegationFactory, LetterFactory

from .conftest import a_pdf, a_picture, letter_naming, person

pytestmark = pytest.mark.django_db


def address(name, delegation, **more):
    around = {"slug": delegation.meeting.slug, "delegation": delegation.reference}
    return reverse(f"roster:{name}", kwargs=around | more)


def send(client, url, content=None, **fields):
    fields = {"kind": "note_verbale", "reference": "No. 214", "signatory": "", "dated_on": "2008-08-29", **fields}
    if content is not None:
        fields["file"] = SimpleUploadedFile("nv.pdf", content)
    return client.post(url, fields)


@pytest.fixture
def elsewhere(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


# The focal point


def test_a_letter_is_sent_its_names_are_typed_and_compared(as_focal, delegation, focal):
    registration = person(delegation, "Trần Quốc Bảo", status=Status.DRAFT, channel=Channel.ROSTER)
    sent = send(as_focal, address("letter_new", delegation), a_pdf())
    letter = Letter.objects.get()
    assert (letter.sent_by, letter.reference, letter.pages, letter.registration) == (focal, "No. 214", 2, None)
    assert sent.url == address("letter_names", delegation, pk=letter.pk)
    assert "We cannot show" not in as_focal.get(sent.url).content.decode()
    typed = as_focal.post(sent.url, {"text": "1. Mr. Tran Quoc Bao, Director\n2. Mr. Do Quang Huy"})
    assert typed.url == address("workspace", delegation) + "#letterpane"
    page = as_focal.get(address("workspace", delegation)).content.decode()
    assert "1 to confirm" in page
    assert "1 named, not registered" in page
    name = LetterName.objects.get(number=1)
    said = as_focal.post(address("pairing", delegation), {"confirm": f"{name.pk}:{registration.pk}:row"})
    assert said.url == address("workspace", delegation) + f"#n-{registration.reference}"
    assert "1 matched" in as_focal.get(address("workspace", delegation)).content.decode()


def test_what_is_no_letter_comes_back_with_what_to_do(as_focal, delegation):
    answer = send(as_focal, address("letter_new", delegation), b"PK\x03\x04 word")
    assert answer.status_code == 422
    assert "Save it as PDF" in answer.content.decode()
    assert 'value="No. 214"' in answer.content.decode()
    assert "Choose the file of the letter." in send(as_focal, address("letter_new", delegation)).content.decode()
    assert Letter.objects.count() == 0


def test_the_same_file_again_is_told_on_the_form(as_focal, delegation):
    send(as_focal, address("letter_new", delegation), a_pdf())
    again = send(as_focal, address("letter_new", delegation), a_pdf())
    assert again.status_code == 422
    assert "This very file is here already" in again.content.decode()


def test_a_newer_version_offers_the_names_and_the_old_can_be_saved(as_focal, delegation):
    old, _ = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy", original_name="old.pdf")
    names = send(as_focal, address("letter_edit", delegation, pk=old.pk), a_pdf(size=300)).url
    assert "Le Thu Minh\nDo Quang Huy" in as_focal.get(names).content.decode()
    page = as_focal.get(address("workspace", delegation)).content.decode()
    assert "1 earlier version" in page
    assert address("letter_file", delegation, pk=old.pk) in page
    saved = as_focal.get(address("letter_file", delegation, pk=old.pk))
    assert saved["Content-Disposition"] == 'attachment; filename="old.pdf"'
    assert as_focal.get(address("letter_edit", delegation, pk=old.pk)).status_code == 404


def test_without_a_file_only_details_change(as_focal, delegation):
    letter, _ = letter_naming(delegation, "Le Thu Minh")
    send(as_focal, address("letter_edit", delegation, pk=letter.pk), reference="No. 215")
    letter.refresh_from_db()
    assert (letter.reference, Letter.objects.count(), letter.names.count()) == ("No. 215", 1, 1)


def test_too_many_names_come_back_with_everything_typed(as_focal, delegation):
    letter, _ = letter_naming(delegation)
    text = "\n".join(f"Person Number{n}" for n in range(501))
    answer = as_focal.post(address("letter_names", delegation, pk=letter.pk), {"text": text})
    assert answer.status_code == 422
    assert "There are 501 names here" in answer.content.decode()
    assert "Person Number500" in answer.content.decode()
    assert LetterName.objects.count() == 0


def test_every_button_of_the_comparison(as_focal, delegation):
    registration = person(delegation, "Hoàng Mai Chi")
    _, (name, gone) = letter_naming(delegation, "Hoang Thi Mai Chi", "Do Quang Huy")
    pairing = address("pairing", delegation)
    for asked, pairings in (
        ({"deny": f"{name.pk}:{registration.pk}"}, ["open", "open"]),
        ({"name": name.pk, "person": registration.pk}, ["matched", "open"]),
        ({"undo": name.pk}, ["open", "open"]),
        ({"absent": gone.pk}, ["open", "absent"]),
        ({"same": f"{name.pk}:{registration.pk}"}, ["matched", "absent"]),
    ):
        assert as_focal.post(pairing, asked).status_code == 302
        assert list(LetterName.objects.order_by("pk").values_list("pairing", flat=True)) == pairings


def test_a_refusal_is_told_and_nothing_chosen_too(as_focal, delegation):
    first, second = person(delegation, "Lê Thu Minh"), person(delegation, "Anna Petrova")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    LetterName.objects.update(pairing=Pairing.MATCHED, registration=first)
    pairing = address("pairing", delegation)
    told = as_focal.post(pairing, {"confirm": f"{name.pk}:{second.pk}"}, follow=True)
    assert "Undo that first" in told.content.decode()
    assert "Choose a name on the letter" in as_focal.post(pairing, {}, follow=True).content.decode()


def test_nothing_of_another_delegation_can_be_named_or_read(as_focal, delegation, elsewhere):
    mine, theirs = person(delegation, "Lê Thu Minh"), person(elsewhere, "Lê Thu Minh")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    letter, (their_name,) = letter_naming(elsewhere, "Le Thu Minh")
    own = LetterFactory(registration=mine)  # what a delegate sent is not the focal point's
    pairing = address("pairing", delegation)
    for asked in (
        {"confirm": f"{name.pk}:{theirs.pk}"}, {"confirm": f"{their_name.pk}:{mine.pk}"}, {"undo": their_name.pk},
        {"same": f"{their_name.pk}:{theirs.pk}"}, {"same": "x"}, {"deny": "1"}, {"absent": "9" * 30}, {"absent": "٣"},
    ):  # fmt: skip
        assert as_focal.post(pairing, asked).status_code == 404, asked
    for pk in (letter.pk, own.pk):
        for page, more in (
            ("letter_edit", {}),
            ("letter_names", {}),
            ("letter_file", {}),
            ("letter_page", {"page": 1}),
        ):
            assert as_focal.get(address(page, delegation, pk=pk, **more)).status_code == 404
    assert as_focal.get(address("letter_new", elsewhere)).status_code == 404
    assert LetterName.objects.filter(pairing=Pairing.OPEN).count() == 2


def test_a_page_is_private_and_read_once_an_hour(as_focal, delegation, focal):
    letter, _ = letter_naming(delegation, file=ContentFile(a_pdf(), name="letter"))
    for number in (1, 2):
        page = as_focal.get(address("letter_page", delegation, pk=letter.pk, page=number))
        assert page["Content-Type"] == "image/png"
        assert (page["Cache-Control"], page["X-Content-Type-Options"]) == ("no-store, private", "nosniff")
        assert page["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert as_focal.get(address("letter_page", delegation, pk=letter.pk, page=3)).status_code == 404
    entry = AuditEntry.objects.get(action="read_letter")
    assert (entry.by, entry.about, entry.detail) == (focal, delegation.reference, {"letter": letter.pk})


def test_a_visitor_is_asked_who_they_are(client, delegation):
    letter, _ = letter_naming(delegation)
    for url in (address("letter_page", delegation, pk=letter.pk, page=1), address("letter_new", delegation)):
        assert client.get(url).url.startswith(reverse("focal:sign_in"))


def test_no_focal_point_learns_what_others_sent(as_focal, delegation, elsewhere):
    letter_naming(delegation, "Le Thu Minh", sha256="1" * 64)
    letter_naming(elsewhere, "Le Thu Minh", sha256="1" * 64)
    assert "very same file" not in as_focal.get(address("workspace", delegation)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pane_costs_the_same_for_many_names(as_focal, delegation, rows, django_assert_num_queries):
    for n in range(rows):
        person(delegation, f"Person Number{n}")
    letter_naming(delegation, *(f"Person Number{n}" for n in range(rows)), media_type="image/png", pages=1)
    with django_assert_num_queries(3):
        shown = pane.of(delegation)
        assert len(shown["pane"].sheets[0].same) == rows
        assert shown["tally"]["proposed"] == rows


# The reviewer


def desk(name, meeting, *args):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *args])


def test_a_reviewer_sees_the_letter_its_names_and_who_else_sent_it(client, meeting, reviewer, delegation, elsewhere):
    client.force_login(reviewer)
    registration = person(delegation, "Trần Quốc Bảo")
    draft = person(delegation, "Secret Draft", status=Status.DRAFT, channel=Channel.ROSTER)
    letter, (first, second) = letter_naming(
        delegation, "Mr. Tran Quoc Bao", "Secret Draft", sha256="1" * 64, media_type="image/png"
    )
    LetterName.objects.filter(pk=second.pk).update(pairing=Pairing.MATCHED, registration=draft)
    letter_naming(elsewhere, sha256="1" * 64)
    url = desk("registration", meeting, registration.reference)
    page = client.get(url).content.decode()
    assert f'<img src="{desk("letter_page", meeting, letter.pk, 1)}"' in page
    assert "May be line 1 of the letter, Mr. Tran Quoc Bao" in page
    assert f"<bdi>{elsewhere.name}</bdi>" in page
    assert "not submitted yet" in page
    assert draft.reference not in page
    said = client.post(
        desk("letter_pairing", meeting, delegation.reference) + f"?person={registration.reference}&status=submitted",
        {"confirm": f"{first.pk}:{registration.pk}"},
    )
    assert said.url == f"{url}?status=submitted#letter"
    assert "On the letter, line 1, same name" in client.get(url).content.decode()


def test_a_reviewer_types_the_names(client, meeting, reviewer, delegation):
    client.force_login(reviewer)
    registration = person(delegation, "Trần Quốc Bảo")
    letter, _ = letter_naming(delegation)
    url = desk("letter_names", meeting, letter.pk) + f"?person={registration.reference}"
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "Mr. Tran Quoc Bao"}).url.endswith(f"{registration.reference}/#letter")
    assert letter.names.get().name == "Mr. Tran Quoc Bao"


def test_a_letter_of_another_meeting_or_an_old_one_has_no_screen(client, reviewer, meeting, delegation):
    client.force_login(reviewer)
    stranger, _ = letter_naming(DelegationFactory(), "Le Thu Minh")
    old, _ = letter_naming(delegation, "Le Thu Minh")
    letter_naming(delegation, supersedes=old)
    assert client.get(desk("letter_names", meeting, stranger.pk)).status_code == 404
    assert client.get(desk("letter_page", meeting, stranger.pk, 1)).status_code == 404
    assert client.get(desk("letter_names", meeting, old.pk)).status_code == 404
    assert client.get(desk("letter", meeting, old.pk)).status_code == 200
    assert client.post(desk("letter_pairing", meeting, stranger.delegation.reference)).status_code == 404


def test_the_letter_of_a_draft_is_nobodys_to_look_at(client, reviewer, meeting, delegation):
    client.force_login(reviewer)
    draft = person(delegation, "Le Thu Minh", status=Status.DRAFT)
    letter = LetterFactory(registration=draft, file=ContentFile(a_picture(), name="letter"), media_type="image/png")
    assert client.get(desk("letter_page", meeting, letter.pk, 1)).status_code == 404


# The queue


def marks(client, meeting, **asked):
    page = client.get(desk("queue", meeting), asked)
    return {row.display_name: row.letter_mark for row in page.context["rows"]}


def test_the_queue_tells_who_is_on_the_letter_and_asks_for_it(client, meeting, reviewer, delegation, elsewhere):
    client.force_login(reviewer)
    matched, _, _ = (person(delegation, n) for n in ("Lê Thu Minh", "Hoàng Mai Chi", "Bùi Thanh Hà"))
    person(elsewhere, "No Letter")
    LetterFactory(registration=person(elsewhere, "Own Letter"))
    _, (name, *_) = letter_naming(delegation, "Le Thu Minh", "Hoang Thi Mai Chi", "Do Quang Huy")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=matched)
    assert marks(client, meeting) == {
        "Lê Thu Minh": "matched", "Hoàng Mai Chi": "proposed", "Bùi Thanh Hà": "not_named",
        "No Letter": "no_letter", "Own Letter": "sent",
    }  # fmt: skip
    assert set(marks(client, meeting, letter="matched")) == {"Lê Thu Minh"}
    assert set(marks(client, meeting, letter="unnamed")) == {"Hoàng Mai Chi", "Bùi Thanh Hà"}
    assert set(marks(client, meeting, letter="no")) == {"No Letter"}
    on_letters = dict(client.get(desk("queue", meeting)).context["columns"])["On the letter"]
    counts = {way.query: way.count.number for way in on_letters}
    assert counts == {"letter=matched": 1, "letter=unnamed": 2, "letter=yes": 4, "letter=no": 1}


def test_a_pair_on_a_replaced_letter_counts_no_more(client, meeting, reviewer, delegation):
    client.force_login(reviewer)
    registration = person(delegation, "Lê Thu Minh")
    old, (name,) = letter_naming(delegation, "Le Thu Minh")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=registration)
    letter_naming(delegation, supersedes=old)
    assert marks(client, meeting) == {"Lê Thu Minh": "sent"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_many_letters(client, meeting, reviewer, rows, django_assert_num_queries):
    client.force_login(reviewer)
    for n in range(rows):
        delegation = DelegationFactory(category=CategoryFactory(meeting=meeting))
        person(delegation, f"Person Number{n}")
        letter_naming(delegation, f"Person Number{n}")
    with django_assert_num_queries(21):  # one more than where no names are typed
        client.get(desk("queue", meeting))


def test_approving_many_tells_who_is_not_on_the_letter(client, meeting, reviewer, delegation):
    client.force_login(reviewer)
    alike, unnamed = person(delegation, "Hoàng Mai Chi"), person(delegation, "Bùi Thanh Hà")
    letter_naming(delegation, "Hoang Thi Mai Chi", "Do Quang Huy")
    asked = {"move": "approve", "selected": [alike.reference, unnamed.reference]}
    lines = client.post(desk("selected", meeting), asked).context["lines"]
    assert {line.registration.pk: line.doubts for line in lines} == {
        alike.pk: ("A name on the letter is alike, and nobody has confirmed it",),
        unnamed.pk: ("Not named on the letter",),
    }


def test_a_letter_of_another_kind_is_told_to_both_sides(as_focal, client, delegation, reviewer):
    delegation.category.required_documents = ["note_verbale", "credentials", "nomination"]
    delegation.category.save()
    assert "needed: Note verbale, Credentials or Nomination letter" in (
        as_focal.get(address("letter_new", delegation)).content.decode()
    )
    said = "Letter of assignment. One of these is needed: Note verbale, Credentials or Nomination letter."
    sent = send(as_focal, address("letter_new", delegation), a_pdf(), kind="assignment")
    assert [str(message) for message in as_focal.get(sent.url).context["messages"]] == [said]
    assert said in as_focal.get(address("workspace", delegation)).content.decode()
    registration = person(delegation, "Le Thu Minh")
    client.force_login(reviewer)
    page = client.get(reverse("admin:desk:registration", args=[delegation.meeting.slug, registration.reference]))
    assert next(c.text for c in page.context["checks"] if not c.is_fine) == said
    Letter.objects.update(kind="credentials")
    assert said not in client.get(page.request["PATH_INFO"]).content.decode()


def test_every_name_that_is_not_registered_has_its_link(as_focal, delegation):
    letter_naming(delegation, *(f"Mr. Person Number{n}" for n in range(7)))
    first, *_others, last = LetterName.objects.order_by("number")
    page = as_focal.get(address("workspace", delegation)).content.decode()
    add = address("add", delegation)
    assert page.count(f'"{add}?letter_name={last.pk}"') == 1
    assert page.count(f'"{add}?letter_name={first.pk}"') == 2
    begun = as_focal.get(f"{add}?letter_name={last.pk}").context["form"]
    assert (begun["display_name"].value(), begun["honorific"].value()) == ("Person Number6", "Mr.")


def test_a_name_on_the_letter_of_others_begins_no_row(as_focal, delegation):
    letter_naming(DelegationFactory(category=delegation.category), "Mr. Somebody Else")
    foreign = LetterName.objects.get()
    for number in (foreign.pk, "nonsense", "9" * 40):
        page = as_focal.get(f"{address('add', delegation)}?letter_name={number}")
        assert page.status_code == 200
        assert "Somebody Else" not in page.content.decode()


def test_whoever_changed_category_is_still_found_on_the_letter_of_the_delegation(
    client, meeting, reviewer, delegation, elsewhere
):
    client.force_login(reviewer)
    mover = person(delegation, "Lê Thu Minh")
    letter, (name, *_) = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=mover)
    workflow.change_category(mover.pk, elsewhere.category, reason="Observes only.", by=reviewer)
    assert marks(client, meeting) == {"Lê Thu Minh": "matched"}
    assert set(marks(client, meeting, letter="matched")) == {"Lê Thu Minh"}
    assert not marks(client, meeting, letter="no")
    page = client.get(desk("registration", meeting, mover.reference)).text
    assert f"On the letter of the same delegation in “{delegation.category.name}”, line 1, as Le Thu Minh" in page
    assert desk("letter", meeting, letter.pk) in page
    assert "Do Quang Huy" not in page
    assert "No letter" not in page


def test_a_pair_with_somebody_of_another_entity_counts_for_nobody(client, meeting, reviewer, delegation, elsewhere):
    client.force_login(reviewer)
    stranger = person(elsewhere, "Lê Thu Minh")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=stranger)
    assert marks(client, meeting) == {"Lê Thu Minh": "no_letter"}
    assert "On the letter" not in client.get(desk("registration", meeting, stranger.reference)).text
