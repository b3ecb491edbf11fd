"""CSV and XLSX of the attendee list: what is in them, in what order, and that no cell can calculate."""

import datetime
import threading
import time

import pytest
from django.db import connection

from meeting.models import AuditEntry, Role
from registration.lists import copying, csv_export
from registration.lists.columns import columns_for
from registration.lists.filters import PeopleFilter, people_of
from registration.lists.guard import Guarded, guarded
from registration.lists.rows import ListQuery
from registration.models import Registration, RoleInDelegation, Status
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory
from tests.registration.exports import REASON, ask, content, read_csv, read_xlsx

HEADINGS = [
    "Reference", "Category", "Represents", "Form of address", "Printed name", "Given names", "Family name",
    "Functional title", "Ministry or department", "Organization", "Role", "Takes part", "Status", "Since",
    "Submitted", "Email", "Telephone",
]  # fmt: skip

CELLS = [
    ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\tcell", "'\tcell"),
    ("\rcell", "'\rcell"),
    ("\n=1+1", "'\n=1+1"),
    ("＝1+1", "'＝1+1"),
    ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
    ("-2+3+cmd|'x'!A0", "'-2+3+cmd|'x'!A0"),
    ("+SUM(A1:A2)", "'+SUM(A1:A2)"),
    ("+1234\n=1", "'+1234\n=1"),
    ("+66 2 288 1234", "+66 2 288 1234"),
    ("+66 (0)2-288.1234 ext. 12", "+66 (0)2-288.1234 ext. 12"),
    ("-12.5", "-12.5"),
    ("a=b", "a=b"),
    ('O\'Brien, "Pat"', 'O\'Brien, "Pat"'),
    ("ສົມພອນ ແກ້ວວິໄລ", "ສົມພອນ ແກ້ວວິໄລ"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "safe"), CELLS)
def test_guard_stops_formulas_and_leaves_numbers_alone(typed, safe):
    assert guarded(typed) == safe


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "safe"), CELLS)
def test_the_same_guard_in_the_database(typed, safe):
    person = RegistrationFactory()
    Registration.objects.filter(pk=person.pk).update(functional_title=typed)
    assert Registration.objects.values_list(Guarded("functional_title"), flat=True).get() == safe


def wanted_by(user, meeting, **asked):
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    data.update(asked)
    return ListQuery(meeting, PeopleFilter(data, meeting).narrow(people_of(meeting, user)))


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def exporter(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.LISTS).user


@pytest.fixture
def person(meeting):
    category = CategoryFactory(meeting=meeting, name="Members")
    return RegistrationFactory(
        delegation=DelegationFactory(category=category, name="Fiji", sort_key="fiji"),
        honorific="Ms.",
        given_names="Litia",
        family_name="Waqanisau",
        functional_title='=HYPERLINK("http://evil")',
        department="Ministry of Women, Children\nand Poverty Alleviation",
        organisation="",
        email="litia@example.org",
        phone="+66 2 288 1234",
        role=RoleInDelegation.HEAD,
        status=Status.APPROVED,
        status_since=datetime.datetime(2008, 9, 8, 2, 12, 30, tzinfo=datetime.UTC),
        submitted_at=datetime.datetime(2008, 9, 1, 20, 55, tzinfo=datetime.UTC),
    )


