"""A child's name, date of birth and guardian are in the sealed record and nowhere else: everything is looked through.

A child comes in the clumsiest way, typed into every field that has room for a name, and goes the whole way. Then each
address is opened by everybody but the lead and the senders, and every row of every table is read as it is stored.
"""

import io
import itertools
import zipfile

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import NoReverseMatch, reverse

from meeting.models import Role
from registration import workflow
from registration.models import (
    AccessKey,
    Answer,
    FocalPoint,
    LetterName,
    OutgoingMail,
    Question,
    Registration,
    RosterImport,
    Status,
)
from registration.safeguarding import filing, gate, intake, leaving
from tests.factories import LetterFactory, RegistrationFactory, StaffRoleFactory, UserFactory
from tests.registration.exports import ask
from tests.test_permissions import routes

from .conftest import BORN, LEGAL_NAME, fill, row_of, typed
from .test_pages import look_after

pytestmark = pytest.mark.django_db(transaction=True)

SECRETS = [
    "zephyrine", "quillabamba", "ottoline", "555 0199", "5550199", "2012-03-04", "04/03/2012", "4 march 2012",
    "class 8b",
]  # fmt: skip
STAFF = [
    [Role.ORGANISER],
    [Role.REVIEWER],
    [Role.LISTS],
    [Role.AUDITOR],
    [Role.PROGRAMME, Role.DESK, Role.VISA, Role.RAPPORTEUR],
]
OURS = ("registration", "meeting", "programme")


def told(text):
    low = text.lower()
    return [secret for secret in SECRETS if secret in low]


@pytest.fixture
def gone_through(meeting, delegation, for_children, focal, organiser, lead):
    """Typed, sent, returned, named on letters, imported, mailed; then taken in, filled, sent and cleared."""
    row = typed(delegation)
    workflow.submit(row.pk, by=focal)
    workflow.edit(row.pk, {"family_name": "Quillabamba Soto"}, by=focal)
    workflow.return_for_correction(row.pk, by=organiser, reason=f"{LEGAL_NAME}?", fields=["family_name"])
    workflow.resubmit(row.pk, by=focal)
    workflow.edit(row.pk, {"family_name": "Quillabamba"}, by=focal)
    LetterFactory(registration=row, original_name=f"{LEGAL_NAME}.pdf")
    of_all = LetterFactory(registration=None, delegation=delegation, meeting=meeting, original_name=f"{LEGAL_NAME}.pdf")
    LetterName.objects.create(letter=of_all, number=1, name=f"Ms. {LEGAL_NAME}")
    question = Question.objects.create(meeting=meeting, key="diet", kind="text", label="Diet", purpose="Meals")
    Answer.objects.create(registration=row, question=question, value=f"{LEGAL_NAME} eats anything")
    job = RosterImport.objects.create(meeting=meeting, delegation=delegation, by=focal, original_name="r.xlsx")
    job.rows.create(number=2, cells={"Name": LEGAL_NAME, "Born": "04/03/2012"}, outcome="created", registration=row)
    delegation.events.create(action="names", detail={"names": [LEGAL_NAME]})
    record = intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    fill(record, focal)
    gate.ask_for_more(record.pk, by=lead, reason="A clearer scan of Zephyrine’s paper.")
    filing.send(record.pk, by=focal)
    RegistrationFactory(delegation=delegation)
    return gate.clear(record.pk, by=lead)


def candidates(meeting, row, name):
    """Values for each part of an address: those of the child wherever there is a choice."""
    model = name.removeprefix("admin:").rsplit("_", 1)[0]
    numbers = sorted(
        {pk for m in mine() for pk in m._default_manager.values_list("pk", flat=True)[:8] if is_number(pk)}
    )
    own = [m for m in mine() if f"{m._meta.app_label}_{m._meta.model_name}" == model]
    objects = [pk for m in own for pk in m._default_manager.values_list("pk", flat=True)[:12]]
    key = AccessKey.objects.issue(row) if row.pk else ""
    return {
        "slug": [meeting.slug],
        "reference": list(Registration.objects.values_list("reference", flat=True)),
        "delegation": list(meeting.delegations.values_list("reference", flat=True)),
        "key": [key],
        "code": [row.delegation.entity.code],
        "pk": numbers[-4:] + numbers[:4],
        "object_id": objects or [1],
        "page": [1],
        "app_label": list(OURS),
    }


def mine():
    return [m for label in OURS for m in apps.get_app_config(label).get_models()]


def is_number(value):
    return isinstance(value, int)


