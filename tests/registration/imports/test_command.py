"""manage.py import_roster: a dry run unless told otherwise, and an exit status that scripts can go by."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from meeting.models import User
from registration.models import Registration, RosterImport
from tests.factories import DelegationFactory, StaffRoleFactory, UserFactory

from .sheets import HEADS, SOMEBODY, csv, xlsx

pytestmark = pytest.mark.django_db
BAD = ["Ana", "Cruz", "Adviser", "not an address", "31/02/1980"]


@pytest.fixture
def delegation(db):
    User.objects.create_superuser("root@example.org", name="Root")
    return DelegationFactory()


@pytest.fixture
def run(delegation, tmp_path, capsys):
    def call(content, *options, name="roster.xlsx", whole=False):
        path = tmp_path / name
        path.write_bytes(content)
        where = [] if whole else ["--delegation", delegation.reference]
        status = 0
        try:
            call_command("import_roster", delegation.meeting.slug, *where, str(path), "--json", *options)
        except SystemExit as end:
            status = end.code
        return status, json.loads(capsys.readouterr().out)

    return call


def test_a_dry_run_writes_nothing_and_leaves_nothing(run, settings):
    status, told = run(xlsx([HEADS, SOMEBODY]))
    assert (status, told["committed"], told["counts"]["created"]) == (0, False, 1)
    assert not Registration.objects.exists() and not RosterImport.objects.exists()
    assert not [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()]


def test_committed_and_then_unchanged(run):
    status, told = run(xlsx([HEADS, SOMEBODY]), "--commit")
    made = Registration.objects.get()
    assert (status, told["committed"]) == (0, True)
    assert told["rows"] == [
        {"row": 2, "outcome": "created", "reference": made.reference, "errors": {}, "warnings": {}, "changes": {}}
    ]
    status, told = run(xlsx([HEADS, SOMEBODY]), "--commit")
    assert (status, [r["outcome"] for r in told["rows"]]) == (0, ["unchanged"])


def test_a_row_in_error_is_told_and_keeps_all_out(run):
    status, told = run(csv([HEADS, SOMEBODY, BAD]), "--commit", name="r.csv")
    assert (status, told["committed"], Registration.objects.count()) == (1, False, 0)
    assert [r["outcome"] for r in told["rows"]] == ["created", "error"]
    assert set(told["rows"][1]["errors"]) == {"email", "birth_date"}


def test_the_good_rows_where_that_is_asked_for(run):
    status, told = run(xlsx([HEADS, SOMEBODY, BAD]), "--commit", "--good-rows")
    assert (status, told["committed"], Registration.objects.count()) == (1, True, 1)


def test_a_file_that_cannot_be_read(run):
    status, told = run(b"%PDF-1.4 ...")
    assert (status, told["rows"]) == (1, [])
    assert "PDF" in told["problem"]


def test_for_people_each_error_has_a_line(delegation, tmp_path, capsys):
    path = tmp_path / "r.xlsx"
    path.write_bytes(xlsx([HEADS, BAD]))
    with pytest.raises(SystemExit):
        call_command("import_roster", delegation.meeting.slug, str(path), delegation=delegation.reference)
    said = capsys.readouterr().out
    assert "row 2, Email:" in said and "1 in error." in said and "Nothing was written." in said


@pytest.mark.parametrize(
    "arguments, word",
    [(["nowhere", "x.csv"], "no meeting"), (["{slug}", "missing.csv"], "cannot be opened"),
     (["{slug}", "{file}", "--delegation", "D-NONE"], "no delegation"),
     (["{slug}", "{file}", "--by", "nobody@example.org"], "no account")],
)  # fmt: skip
def test_what_is_not_there_is_named(delegation, tmp_path, arguments, word):
    (tmp_path / "r.csv").write_bytes(csv([HEADS, SOMEBODY]))
    known = {"slug": delegation.meeting.slug, "file": tmp_path / "r.csv"}
    with pytest.raises(CommandError, match=word):
        call_command("import_roster", *(a.format(**known) for a in arguments))


@pytest.mark.django_db(transaction=True)
def test_the_exit_status_of_the_program(tmp_path, settings):
    """In a process of its own, on the database of this test."""
    delegation, user = DelegationFactory(), UserFactory()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv([HEADS, SOMEBODY]))
    bad.write_bytes(csv([HEADS, BAD]))
    name = settings.DATABASES["default"]["NAME"]
    start = (
        "import django; from django.conf import settings; "
        f"settings.DATABASES['default']['NAME'] = {name!r}; settings.MEDIA_ROOT = {str(tmp_path)!r}; django.setup(); "
        "from django.core.management import execute_from_command_line as run; import sys; run(sys.argv)"
    )
    where = ["import_roster", delegation.meeting.slug, "--delegation", delegation.reference, "--by", user.email]

    def status(path):
        command = [sys.executable, "-c", start, *where, str(path), "--json"]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert (status(good), status(bad)) == (0, 1)


def test_somebody_always_answers_for_what_is_written(tmp_path):
    """An administrator, else an organiser of the meeting, else the command itself; nobody can sign in as that."""
    delegation = DelegationFactory()
    path = tmp_path / "roster.csv"

    def by(name: str) -> User:
        path.write_text(f"Name,Functional title,Role,Email\nLitia {name},Director,Adviser,{name}@example.org\n")
        arguments = [delegation.meeting.slug, str(path), "--delegation", delegation.reference, "--commit"]
        call_command("import_roster", *arguments)
        return delegation.events.filter(action="imported").latest("pk").by

    command = by("one")
    assert (command.is_active, command.has_usable_password()) == (False, False)
    assert by("two") == command
    organiser = StaffRoleFactory(meeting=delegation.meeting).user
    assert by("three") == organiser
    assert by("four") == organiser
    root = User.objects.create_superuser("root@example.org")
    assert by("five") == root