@pytest.mark.django_db(transaction=True)
def test_csv_holds_every_column_in_the_meetings_time(client, meeting, exporter, person):
    client.force_login(exporter)
    response = ask(client, meeting)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith(f'attachment; filename="{meeting.slug}-people-')
    assert read_csv(response) == [
        HEADINGS,
        [
            person.reference, "Members", "Fiji", "Ms.", "Litia Waqanisau", "Litia", "Waqanisau",
            "'=HYPERLINK(\"http://evil\")", "Ministry of Women, Children\nand Poverty Alleviation", "",
            "Representative (head of delegation)", "In person", "Approved", "2008-09-08 09:12:00",
            "2008-09-02 03:55:00", "litia@example.org", "+66 2 288 1234",
        ],
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_csv_begins_with_a_byte_order_mark_only_when_asked(client, meeting, exporter, person):
    client.force_login(exporter)
    plain = content(ask(client, meeting))
    marked = content(ask(client, meeting, bom="on"))
    assert plain.startswith(b"Reference,")
    assert marked == b"\xef\xbb\xbf" + plain


@pytest.mark.django_db(transaction=True)
def test_exports_speak_the_readers_language(client, meeting, exporter, person):
    client.force_login(exporter)
    category = person.delegation.category
    category.name_fr = "Membres"
    category.save()
    client.cookies["django_language"] = "fr"
    assert read_csv(ask(client, meeting))[1][1] == "Membres"


@pytest.mark.django_db(transaction=True)
def test_csv_has_what_the_filter_leaves_and_never_drafts(client, meeting, exporter, person):
    RegistrationFactory(delegation=person.delegation, status=Status.DRAFT)
    rejected = RegistrationFactory(delegation=person.delegation, status=Status.REJECTED)
    RegistrationFactory()  # of another meeting
    client.force_login(exporter)
    assert {row[0] for row in read_csv(ask(client, meeting))[1:]} == {person.reference, rejected.reference}
    only = read_csv(ask(client, meeting, query={"status": "rejected"}))
    assert [row[0] for row in only[1:]] == [rejected.reference]


@pytest.mark.django_db(transaction=True)
def test_a_percent_sign_in_a_search_reaches_the_database_as_it_is(client, meeting, exporter, person):
    client.force_login(exporter)
    assert read_csv(ask(client, meeting, query={"q": "100%s of 'them'"})) == [HEADINGS]


@pytest.mark.django_db(transaction=True)
def test_rows_come_by_category_delegation_role_and_name(client, meeting, exporter):
    later = CategoryFactory(meeting=meeting, order=20)
    first = CategoryFactory(meeting=meeting, order=10)
    zambia = DelegationFactory(category=first, name="Zambia", sort_key="z")
    aland = DelegationFactory(category=first, name="Åland Islands", sort_key="a")
    agency = DelegationFactory(category=later, name="Agency", sort_key="a")
    expected = [
        RegistrationFactory(delegation=aland, role=RoleInDelegation.HEAD, family_name="Öberg"),
        RegistrationFactory(delegation=aland, role=RoleInDelegation.ADVISER, family_name="Alm"),
        RegistrationFactory(delegation=aland, role=RoleInDelegation.ADVISER, family_name="Åkesson"),
        RegistrationFactory(delegation=zambia, family_name="Banda"),
        RegistrationFactory(delegation=agency, family_name="Aalto"),
    ]
    # Åkesson sorts with a in English, before Alm.
    expected[1], expected[2] = expected[2], expected[1]
    client.force_login(exporter)
    assert [row[0] for row in read_csv(ask(client, meeting))[1:]] == [r.reference for r in expected]


@pytest.mark.django_db(transaction=True)
def test_every_export_is_written_into_the_history(client, meeting, exporter, person):
    client.force_login(exporter)
    read_csv(ask(client, meeting, query={"status": "approved", "q": "litia"}))
    ask(client, meeting, "xlsx").close()
    entries = AuditEntry.objects.order_by("pk")
    assert [(e.meeting, e.by, e.action, e.about) for e in entries] == [
        (meeting, exporter, "export", "CSV"), (meeting, exporter, "export", "XLSX"),
    ]  # fmt: skip
    told = [{name: e.detail.get(name) for name in ("format", "filter", "count", "reason")} for e in entries]
    assert told == [
        {"format": "csv", "filter": {"q": "litia", "status": "approved"}, "count": 1, "reason": REASON},
        {"format": "xlsx", "filter": {}, "count": 1, "reason": REASON},
    ]
    assert entries[0].detail["columns"][0] == "reference"


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_leaves_early_leaves_no_thread_and_no_connection(meeting, exporter, person):
    RegistrationFactory.create_batch(3, delegation=person.delegation, functional_title="x" * 200)
    wide = wanted_by(exporter, meeting)
    before = threading.active_count()
    # Far more than a pipe holds, so that COPY must be waiting when the reader goes.
    sql = (
        csv_export.copy_statement(wide, columns_for(with_contact=True))
        .replace("COPY (", "COPY (WITH list AS (", 1)
        .replace(") TO STDOUT", ") SELECT list.* FROM list, generate_series(1, 200000)) TO STDOUT")
    )
    chunks = copying.piped(sql)
    assert len(next(chunks)) > 0
    chunks.close()
    assert threading.active_count() == before
    # The database hears of it a moment after the connection is closed, later on a busy machine.
    deadline = time.monotonic() + 20
    while copies_running() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert copies_running() == 0


def copies_running():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE query LIKE 'COPY%' AND state <> 'idle' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_database_error_in_the_middle_breaks_the_download(meeting):
    chunks = copying.piped("COPY (SELECT 1/(5-n) FROM generate_series(1, 10) AS n) TO STDOUT WITH (FORMAT csv)")
    with pytest.raises(copying.ExportBrokenError):
        list(chunks)


@pytest.mark.django_db
def test_xlsx_holds_text_as_text_and_dates_as_dates(client, meeting, exporter, person):
    client.force_login(exporter)
    response = ask(client, meeting, "xlsx")
    assert response["Content-Disposition"].startswith(f'attachment; filename="{meeting.slug}-people-')
    sheet = read_xlsx(response)
    assert [cell.value for cell in sheet[1]] == HEADINGS
    row = dict(zip(HEADINGS, sheet[2], strict=True))
    assert (row["Functional title"].value, row["Functional title"].data_type) == ('=HYPERLINK("http://evil")', "s")
    assert row["Telephone"].value == "+66 2 288 1234"
    assert row["Since"].value == datetime.datetime(2008, 9, 8, 9, 12)
    assert row["Since"].is_date
    assert row["Organization"].value is None
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["E"].width == pytest.approx(30.7, abs=0.1)
    assert sheet.max_row == 2


def test_contact_details_are_left_out_where_nobody_needs_them():
    assert [c.name for c in columns_for(with_contact=True)][-2:] == ["email", "phone"]
    assert {"email", "phone"}.isdisjoint(c.name for c in columns_for(with_contact=False))
