"""What clumsy and hostile people send: a clear sentence, the form still filled, nothing half-saved."""

import datetime
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from meeting.models import EntityKind, Meeting, Membership
from registration import drafts
from registration.models import Category, Delegation, Letter, Registration
from tests.factories import PDF, CategoryFactory, EntityFactory, MeetingFactory

pytestmark = pytest.mark.django_db
URL = "/eap-2008/register/form/FJ/"


@pytest.fixture(autouse=True)
def _meeting():
    category = CategoryFactory(
        meeting=MeetingFactory(slug="eap-2008"),
        represents="government",
        kinds=["state"],
        required_documents=["nomination"],
    )
    Membership.objects.create(
        entity=EntityFactory(code="FJ", kind=EntityKind.STATE, names={"en": "Fiji"}), body="ESCAP", status="member"
    )
    return category


def answers(**changed):
    data = {
        "attempt": uuid.uuid4(),
        "given_names": "Litia",
        "family_name": "Waqanisau",
        "display_name": "",
        "functional_title": "Director",
        "department": "Ministry of Health",
        "role": "head",
        "adult": "yes",
        "modality": "in_person",
        "email": "l@health.example.org",
        "letter": SimpleUploadedFile("Nomination.pdf", PDF),
        **changed,
    }
    return {k: v for k, v in data.items() if v is not None}


def picture(kind="JPEG", size=(40, 30), exif=None):
    out = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, "white").save(out, kind, **extra)
    return out.getvalue()


def refused(client, **changed):
    """The answer to a bad form: filled again, nothing saved."""
    response = client.post(URL, answers(**changed))
    assert response.status_code == 200
    assert Registration.objects.count() == 0
    assert Delegation.objects.count() == 0
    assert 'value="Director"' in response.content.decode() or "functional_title" in changed
    return response.context["form"].errors


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("Nomination.pdf", b"PK\x03\x04 word/document.xml", "“Nomination.pdf” is a Word or other Office file. Save it"),
        ("a.jpg", b"<html><script>alert(1)</script>", "“a.jpg” is a web page. Save it"),
        ("a.png", b"MZ\x90", "“a.png” is a program. Save it"),
        ("a.pdf", b"just text", "“a.pdf” is not a PDF, JPEG or PNG file."),
        ("a.pdf", b"", "“a.pdf” is empty."),
        ("a.pdf", b"\0" * 5000, "“a.pdf” is empty."),
        ("a.jpg", picture()[:300], "“a.jpg” cannot be opened: it may be damaged or cut off."),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "“a.svg” is a web page."),
    ],
)
def test_a_wrong_letter_is_named_with_the_reason(client, name, content, words):
    errors = refused(client, letter=SimpleUploadedFile(name, content))
    assert words in errors["letter"][0]
    assert Letter.objects.count() == 0


def test_a_huge_letter_is_refused_and_not_kept(client, settings):
    settings.LETTER_MAX_BYTES = 200_000
    errors = refused(client, letter=SimpleUploadedFile("scan.pdf", PDF + b"x" * 300_000))
    assert "“scan.pdf” is too large. Send at most 195.3" in errors["letter"][0].replace("\xa0", " ")


def test_a_picture_with_too_many_pixels_is_refused(client, monkeypatch):
    monkeypatch.setattr("registration.letters.files.MAX_PIXELS", 1000)
    errors = refused(client, letter=SimpleUploadedFile("a.png", picture("PNG", (50, 50))))
    assert "too many pixels" in errors["letter"][0]


def test_a_missing_letter_is_asked_for(client):
    assert refused(client, letter=None)["letter"] == ["Choose the signed letter that names you"]


def test_a_picture_loses_its_metadata(client):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    client.post(URL, answers(letter=SimpleUploadedFile("a.jpg", picture(exif=exif))))
    letter = Letter.objects.get()
    assert b"Secret Camera" not in letter.file.read()
    assert letter.media_type == "image/jpeg"


def test_the_store_knows_neither_sender_nor_file_name(client):
    client.post(URL, answers())
    assert "Nomination" not in Letter.objects.get().file.name


def test_a_good_letter_survives_an_error_elsewhere(client):
    page = client.post(URL, answers(email="l.waqanisau@health"))
    assert page.context["form"].errors["email"] == [
        "Write the whole address, with the part after the dot, like name@ministry.gov.fj"
    ]
    receipt = page.context["form"].data["letter_receipt"]
    assert "We have “Nomination.pdf”" in page.content.decode()
    assert client.post(URL, answers(letter=None, letter_receipt=receipt)).status_code == 302
    assert Registration.objects.get().letters.get().original_name == "Nomination.pdf"


