"""`manage.py list_of_participants`: one file in each format, written whole or not at all, and told in the history."""

import io
import json
import os
import zipfile

import pytest
from django.core.management import CommandError, call_command

from meeting.models import AuditEntry
from registration.participants import profiles
from tests.registration.participants.making import person, state
from tests.registration.participants.test_documents import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(meeting, members):
    fiji = state(members, "FJI", en="Fiji", fr="Fidji")
    return [person(fiji, "Ana", "Silva"), person(fiji, "Litia", "Waqa")]


def run(meeting, path, **options):
    told = io.StringIO()
    call_command("list_of_participants", meeting.slug, output=str(path), stderr=told, **options)
    return told.getvalue()


def test_the_json_is_the_list_in_printed_order(meeting, listed, tmp_path):
    told = run(meeting, tmp_path / "list.json", format="json", language="fr", profile="escap")
    found = json.loads((tmp_path / "list.json").read_text("utf-8"))
    (section,) = found["sections"]
    (entity,) = section["entities"]
    (role,) = entity["roles"]
    assert (found["language"], found["profile"], entity["name"]) == ("fr", "escap", "Fidji")
    assert [p["name"] for p in role["people"]] == ["Ana Silva", "Litia Waqa"]
    assert "People in the list: 2." in told


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx"])
def test_each_format_has_everybody(meeting, listed, tmp_path, kind):
    path = tmp_path / f"list.{kind}"
    run(meeting, path, format=kind)
    content = path.read_bytes()
    if kind == "pdf":
        text = text_of(content)
    elif kind == "html":
        text = content.decode()
    else:
        parts = zipfile.ZipFile(io.BytesIO(content))
        text = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    assert "Ana Silva" in text
    assert "Litia Waqa" in text


def test_chinese_is_called_zh(meeting, listed, tmp_path):
    run(meeting, tmp_path / "list.json", format="json", language="zh")
    assert json.loads((tmp_path / "list.json").read_text("utf-8"))["language"] == "zh-hans"


def test_it_stands_in_the_history(meeting, listed, tmp_path):
    run(meeting, tmp_path / "list.pdf", format="pdf", language="ar", profile="who")
    (entry,) = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.EXPORT)
    detail = {"language": "ar", "profile": "who", "format": "pdf", "count": 2, "list": "participants"}
    assert detail.items() <= entry.detail.items()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"format": "doc"}, "docx, pdf, html, xlsx, json"),
        ({"language": "de"}, "de"),
        ({"profile": "nato"}, ", ".join(profiles.names())),
        ({"basis": "everybody"}, "accredited, approved, arrived"),
        ({"on": "18.9.2008"}, "2008-09-18"),
        ({"profile": "/nowhere/own.toml"}, "own.toml"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(meeting, listed, tmp_path, options, says):
    with pytest.raises(CommandError, match=says):
        run(meeting, tmp_path / "list", **options)
    assert not list(tmp_path.iterdir())


def test_a_meeting_that_is_not_there_is_told_with_those_that_are(meeting, tmp_path):
    with pytest.raises(CommandError, match=meeting.slug):
        call_command("list_of_participants", "nowhere", output=str(tmp_path / "list"))


def test_the_old_file_stays_until_the_new_one_is_whole(meeting, listed, tmp_path, monkeypatch):
    path = tmp_path / "list.json"
    path.write_text("old")
    monkeypatch.setattr("os.fdopen", broken)
    with pytest.raises(CommandError, match="No space left"):
        run(meeting, path, format="json")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def broken(handle, *_how):
    os.close(handle)
    raise OSError(28, "No space left on device")


def test_a_folder_is_no_file(meeting, listed, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run(meeting, tmp_path, format="json")


def test_what_is_worth_a_look_is_told_beside_it(meeting, twice, tmp_path):
    told = run(meeting, tmp_path / "list.json", format="json")
    assert "Ana Silva is registered in several categories" in told
