"""A delegation with its focal point, people with names from many places, and letters that are real files."""

import io

import pytest
from PIL import Image

from registration.focal.access import SESSION_KEY
from registration.models import FocalPoint, LetterName
from tests.factories import (
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)


@pytest.fixture
def meeting():
    return MeetingFactory(slug="eap")


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category__meeting=meeting)


@pytest.fixture
def focal(delegation):
    return FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False)).user


@pytest.fixture
def as_focal(client, focal):
    """The browser of the focal point, signed in by a mailed link."""
    session = client.session
    session[SESSION_KEY] = focal.pk
    session.save()
    return client


@pytest.fixture
def reviewer(meeting):
    return StaffRoleFactory(meeting=meeting, role="reviewer").user


def letter_naming(delegation, *names, **fields):
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting, **fields)
    return letter, [LetterName.objects.create(letter=letter, number=n, name=name) for n, name in enumerate(names, 1)]


def person(delegation, name, **fields):
    fields = {"given_names": name, "family_name": "", **fields}
    return RegistrationFactory(delegation=delegation, display_name=name, **fields)


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def a_pdf(pages: int = 2, size: int = 200) -> bytes:
    """A document of empty pages, as any program writes it."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size} {size}]>>"] * pages
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{text}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n"
    return out + f"{start}startxref\n{len(out)}\n%%EOF\n".encode()
