"""Pages drawn from files that anybody may have made: once, within bounds, deleted with the letter."""

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from registration.letters import pages, store
from registration.models import Letter
from tests.factories import LetterFactory

from .conftest import a_pdf, a_picture

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def letter_of(content, media_type="application/pdf"):
    return LetterFactory(file=ContentFile(content, name="letter"), media_type=media_type)


def test_every_page_of_a_document_is_drawn_once(monkeypatch):
    letter = letter_of(a_pdf(pages=2))
    assert pages.ensure(letter) == 2
    monkeypatch.setattr(pages, "drawn", lambda pdf: pytest.fail("drawn again"))
    letter = Letter.objects.get(pk=letter.pk)
    assert [pages.picture(letter, n)[:8] for n in (1, 2)] == [PNG, PNG]
    assert (pages.picture(letter, 3), pages.picture(letter, 0)) == (None, None)


def test_a_picture_is_its_own_only_page():
    letter = letter_of(a_picture(), "image/png")
    assert (pages.ensure(letter), pages.picture(letter, 1), pages.picture(letter, 2)) == (1, a_picture(), None)


def test_the_first_thirty_pages_of_a_long_document():
    letter = letter_of(a_pdf(pages=33))
    assert (pages.ensure(letter), letter.pages, pages.picture(letter, 31)) == (30, 33, None)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4 and nothing",
        b"%PDF-1.7\n" + b"\x00\xff" * 5000,
        a_pdf(pages=2)[:300],
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        a_pdf(pages=1).replace(b"/Root", b"/Encrypt<</Filter/Standard/V 2/R 3/O(x)/U(y)/P -4>>/Root"),
        a_pdf(pages=1, size=0),
    ],
    ids=["empty", "noise", "cut off", "own parent", "locked", "no size"],
)
def test_a_file_that_cannot_be_drawn_has_no_pages_and_breaks_nothing(content):
    letter = letter_of(content)
    assert pages.ensure(letter) in (0, 1)  # PDFium mends some of them
    assert Letter.objects.get(pk=letter.pk).pages == letter.pages


def test_a_huge_page_is_drawn_small():
    _, [picture] = pages.drawn(a_pdf(pages=1, size=14_400))
    assert int.from_bytes(picture[16:20]) <= pages.LONGEST_SIDE + 1


def test_what_takes_too_long_is_ended(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(pages, "PROGRAM", slow)
    monkeypatch.setattr(pages, "SECONDS", 1)
    started = time.monotonic()
    assert pages.drawn(a_pdf()) == (0, [])
    assert time.monotonic() - started < 5


def test_the_program_that_draws_knows_no_secret(monkeypatch, tmp_path):
    nosy = tmp_path / "nosy.py"
    nosy.write_text("import os, sys; sys.stdout.write(','.join(os.environ))")
    monkeypatch.setattr(pages, "PROGRAM", nosy)
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    assert "SECRET_KEY" not in pages._run(tmp_path / "x.pdf", tmp_path)


def test_a_file_that_is_gone_from_the_store_is_told_calmly():
    letter = letter_of(a_pdf())
    default_storage.delete(letter.file.name)
    assert pages.ensure(letter) == 0


def test_pages_are_deleted_with_their_letter():
    letter = letter_of(a_pdf(pages=2))
    pages.ensure(letter)
    names = [letter.file.name, *(f"{letter.file.name}-{n}.png" for n in (1, 2))]
    assert all(default_storage.exists(name) for name in names)
    store.delete(letter)
    assert not any(default_storage.exists(name) for name in names)
    assert Letter.objects.count() == 0
