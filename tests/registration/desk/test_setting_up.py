"""A meeting set up in minutes."""

import pytest
from django.urls import reverse

from meeting.models import Meeting, Role
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(client):
    made = MeetingFactory(slug="eap-2008")
    client.force_login(StaffRoleFactory(meeting=made, role=Role.ORGANISER).user)
    return made


def test_the_organiser_takes_the_categories_the_meeting_needs(client, meeting):
    CategoryFactory(meeting=meeting, code="NGO")
    address = reverse("admin:desk:categories", args=[meeting.slug])
    offered = [code for code, _name in client.get(address).context["form"].fields["codes"].choices]
    assert "NGO" not in offered
    assert len(offered) == 15
    assert client.post(address, {"codes": ["MEM", "YTH"]}).status_code == 302
    assert set(meeting.categories.values_list("code", flat=True)) == {"NGO", "MEM", "YTH"}


@pytest.mark.parametrize("codes", [[], ["NGO"], ["nonsense"]])
def test_nothing_ticked_or_nothing_known_adds_nothing(client, meeting, codes):
    CategoryFactory(meeting=meeting, code="NGO")
    assert client.post(reverse("admin:desk:categories", args=[meeting.slug]), {"codes": codes}).status_code == 422
    assert meeting.categories.count() == 1


NEW = {
    "title": "Second meeting", "short_title": "Second", "slug": "eap-2010", "starts_on": "2010-09-18",
    "ends_on": "2010-09-19", "reference_prefix": "EAQ",
}  # fmt: skip


def test_a_copy_leads_to_its_own_setup(client, meeting):
    response = client.post(reverse("admin:desk:copy_meeting", args=[meeting.slug]), NEW)
    new = Meeting.objects.get(slug="eap-2010")
    assert response["Location"] == reverse("admin:meeting_meeting_change", args=[new.pk])
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slug": "eap-2008"}, "Another meeting has this address."),
        ({"slug": "delegations"}, "This address means something else already."),
        ({"ends_on": "2010-09-17"}, "The last day comes before the first."),
        ({"reference_prefix": "eap"}, "Two to six capitals."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_a_copy_with_a_mistake_comes_back_filled(client, meeting, wrong, sentence):
    response = client.post(reverse("admin:desk:copy_meeting", args=[meeting.slug]), NEW | wrong)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Second" in response.content.decode()
    assert Meeting.objects.count() == 1