def test_a_receipt_of_somebody_elses_letter_is_worthless_once_taken(client):
    receipt = client.post(URL, answers(email="x")).context["form"].data["letter_receipt"]
    client.post(URL, answers(letter=None, letter_receipt=receipt))
    page = client.post(URL, answers(letter=None, letter_receipt=receipt))
    assert page.context["form"].errors["letter"] == ["Choose the signed letter that names you"]


@pytest.mark.parametrize("receipt", ["", "1", "1:abc:def", "../../etc/passwd"])
def test_a_made_up_receipt_is_ignored(client, receipt):
    assert "letter" in refused(client, letter=None, letter_receipt=receipt)


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("เจ้าหญิง", "สิริวัณณวรี"),
        ("محمد", "عبد الله"),
        ("ʻAna", "Kāwika-ʻŌpūnui"),
        ("", "Sukarno"),
        ("Suu", ""),
        ("a" * 150, "b" * 49),
        ("Zo\u0308e", "de la Cruz"),
        ("McDonald", "VAN DER BERG"),
    ],
)
def test_names_are_kept_to_the_letter(client, given, family):
    client.post(URL, answers(given_names=given, family_name=family))
    registration = Registration.objects.get()
    expected = (given.replace("Zo\u0308e", "Zöe"), family)
    assert (registration.given_names, registration.family_name) == expected
    assert registration.display_name == " ".join(n for n in expected if n)


def test_names_lose_only_what_nobody_sees(client):
    client.post(URL, answers(given_names="  Li\u202eti\x07a \u200f", family_name="Waqa\tnisau"))
    assert Registration.objects.get().given_names.startswith("Litia")
    assert Registration.objects.get().family_name == "Waqa nisau"


def test_no_name_at_all_is_refused(client):
    errors = refused(client, given_names=" ", family_name="")
    assert errors["given_names"] == ["Write at least one name: given names or family name"]


def test_a_name_of_151_characters_is_refused(client):
    assert "given_names" in refused(client, given_names="a" * 151)


@pytest.mark.parametrize("email", ["a@b.org\nBcc: all@example.org", "a@b.org\r\nX: y", "a b@c.org", "@", "x@y"])
def test_an_address_that_is_not_one_is_refused(client, email):
    assert list(refused(client, email=email)) == ["email"]


@pytest.mark.parametrize("phone", ["call me", "=1+1", "+66 2 288 1234; DROP"])
def test_a_telephone_that_is_not_one_is_refused(client, phone):
    assert list(refused(client, phone=phone)) == ["phone"]


def test_the_meeting_closed_while_the_form_was_open(client):
    now = timezone.now()
    Meeting.objects.update(
        registration_held_open=False,
        registration_opens_at=now - datetime.timedelta(days=1),
        registration_closes_at=now - datetime.timedelta(minutes=1),
    )
    errors = refused(client)
    assert errors["__all__"] == [
        "Registration for this meeting is closed. Write to the secretariat if you must still come."
    ]
    assert "is closed" in client.get(URL).content.decode()


def test_the_category_closed_while_the_form_was_open(client, _meeting):
    Category.objects.filter(pk=_meeting.pk).update(is_open=False)
    assert f"Registration for “{_meeting.name}” is closed" in refused(client)["__all__"][0]


def test_closing_between_check_and_send_keeps_the_draft(client, _meeting):
    check = client.post(URL, answers()).url
    Category.objects.filter(pk=_meeting.pk).update(is_open=False)
    page = client.post(check)
    assert page.status_code == 200
    assert "is closed" in page.content.decode()
    assert Registration.objects.get().status == "draft"


@pytest.mark.parametrize("path", ["/nowhere/register/", "/nowhere/register/form/FJ/", "/eap-2008/register/form/XX/"])
def test_unknown_meeting_or_entity_is_a_calm_404(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("field", ["role", "modality", "honorific"])
def test_a_choice_that_was_not_offered_is_refused(client, field):
    assert field in refused(client, **{field: "<script>"})


def test_hostile_text_is_shown_as_text(client):
    check = client.post(URL, answers(given_names="<script>alert(1)</script>")).url
    assert "<script>alert(1)" not in client.get(check).content.decode()


def test_null_bytes_never_reach_the_database(client):
    assert client.post(URL, answers(given_names="Li\x00tia")).status_code == 400
    assert not Registration.objects.exists()


def test_drafts_nobody_sent_are_forgotten_with_their_letters(client):
    client.post(URL, answers())
    client.post(URL, answers(email="broken"))
    path = Letter.objects.filter(registration=None).get().file.path
    later = timezone.now() - datetime.timedelta(days=2)
    Registration.objects.update(changed_at=later)
    Letter.objects.update(received_at=later)
    assert drafts.forget() == 1
    assert (Registration.objects.count(), Letter.objects.count()) == (0, 0)
    assert not __import__("pathlib").Path(path).exists()
