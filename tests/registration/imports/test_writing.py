"""What an import makes of a roster: new people, changes, and the same file twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from meeting.models import AuditEntry
from registration import workflow
from registration.imports import commit, service
from registration.imports.people import are_alike, name_keys
from registration.models import (
    AccessKey,
    Answer,
    Channel,
    ChildRecord,
    Delegation,
    DelegationEvent,
    Registration,
    RosterImport,
    Status,
)
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    QuestionFactory,
    RegistrationFactory,
    UserFactory,
)

from .sheets import HEADS, SOMEBODY, outcomes, row, started, taken, upload, written, xlsx

pytestmark = pytest.mark.django_db
State = RosterImport.State


@pytest.fixture
def delegation(db):
    return DelegationFactory()


def test_a_preview_writes_nothing(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    assert (job.state, outcomes(job), job.done, job.total) == (State.LOOKED_AT, ["created"], 1, 1)
    assert not Registration.objects.exists()


def test_new_rows_become_drafts_of_the_delegation(delegation):
    taken(delegation, [SOMEBODY])
    made = Registration.objects.get()
    assert (made.status, made.channel, made.delegation) == (Status.DRAFT, Channel.IMPORT, delegation)
    assert (made.given_names, made.family_name, made.display_name) == ("Litia", "Waqanisau", "Litia Waqanisau")
    assert made.reference.startswith("EAP-") and made.search_key.startswith("litia waqanisau") and made.sort_key


def test_the_same_file_twice_changes_nothing(delegation):
    rows = [
        SOMEBODY,
        ["", "Sukarno", "President", "", ""],
        ["Ronald", "McDonald", "Adviser", "office@fiji.gov.fj", "3/4/1980"],
        ["Jan", "VAN DER BERG", "Adviser", "office@fiji.gov.fj", ""],
        ["晋三", "阿部", "大臣", "", "1954年9月21日"],
    ]
    taken(delegation, rows)
    before = list(Registration.objects.order_by("pk").values())
    again = started(delegation, xlsx([HEADS, *rows]))
    assert outcomes(again) == ["unchanged"] * 5
    written(again)
    assert list(Registration.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "given, family",
    [("Ronald", "McDonald"), ("Ana", "de la Cruz"), ("Jan", "VAN DER BERG"), ("晋三", "阿部"), ("Sukarno", ""),
     ("Seán", "O’Brien"), ("İpek", "Şahin"), ("Ngô", "Thị Hồng")],
)  # fmt: skip
def test_names_are_untouched(delegation, given, family):
    taken(delegation, [[given, family, "Adviser", "a@b.org", ""]])
    made = Registration.objects.get()
    assert (made.given_names, made.family_name) == (given, family)


def test_what_nobody_sees_in_a_cell_goes(delegation):
    taken(delegation, [["\u200fLitia\u00a0 ", " Waqanisau\t", "\u202aDirector\u202c", " litia@b.org\u00a0", ""]])
    made = Registration.objects.get()
    assert (made.given_names, made.family_name, made.functional_title, made.email) == (
        "Litia", "Waqanisau", "Director", "litia@b.org",
    )  # fmt: skip


def test_found_by_reference_whatever_else_the_row_says(delegation):
    known = RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.ROSTER)
    job = started(delegation, xlsx([["Reference", *HEADS], [known.reference.lower(), *SOMEBODY]]))
    assert outcomes(job) == ["updated"]
    assert row(job, 2).changes["family_name"] == [known.family_name, "Waqanisau"]
    written(job)
    known.refresh_from_db()
    assert (known.family_name, known.email) == ("Waqanisau", "litia@health.gov.fj")


def test_a_reference_that_is_not_there_is_an_error(delegation):
    elsewhere = RegistrationFactory()
    job = started(delegation, xlsx([["Reference", *HEADS], [elsewhere.reference, *SOMEBODY]]))
    assert list(row(job, 2).errors) == ["reference"]


def test_found_by_email_with_a_name_put_right(delegation):
    taken(delegation, [SOMEBODY])
    job = started(delegation, xlsx([HEADS, ["Litia", "Waqanisau-Smith", "Minister", "LITIA@health.gov.fj", ""]]))
    assert outcomes(job) == ["updated"]
    assert row(job, 2).changes["functional_title"] == ["Director", "Minister"]
    written(job)
    made = Registration.objects.get()
    assert (made.display_name, made.functional_title) == ("Litia Waqanisau-Smith", "Minister")


def test_an_address_of_a_whole_office_is_not_one_person(delegation):
    taken(delegation, [SOMEBODY])
    job = started(delegation, xlsx([HEADS, ["Josaia", "Tuisawau", "Driver", "litia@health.gov.fj", ""]]))
    assert outcomes(job) == ["created"]
    assert "Litia Waqanisau" in row(job, 2).warnings["email"]


def test_colleagues_with_one_address_and_one_word_in_common_are_other_people(delegation):
    anh = ["Anh", "Truong", "Director", "mission@example.org", ""]
    taken(delegation, [anh])
    rows = [["Binh", *anh[1:]], ["Chi", *anh[1:]]]
    job = started(delegation, xlsx([HEADS, *rows]))
    assert outcomes(job) == ["created", "created"]
    assert "Anh Truong" in row(job, 3).warnings["email"]
    written(job)
    assert set(Registration.objects.values_list("given_names", flat=True)) == {"Anh", "Binh", "Chi"}
    assert outcomes(started(delegation, xlsx([HEADS, anh, *rows]))) == ["unchanged"] * 3


@pytest.mark.parametrize("born, outcome", [("1975-05-31", "updated"), ("1975-06-01", "created"), ("", "created")])
def test_under_one_address_a_date_of_birth_tells_who_has_a_new_name(delegation, born, outcome):
    taken(delegation, [SOMEBODY])
    job = started(delegation, xlsx([HEADS, ["Mere", "Tuisawau", "Director", "litia@health.gov.fj", born]]))
    assert outcomes(job) == [outcome]


@pytest.mark.parametrize(
    "one, other",
    [("Litia Waqanisau", "Litia Waqanisan"), ("Truong Anh", "ANH Truong Thi"), ("Truong Anh", "T. Anh"),
     ("Wang Xiaoming", "Xiao Ming Wang"), ("Иван Петров", "Ivan Petrov"), ("Юлия Смирнова", "Yulia Smirnova"),
     ("José Núñez", "Jose Nunez"), ("Sukarno", "Sukarno Putra")],
)  # fmt: skip
def test_one_name_in_two_spellings(one, other):
    assert are_alike(name_keys("", "", one), name_keys("", "", other))


@pytest.mark.parametrize(
    "one, other",
    [("Truong Anh", "Truong Binh"), ("Nguyen Thi Thu Minh", "Nguyen Thi Thu Linh"), ("Don Mills", "Eva Mills"),
     ("Truong An", "Truong Anh"), ("Maria Fernandez", "Mario Fernandez"), ("Amy Wong", "May Wong"),
     ("A. B.", "Ana Bako"), ("Zhang Wei", "张丽"), ("Ana Cruz", "Ben de la Cruz")],
)  # fmt: skip
def test_two_names_with_words_in_common(one, other):
    assert not are_alike(name_keys("", "", one), name_keys("", "", other))


def test_new_rows_stand_behind_the_roster_in_the_order_of_the_file(delegation):
    RegistrationFactory(delegation=delegation, given_names="First", family_name="", precedence=7)
    taken(delegation, [[name, "", "Adviser", f"{name}@b.org", ""] for name in ("Zoe", "Ana", "Mia")])
    stands = Registration.objects.order_by("precedence").values_list("given_names", "precedence")
    assert list(stands) == [("First", 7), ("Zoe", 8), ("Ana", 9), ("Mia", 10)]


def test_where_the_file_says_the_order_it_counts(delegation):
    heads = ["Given names", "Order"]
    written(started(delegation, xlsx([heads, ["Ana", "2"], ["Mia", "1"]])))
    assert list(Registration.objects.order_by("precedence").values_list("given_names", flat=True)) == ["Mia", "Ana"]


def test_found_by_name_and_birth_date_in_any_order_of_words(delegation):
    taken(delegation, [SOMEBODY])
    job = started(delegation, xlsx([["Full name", "Born", "Position"], ["WAQANISAU Litia", "31 May 1975", "Minister"]]))
    assert outcomes(job) == ["updated"]
    assert job.rows.get().registration == Registration.objects.get()


def test_two_who_fit_are_an_error(delegation):
    for _n in range(2):
        RegistrationFactory(delegation=delegation, given_names="Li", family_name="Wei", email="", on_behalf=True)
    job = started(delegation, xlsx([["Given names", "Family name"], ["Li", "Wei"]]))
    assert outcomes(job) == ["error"]
    assert "Write the reference" in row(job, 2).errors["family_name"]


def test_somebody_twice_in_a_file_names_the_first_row(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY, SOMEBODY]))
    assert outcomes(job) == ["created", "error"]
    assert "row 2" in row(job, 3).errors["family_name"]


def test_empty_cells_leave_what_stands(delegation):
    taken(delegation, [SOMEBODY])
    assert outcomes(started(delegation, xlsx([HEADS, ["Litia", "Waqanisau", "", "", "1975-05-31"]]))) == ["unchanged"]


def test_every_error_of_every_row_at_once(delegation):
    bad = ["", "", "Director", "litia@health", "31/02/1975"]
    job = started(delegation, xlsx([HEADS, bad, ["Ana", "Cruz", "x", "not an address", "1975-13-13"], SOMEBODY]))
    assert outcomes(job) == ["error", "error", "created"]
    assert set(row(job, 2).errors) >= {"email", "birth_date"}
    assert set(row(job, 3).errors) == {"email", "birth_date"}


def test_rows_in_error_keep_the_file_out_until_somebody_says_otherwise(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY, ["Ana", "Cruz", "x", "not an address", ""]]))
    assert not service.confirm(job, job.by)
    assert not Registration.objects.exists()
    written(job, only_good=True)
    assert (job.state, Registration.objects.count()) == (State.DONE, 1)


def test_submitted_rows_change_with_history(delegation):
    known = RegistrationFactory(delegation=delegation, email="litia@health.gov.fj", functional_title="Adviser")
    job = taken(delegation, [[known.given_names, known.family_name, "Director", "litia@health.gov.fj", ""]])
    known.refresh_from_db()
    assert (known.functional_title, known.status) == ("Director", Status.SUBMITTED)
    assert known.events.get().changes == {"functional_title": ["Adviser", "Director"]}
    assert known.events.get().by == job.by


@pytest.mark.parametrize("needs_word", [True, False])
def test_after_approval_a_new_name_waits_for_a_word(delegation, needs_word):
    known = RegistrationFactory(delegation=delegation, status=Status.APPROVED, email="litia@health.gov.fj")
    row_ = ["Litia", f"{known.family_name} Newname", "Minister", "litia@health.gov.fj", ""]
    job = started(delegation, xlsx([HEADS, row_]), needs_word=needs_word)
    written(job)
    known.refresh_from_db()
    assert known.functional_title == "Minister"
    assert ("Newname" in known.family_name) is not needs_word
    assert known.proposals.count() == needs_word


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REJECTED])
def test_who_does_not_come_is_brought_back_first(delegation, status):
    known = RegistrationFactory(delegation=delegation, status=status, email="litia@health.gov.fj")
    job = started(delegation, xlsx([HEADS, ["Litia", known.family_name, "Minister", "litia@health.gov.fj", ""]]))
    assert outcomes(job) == ["error"]
    assert "Bring" in row(job, 2).errors["family_name"]


def test_seats_run_out_in_the_middle(delegation):
    delegation.quota = 2
    delegation.save()
    rows = [[f"Ana{n}", f"Cruz{n}", "Adviser", f"a{n}@b.org", ""] for n in range(4)]
    job = started(delegation, xlsx([HEADS, *rows]))
    assert (outcomes(job), job.counts["waiting"]) == (["created"] * 4, 2)
    assert [bool(r.warnings.get("")) for r in job.rows.all()] == [False, False, True, True]


def test_a_fault_in_the_middle_writes_nothing(delegation, monkeypatch):
    RegistrationFactory(delegation=delegation, email="litia@health.gov.fj", functional_title="Adviser")
    known = Registration.objects.get()
    rows = [["Ana", "Cruz", "x", "a@b.org", ""], [known.given_names, known.family_name, "New", known.email, ""]]
    job = started(delegation, xlsx([HEADS, *rows]))
    monkeypatch.setattr(commit, "_note", lambda *args: 1 / 0)
    written(job)
    assert (job.state, Registration.objects.count()) == (State.FAILED, 1)
    assert "nothing was written" in job.problem
    assert Registration.objects.get().functional_title == "Adviser"
    assert not known.events.exists()


def test_a_roster_changed_meanwhile_is_looked_at_again(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    RegistrationFactory(delegation=delegation, given_names="Litia", family_name="Waqanisau", email=SOMEBODY[3])
    written(job)
    assert job.state == State.READING
    service.preview(job.pk)
    job.refresh_from_db()
    assert (job.state, outcomes(job)) == (State.LOOKED_AT, ["updated"])
    assert "changed since you looked" in job.reading["notice"]


def test_two_confirms_write_once(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    assert [service.confirm(job, job.by), service.confirm(job, job.by)] == [True, False]
    commit.write(job.pk)
    commit.write(job.pk)
    assert Registration.objects.count() == 1


def test_the_delegation_remembers_the_file(delegation):
    job = taken(delegation, [SOMEBODY])
    event = delegation.events.get(action=DelegationEvent.Action.IMPORTED)
    assert (event.by, event.detail) == (job.by, {"file": "roster.xlsx", "created": 1})


def test_a_child_goes_to_the_sealed_record_and_leaves_no_name(delegation):
    CategoryFactory(meeting=delegation.meeting, for_children=True, listing="number")
    child = ["Mele", "Tupou", "Youth delegate", "", "2015-01-01"]
    job = taken(delegation, [child, SOMEBODY])
    record = ChildRecord.objects.get()
    assert (record.legal_name, record.birth_date) == ("Mele Tupou", "2015-01-01")
    assert "Tupou" not in str(Registration.objects.filter(is_minor=True).values())
    assert "Tupou" not in str([*job.rows.values(), *RosterImport.objects.values()])
    assert not job.file
    again = started(delegation, xlsx([HEADS, child, SOMEBODY]))
    assert outcomes(again) == ["unchanged", "unchanged"]


def test_many_rows_take_few_queries(delegation, django_assert_max_num_queries):
    rows = [[f"Ana{n}", f"Cruz{n}", "Adviser", f"a{n}@b.org", ""] for n in range(40)]
    job = started(delegation, xlsx([HEADS, *rows]))
    service.confirm(job, job.by)
    with django_assert_max_num_queries(30):
        commit.write(job.pk)
    assert Registration.objects.count() == 40


class TestWholeMeeting:
    @pytest.fixture
    def meeting(self, db):
        category = CategoryFactory(name="Member States", code="MS", kinds=["state"])
        EntityFactory(kind="state", iso3="FJI", names={"en": "Fiji", "fr": "Fidji"})
        EntityFactory(kind="state", iso3="VNM", names={"en": "Viet Nam"})
        return category.meeting

    def test_delegations_are_found_or_made(self, meeting):
        heads = ["Category", "Country", *HEADS]
        rows = [["MS", "FIDJI", *SOMEBODY], ["", "VNM", "Hoa", "Nguyễn", "x", "h@b.org", ""]]
        job = written(started(meeting, xlsx([heads, *rows]), needs_word=False))
        assert job.state == State.DONE, job.problem
        assert job.counts["delegations"] == 2
        assert {(d.name, d.registrations.count()) for d in Delegation.objects.all()} == {("Fiji", 1), ("Viet Nam", 1)}
        assert AuditEntry.objects.get().detail["delegations"] == 2
        assert outcomes(started(meeting, xlsx([heads, *rows]))) == ["unchanged"] * 2

    def test_an_unknown_name_gets_the_nearest(self, meeting):
        job = started(meeting, xlsx([["Country", *HEADS], ["Vietnan", *SOMEBODY]]))
        assert "Viet Nam" in row(job, 2).errors["entity"]

    def test_what_is_near_to_nobody_gets_no_silly_guess(self, meeting):
        for name in ("Albania", "Malaysia", "Germany"):
            EntityFactory(kind="state", names={"en": name})
        job = started(meeting, xlsx([["Country", *HEADS], ["Atlantis", *SOMEBODY]]))
        assert "add it there first" in row(job, 2).errors["entity"]

    def test_a_part_of_a_name_gets_those_who_have_it(self, meeting):
        for name in ("Timor-Leste", "Malaysia"):
            EntityFactory(kind="state", names={"en": name})
        job = started(meeting, xlsx([["Country", *HEADS], ["Timor", *SOMEBODY]]))
        assert "Is it Timor-Leste?" in row(job, 2).errors["entity"]

    def test_a_category_that_is_not_there_names_those_that_are(self, meeting):
        job = started(meeting, xlsx([["Country", "Category", *HEADS], ["Fiji", "Guests", *SOMEBODY]]))
        assert "Member States" in row(job, 2).errors["category"]

    def test_another_category_moves_the_person(self, meeting):
        written(started(meeting, xlsx([["Country", *HEADS], ["Fiji", *SOMEBODY]])))
        other = CategoryFactory(meeting=meeting, code="OBS", name="Observers", kinds=["state"])
        job = written(started(meeting, xlsx([["Country", "Category", *HEADS], ["Fiji", "OBS", *SOMEBODY]])))
        assert job.state == State.DONE, job.problem
        assert Registration.objects.get().delegation.category == other


def test_a_row_for_somebody_else_is_refused(delegation):
    EntityFactory(names={"en": "Viet Nam"})
    job = started(delegation, xlsx([["Country", *HEADS], ["Viet Nam", *SOMEBODY]]))
    assert list(row(job, 2).errors) == ["entity"]


def test_old_imports_go_with_their_files(delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    storage, name = job.file.storage, job.file.name
    assert service.forget() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_rosterimport SET changed_at = now() - interval '8 days'")
    assert service.forget() == 1
    assert not storage.exists(name) and not RosterImport.objects.exists()


def test_the_sweep_takes_up_what_nobody_began(delegation):
    job = service.start(delegation.meeting, delegation, upload(xlsx([HEADS, SOMEBODY])), UserFactory())
    assert service.sweep() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_rosterimport SET changed_at = now() - interval '30 seconds'")
    assert service.sweep() == 1
    job.refresh_from_db()
    assert job.state == State.LOOKED_AT


def test_stopping_forgets_the_file(delegation, monkeypatch):
    job = service.start(delegation.meeting, delegation, upload(xlsx([HEADS, SOMEBODY])), UserFactory())
    service.stop(job)
    service.preview(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.file), job.rows.count()) == (State.FAILED, False, 0)


def test_workflow_refusals_are_told(delegation, monkeypatch):
    known = RegistrationFactory(delegation=delegation, status=Status.APPROVED, email="litia@health.gov.fj")
    job = started(delegation, xlsx([HEADS, ["Litia", known.family_name, "New", "litia@health.gov.fj", ""]]))

    def refuse(*args, **kwargs):
        raise workflow.MoveNotAllowed("Not today.")

    monkeypatch.setattr(workflow, "edit", refuse)
    written(job)
    assert (job.state, job.problem) == (State.FAILED, "Nothing was written. Not today.")


def test_a_child_without_a_place_is_an_error(delegation):
    job = started(delegation, xlsx([HEADS, ["Mele", "Tupou", "Youth delegate", "", "2015-01-01"]]))
    assert list(row(job, 2).errors) == ["birth_date"]


@pytest.mark.parametrize("born", ["", "1975-05-31"])
def test_among_children_everybody_is_one(delegation, born):
    delegation.category.for_children, delegation.category.listing = True, "number"
    delegation.category.save()
    job = started(delegation, xlsx([HEADS, ["Mele", "Tupou", "Youth delegate", "", born]]))
    assert list(row(job, 2).errors) == ["birth_date"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_once():
    delegation = DelegationFactory()
    jobs = [started(delegation, xlsx([HEADS, SOMEBODY])) for _n in range(2)]
    for job in jobs:
        service.confirm(job, job.by)

    def work(pk):
        try:
            commit.write(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [job.pk for job in jobs for _n in range(2)]))
    assert Registration.objects.count() == 1
    # One was written; the other found that somebody was faster, and is looked at again.
    assert sorted(RosterImport.objects.values_list("state", flat=True)) == ["done", "reading"]


def test_a_fault_while_reading_is_told(delegation, monkeypatch):
    monkeypatch.setattr(service, "open_table", lambda job: 1 / 0)
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    assert (job.state, "fault on our side" in job.problem) == (State.FAILED, True)


def test_what_fails_again_and_again_is_given_up(delegation):
    job = service.start(delegation.meeting, delegation, upload(xlsx([HEADS, SOMEBODY])), UserFactory())
    job.reading["tries"] = service.MOST_TRIES
    job.save()
    service.preview(job.pk)
    job.refresh_from_db()
    assert (job.state, "several tries" in job.problem) == (State.FAILED, True)


@pytest.mark.parametrize(
    "values", [{"data_class": 3, "readers": ["organiser"]}, {"data_class": 2, "readers": ["visa"]}]
)
def test_a_preview_does_not_tell_an_answer_that_is_not_for_whoever_imports(delegation, values):
    question = QuestionFactory(meeting=delegation.meeting, label="Needs", **values)
    person = RegistrationFactory(delegation=delegation)
    Answer.objects.create(registration=person, question=question, value="Insulin pump")
    job = started(delegation, xlsx([["Reference", "Needs"], [person.reference, "A ramp"]]))
    assert row(job, 2).outcome == "updated"
    assert "Insulin" not in str(row(job, 2).changes)
    written(job)
    assert Answer.objects.get().value == "A ramp"


def test_an_address_that_a_file_puts_right_ends_the_links_sent_to_the_other(delegation):
    person = RegistrationFactory(delegation=delegation, email="stranger@example.org")
    AccessKey.objects.issue(person)
    written(started(delegation, xlsx([["Reference", "Email"], [person.reference, "right@example.org"]])))
    assert not AccessKey.objects.filter(revoked_at=None).exists()
