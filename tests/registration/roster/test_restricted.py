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