def addresses(meeting, row):
    found = []
    for name, pattern in routes().items():
        given = candidates(meeting, row, name)
        parts = list(pattern.pattern.converters)
        for values in itertools.product(*(given.get(part, ["1"]) for part in parts)):
            try:
                found.append(reverse(name, kwargs=dict(zip(parts, values, strict=True))))
            except NoReverseMatch:
                continue
    return sorted(set(found))


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):  # a workbook says nothing before it is unpacked
        book = zipfile.ZipFile(io.BytesIO(content))
        content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace") + str(response.headers)


def crawl(client, somebody, found):
    """What each address tells `somebody`, by address; only those that tell a secret."""
    client.raise_request_exception = False  # an error may not tell either
    leaks, opened = {}, 0
    for address in found:
        response = client.get(address)
        opened += response.status_code == 200
        if secrets := told(text_of(response) + str(client.cookies)):
            leaks[address] = secrets
    assert leaks == {}, somebody
    return opened


def somebody_with(roles, meeting):
    user = UserFactory()
    for role in roles:
        StaffRoleFactory(meeting=meeting, role=role, user=user)
    return user


def everybody_else(client, meeting):
    """Each kind of reader who is neither the lead nor a sender, signed in."""
    yield "visitor", client
    for roles in STAFF:
        client.logout()
        client.force_login(somebody_with(roles, meeting))
        yield roles[0], client
    client.logout()
    stranger = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=RegistrationFactory().delegation, user=stranger)
    yield "focal point of somebody else", look_after(client, stranger)


def test_nobody_else_is_told_anywhere_on_any_page_or_export(client, gone_through, meeting, capfd, caplog):
    found = addresses(meeting, row_of(gone_through))
    assert len(found) > 100
    opened = {who: crawl(reader, who, found) for who, reader in everybody_else(client, meeting)}
    assert opened[Role.ORGANISER] > 25  # this has looked at something
    assert opened["visitor"] > 5
    assert told(caplog.text + "".join(capfd.readouterr())) == []


def test_the_sender_s_colleague_sees_the_alias_on_the_roster(client, gone_through, meeting, delegation):
    colleague = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=delegation, user=colleague)
    look_after(client, colleague)
    crawl(client, "colleague", addresses(meeting, row_of(gone_through)))


def dump():
    """Every row of every table as PostgreSQL keeps it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 (names of our own tables)
            yield from ((table, row) for (row,) in cursor.fetchall())


def assert_nothing_is_stored():
    leaks = {(table, tuple(told(row))) for table, row in dump() if told(row)}
    assert leaks == set()
    assert [s for s in Session.objects.all() if told(str(s.get_decoded()))] == []


def test_no_table_holds_a_word_of_it(gone_through):
    assert_nothing_is_stored()


def test_no_table_holds_a_word_of_it_after_everything_that_can_happen(gone_through, focal, lead, meeting):
    filing.take_back(gone_through.pk, "travel", by=focal)
    leaving.withdraw(gone_through.pk, by=focal)
    filing.send(gone_through.pk, by=focal)
    gate.refuse(gone_through.pk, by=lead, reason="No permission to travel for Zephyrine.")
    assert_nothing_is_stored()


def test_the_dump_would_find_it(delegation):
    typed(delegation)
    with pytest.raises(AssertionError):
        assert_nothing_is_stored()


def test_no_file_in_the_store_tells_by_its_name_or_content(gone_through, settings):
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(stored) >= 8
    for path in stored:
        assert told(str(path.relative_to(settings.MEDIA_ROOT))) == []
        assert told(path.read_bytes().decode(errors="replace")) == []


def test_no_message_ever_carried_it(gone_through):
    assert OutgoingMail.objects.filter(kind__in=["child_waits", "approved", "returned"]).count() >= 3
    for mail in OutgoingMail.objects.all():
        assert told(mail.to + mail.subject + mail.text + mail.html) == []


def test_a_withdrawn_child_is_not_even_an_alias_to_staff(client, gone_through, meeting, focal):
    alias = row_of(gone_through).display_name
    leaving.withdraw(gone_through.pk, by=focal)
    # Links to the row are worthless now; the crawl has made one of its own.
    found = [a for a in addresses(meeting, row_of(gone_through)) if not a.startswith("/r/")]
    client.raise_request_exception = False
    for roles in STAFF:
        client.force_login(somebody_with(roles, meeting))
        assert [a for a in found if alias in text_of(client.get(a))] == []
    assert row_of(gone_through).status == Status.WITHDRAWN


def test_lists_show_the_alias_and_that_is_all(client, gone_through, meeting):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.LISTS).user)
    alias = row_of(gone_through).display_name
    answers = [client.get(reverse("admin:desk:people", args=[meeting.slug]))]
    answers += [ask(client, meeting, file_format) for file_format in ("csv", "xlsx", "json")]
    for response in answers:
        text = text_of(response)
        assert alias in text
        assert told(text) == []
    cards = text_of(ask(client, meeting, "vcf"))
    assert (told(cards), "VCARD" in cards) == ([], False)
