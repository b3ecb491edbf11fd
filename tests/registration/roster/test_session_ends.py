"""An organiser who helps with a roster is warned before the session ends; a focal point has none that ends so."""

import time

import pytest

from meeting.models import Role
from tests.factories import StaffRoleFactory
from tests.registration.roster.conftest import at, make_draft

pytestmark = pytest.mark.django_db
PAGES = ["workspace", "row", "add", "paste", "order"]


def page(client, delegation, name):
    more = {"reference": make_draft(delegation).reference} if name == "row" else {}
    return client.get(at(name, delegation, **more)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_an_organiser_is_warned_on_every_page_where_work_can_be_lost(client, delegation, name):
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user)
    session = client.session
    session["staff_ends"] = int(time.time()) + 3600
    session.save()
    shown = page(client, delegation, name)
    assert 'class="ending"' in shown and "js/session.js" in shown


@pytest.mark.parametrize("name", PAGES)
def test_a_focal_point_is_not(client, delegation, focal, name):
    session = client.session
    session["staff_ends"] = int(time.time()) + 3600  # even where the same browser is signed in as staff elsewhere
    session.save()
    shown = page(client, delegation, name)
    assert 'class="ending"' not in shown and "js/session.js" not in shown
