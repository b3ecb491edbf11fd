"""`manage.py export_list`: the list as at the desk, a whole file or none, with a clear word where it cannot be."""

import csv
import io
import json
import os
import stat
import subprocess
import sys

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from meeting.models import AuditEntry, Role
from registration.exports.options import MOST
from registration.lists import copying
from registration.models import ExportFormat, SavedView, Status
from tests.factories import QuestionFactory, RegistrationFactory, StaffRoleFactory, UserFactory

from . import in_csv, in_xlsx

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def people(person):
    return [person, RegistrationFactory(delegation=person.delegation, status=Status.REJECTED, display_name="Åse ØYEN")]


def run(path, meeting="eap", file_format="csv", **options):
    told = io.StringIO()
    call_command("export_list", meeting, format=file_format, output=str(path), stderr=told, **options)
    return told.getvalue()


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def a_view(meeting, name="Coming", query="status=approved&columns=reference%2Cname", **values):
    return SavedView.objects.create(meeting=meeting, screen="people", name=name, query=query, **values)


def test_it_is_the_list_as_it_leaves_the_desk(client, meeting, exporter, tmp_path):
    path = tmp_path / "list.csv"
    assert run(path) == f"{path} is written. People in it: 2.\n"
    assert rows_of(path) == in_csv(client, meeting)
    run(tmp_path / "list.xlsx", file_format="xlsx")
    headings, *rows = openpyxl.load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True)
    assert [dict(zip(headings, row, strict=True)) for row in rows] == in_xlsx(client, meeting)


def test_a_view_by_its_name(meeting, tmp_path):
    a_view(meeting, owner=UserFactory(), is_shared=True)
    run(tmp_path / "l.csv", view="Coming")
    assert [list(row.values())[1] for row in rows_of(tmp_path / "l.csv")] == ["Litia WAQANISAU"]
    run(tmp_path / "l.json", view="Coming", file_format="json")
    found = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert (found["view"], [list(p) for p in found["people"]]) == ("Coming", [["reference", "name"]])


def test_for_programs_and_in_other_languages_and_dialects(meeting, tmp_path):
    path = tmp_path / "l.csv"
    run(path, headings="machines", dialect="semicolon", bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfreference;category;")
    run(path, language="fr")
    assert "Membres" in path.read_text("utf-8") and "Members" not in path.read_text("utf-8")


def test_it_stands_in_the_history(meeting, tmp_path):
    run(tmp_path / "l.csv", reason="The nightly copy")
    entry = AuditEntry.objects.get()
    told = {name: entry.detail[name] for name in ("format", "count", "command", "reason")}
    assert (entry.by, entry.action, told) == (
        None, "export", {"format": "csv", "count": 2, "command": "export_list", "reason": "The nightly copy"},
    )  # fmt: skip


def test_under_somebodys_name_it_holds_what_they_may_read(meeting, tmp_path):
    QuestionFactory(meeting=meeting, key="seat", label="Seat", readers=["organiser"])
    user = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    run(tmp_path / "all.csv")
    run(tmp_path / "theirs.csv", by=user.email)
    assert "Seat" in rows_of(tmp_path / "all.csv")[0] and "Seat" not in rows_of(tmp_path / "theirs.csv")[0]
    assert AuditEntry.objects.order_by("pk").last().by == user


def test_restricted_answers_only_with_a_reason(meeting, tmp_path):
    QuestionFactory(meeting=meeting, key="food", label="Food", data_class=3, readers=["lists"])
    run(path := tmp_path / "l.csv")
    assert "Food" not in rows_of(path)[0]
    with pytest.raises(CommandError, match="Restricted answers leave only with a reason"):
        run(path, restricted=True)
    run(path, restricted=True, reason="For the kitchen")
    assert "Food" in rows_of(path)[0]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"meeting": "nowhere"}, "There is no meeting at “nowhere”. There are: eap."),
        ({"file_format": "docx"}, "There is no format “docx”. There are: xlsx, csv, pdf, json, vcf."),
        ({"view": "Gone"}, "There is no view “Gone”. There are: “Coming”, “Twice”."),
        ({"view": ""}, "There is no view “”."),
        ({"view": "Twice"}, "Several people have a view “Twice”: a@example.org, b@example.org. Say whose with --by."),
        ({"language": "xx"}, "There is no list in the language “xx”."),
        ({"dialect": "pipe"}, "There is no dialect “pipe”. There are: comma, semicolon, tab."),
        ({"headings": "none"}, "There is no kind of headings “none”."),
        ({"by": "x@example.org"}, "Nobody has an account under x@example.org."),
        ({"by": "a@example.org"}, "a@example.org may not export lists of this meeting."),
    ],
)
def test_what_cannot_be_is_told_and_the_old_file_stays(meeting, tmp_path, options, told):
    a_view(meeting, owner=UserFactory())
    for email in ("a@example.org", "b@example.org"):
        a_view(meeting, name="Twice", owner=UserFactory(email=email))
    path = tmp_path / "list"
    path.write_text("old")
    with pytest.raises(CommandError) as refusal:
        run(path, **options)
    assert told in str(refusal.value)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("where", ["missing/list.csv", "."])
def test_a_place_that_cannot_be_written_is_told_before_anything_is(meeting, tmp_path, where):
    with pytest.raises(CommandError, match="cannot be written: "):
        run(tmp_path / where)
    assert not AuditEntry.objects.exists()


def test_what_breaks_in_the_middle_leaves_the_old_file(meeting, tmp_path, monkeypatch):
    def breaks(sql):
        yield b"EAP-1,"
        raise copying.ExportBrokenError

    monkeypatch.setattr("registration.lists.csv_export.piped", breaks)
    path = tmp_path / "list.csv"
    path.write_text("old")
    with pytest.raises(CommandError, match="The database stopped in the middle"):
        run(path)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_the_new_file_is_read_by_whom_the_old_one_was_and_a_link_goes_on_leading(meeting, tmp_path):
    run(tmp_path / "new.csv")
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o600
    (tmp_path / "new.csv").chmod(0o640)
    (tmp_path / "link.csv").symlink_to("new.csv")
    (tmp_path / "new.csv").write_text("old")
    run(tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink() and len(rows_of(tmp_path / "new.csv")) == 2
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o640


def test_more_than_a_workbook_holds_is_told(meeting, tmp_path, monkeypatch):
    monkeypatch.setitem(MOST, ExportFormat.XLSX, 1)
    with pytest.raises(CommandError, match="2 people are more than the 1 that fit into xlsx"):
        run(tmp_path / "l.xlsx", file_format="xlsx")


START = """
import sys
from django.conf import settings
import config.settings
from config import embedded
import django
settings.DATABASES["default"]["NAME"] = sys.argv.pop(1)
django.setup()
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


def on_the_command_line(*arguments, **options):
    command = [sys.executable, "-c", START, connection.settings_dict["NAME"], *arguments]
    return subprocess.Popen(
        command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def test_a_dash_is_the_standard_output_and_nothing_else_stands_there(meeting, people):
    output, errors = on_the_command_line("export_list", "eap", "--format", "json", "--output", "-").communicate(
        timeout=60
    )
    assert {p["reference"] for p in json.loads(output)["people"]} == {p.reference for p in people}
    assert errors == b""
