"""What a delegate has answered to a few is not for the roster: not for focal points, and not for who helps them."""

import pytest

from meeting.models import Role
from registration.models import Answer, Channel
from tests.factories import QuestionFactory, RegistrationFactory, StaffRoleFactory
from tests.registration.roster.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(delegation):
    question = QuestionFactory(meeting=delegation.meeting, data_class=3, readers=["visa"], required=True)
    person = RegistrationFactory(delegation=delegation, channel=Channel.SELF)
    Answer.objects.create(registration=person, question=question, value="Insulin pump")
    return person


def changed(client, delegation, person):
    """The page of the row, and what is left when its functional title is changed."""
    address = at("row", delegation, reference=person.reference)
    page = client.get(address)
    assert (page.status_code, "Insulin" in page.content.decode()) == (200, False)
    form = page.context["form"]
    data = dict(form.seen()) | {name: form.initial.get(name, "") for name in form.fields}
    client.post(address, data | {"functional_title": "Judge"})
    person.refresh_from_db()
    return person.functional_title, Answer.objects.get().value


def test_a_focal_point_neither_reads_nor_loses_it(client, delegation, focal, answered):
    assert changed(client, delegation, answered) == ("Judge", "Insulin pump")


def test_nor_does_an_organiser_who_helps(client, delegation, answered):
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user)
    assert changed(client, delegation, answered) == ("Judge", "Insulin pump")


@pytest.fixture
def typed(delegation):
    """What a focal point has answered for somebody, to the visa office and to the organisers."""
    for_visas = QuestionFactory(meeting=delegation.meeting, key="passport", data_class=3, readers=["visa"])
    follows = QuestionFactory(
        meeting=delegation.meeting, key="issued", readers=["organiser"], shown_if=for_visas, shown_if_answer="P-4711"
    )
    for_all = QuestionFactory(meeting=delegation.meeting, key="hotel", readers=["organiser", "visa"])
    person = RegistrationFactory(delegation=delegation, channel=Channel.ROSTER)
    for question, value in ((for_visas, "P-4711"), (follows, "In Suva"), (for_all, "Lagoon Hotel")):
        Answer.objects.create(registration=person, question=question, value=value)
    return person


def sent_back(client, delegation, person):
    """The page of the row, and what is answered after it was sent as it was drawn."""
    address = at("row", delegation, reference=person.reference)
    page = client.get(address)
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    client.post(address, dict(form.seen()) | values | {"functional_title": "Judge", "q_passport": "typed blindly"})
    person.refresh_from_db()
    assert person.functional_title == "Judge"
    return page.content.decode(), dict(Answer.objects.values_list("question__key", "value"))


KEPT = {"passport": "P-4711", "issued": "In Suva", "hotel": "Lagoon Hotel"}


def test_an_organiser_reads_of_what_was_typed_only_what_the_question_lets_them(client, delegation, typed):
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user)
    page, left = sent_back(client, delegation, typed)
    assert ("Lagoon Hotel" in page, "P-4711" in page, "In Suva" in page) == (True, False, False)
    assert left == KEPT


def test_nor_what_was_typed_before_they_were_named_as_readers(client, delegation, typed):
    question = Answer.objects.get(question__key="hotel").question
    new_version = {"meeting": delegation.meeting, "key": "hotel", "version": 2, "readers": ["organiser"]}
    type(question).objects.filter(pk=question.pk).update(readers=["visa"], is_current=False)
    QuestionFactory(**new_version)
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user)
    page, left = sent_back(client, delegation, typed)
    assert ("Lagoon Hotel" in page, left) == (False, KEPT)


def test_whoever_typed_it_reads_and_mends_it(client, delegation, focal, typed):
    page, left = sent_back(client, delegation, typed)
    assert ("Lagoon Hotel" in page, "P-4711" in page) == (True, True)
    assert left["passport"] == "typed blindly"


def test_on_a_new_row_everything_is_asked(client, delegation, focal, answered):
    assert "q_" in "".join(client.get(at("add", delegation)).context["form"].fields)
