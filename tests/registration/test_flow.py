"""A delegate's way through the pages, and what each page must not do."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from meeting.models import Entity, EntityKind, Membership
from registration import workflow
from registration.forms import RegistrationForm
from registration.models import AccessKey, Delegation, Letter, Registration, Status
from tests.factories import PDF, CategoryFactory, EntityFactory, MeetingFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    meeting = MeetingFactory(slug="eap-2008")
    CategoryFactory(
        meeting=meeting, code="MEM", order=1, name="Members", represents="government", kinds=["state"],
        standings=["member"], required_documents=["nomination"],
    )  # fmt: skip
    CategoryFactory(
        meeting=meeting, code="OTH", order=2, name="Other States", represents="government", kinds=["state"],
    )  # fmt: skip
    CategoryFactory(meeting=meeting, code="NGO", order=3, name="NGOs", represents="ngo", kinds=["ngo"])
    return meeting


@pytest.fixture
def fiji():
    entity = EntityFactory(code="FJ", kind=EntityKind.STATE, names={"en": "Fiji", "fr": "Fidji", "zh-hans": "斐济"})
    Membership.objects.create(entity=entity, body="ESCAP", status="member")
    return entity


def answers(**changed):
    return {
        "attempt": uuid.uuid4(),
        "honorific": "Ms.",
        "given_names": "Litia",
        "family_name": "Waqanisau",
        "display_name": "Litia WAQANISAU",
        "functional_title": "Director of Social Welfare",
        "department": "Ministry of Health",
        "organisation": "",
        "role": "head",
        "adult": "yes",
        "modality": "in_person",
        "email": "l.waqanisau@health.example.org",
        "phone": "+679 555 0142",
        "letter": SimpleUploadedFile("Nomination.pdf", PDF),
        **changed,
    }


def form_url(code="FJ"):
    return reverse("registration:form", args=["eap-2008", code])


def key_in(response):
    assert response.status_code == 302, response.context["form"].errors if response.context else response
    return response.url.rstrip("/").rsplit("/", 1)[1]


def test_the_whole_way(client, meeting, fiji):
    assert client.get(reverse("registration:represent", args=["eap-2008"])).status_code == 200
    step = client.get(
        reverse("registration:represent", args=["eap-2008"]), {"represents": "government", "entity": "FJ"}
    )
    assert step.url == form_url()
    assert client.get(step.url).status_code == 200
    key = key_in(client.post(form_url(), answers()))
    check = reverse("registration:check", args=["eap-2008", key])
    page = client.get(check)
    assert "Litia WAQANISAU" in page.content.decode()
    assert "Nomination.pdf" in page.content.decode()
    assert Registration.objects.get().status == Status.DRAFT
    sent = client.post(check)
    assert sent.url == reverse("private:page", args=[key])
    own = client.get(sent.url)
    registration = Registration.objects.get()
    assert registration.status == Status.SUBMITTED
    assert registration.reference in own.content.decode()
    assert "The organisers" in own.content.decode()
    assert registration.delegation.category.code == "MEM"
    assert Letter.objects.get().delegation == registration.delegation


def test_sending_the_same_form_again_makes_no_second_registration(client, meeting, fiji):
    same = uuid.uuid4()
    first = key_in(client.post(form_url(), answers(attempt=same)))
    client.post(form_url(), answers(attempt=same, functional_title="Minister"))
    assert Registration.objects.get().functional_title == "Minister"
    client.post(reverse("registration:check", args=["eap-2008", first]))
    client.post(reverse("registration:check", args=["eap-2008", first]))
    late = client.post(form_url(), answers(attempt=same, functional_title="Somebody else"))
    registration = Registration.objects.get()
    assert (registration.status, registration.functional_title) == (Status.SUBMITTED, "Minister")
    assert registration.events.count() == 1
    assert client.get(late.url).status_code == 302


def test_change_edits_the_draft_and_keeps_the_letter(client, meeting, fiji):
    key = key_in(client.post(form_url(), answers()))
    change = reverse("registration:change", args=["eap-2008", key])
    page = client.get(change)
    assert "We have “Nomination.pdf”" in page.content.decode()
    data = answers(attempt=Registration.objects.get().attempt, given_names="Litiana")
    del data["letter"]
    assert client.post(change, data).status_code == 302
    registration = Registration.objects.get()
    assert registration.given_names == "Litiana"
    assert registration.letters.get().original_name == "Nomination.pdf"


def test_changing_whom_one_represents_takes_the_answers_along(client, meeting, fiji):
    EntityFactory(code="CL", kind=EntityKind.STATE, names={"en": "Chile"})
    key = key_in(client.post(form_url(), answers()))
    step = client.get(
        reverse("registration:represent", args=["eap-2008"]),
        {"represents": "government", "entity": "CL", "draft": key},
    )
    page = client.get(step.url)
    assert 'value="Litia WAQANISAU"' in page.content.decode()
    data = answers(attempt=Registration.objects.get().attempt)
    del data["letter"]
    client.post(step.url, data)
    registration = Registration.objects.get()
    assert (registration.delegation.entity.code, registration.status) == ("CL", Status.DRAFT)
    assert registration.letters.get().delegation == registration.delegation


def test_change_after_sending_leads_to_the_own_page(client, meeting, fiji):
    key = key_in(client.post(form_url(), answers()))
    client.post(reverse("registration:check", args=["eap-2008", key]))
    response = client.post(reverse("registration:change", args=["eap-2008", key]), answers(given_names="Other"))
    assert response.url == reverse("private:page", args=[key])
    assert Registration.objects.get().given_names == "Litia"


def test_the_order_of_categories_decides_where_a_state_belongs(client, meeting):
    EntityFactory(code="CL", kind=EntityKind.STATE, names={"en": "Chile"})
    client.post(form_url("CL"), answers())
    assert Delegation.objects.get().category.code == "OTH"


def test_an_organisation_not_in_the_list_waits_for_an_organiser(client, meeting):
    represent = reverse("registration:represent", args=["eap-2008"])
    step = client.get(represent, {"represents": "ngo", "new_name": "Sukhothai  Children's Fund"})
    assert client.post(step.url, answers()).status_code == 302
    entity = Entity.objects.get()
    assert (entity.name(), entity.kind, entity.is_checked) == ("Sukhothai Children's Fund", EntityKind.NGO, False)
    listed = client.get(represent, {"represents": "ngo"}).content.decode()
    assert "Sukhothai" not in listed
    assert client.get(reverse("registration:form", args=["eap-2008", entity.code])).status_code == 404


def test_the_same_new_name_twice_is_one_entity(client, meeting):
    step = reverse("registration:form", args=["eap-2008", "new"]) + "?represents=ngo&name=Mekong+Watch"
    client.post(step, answers())
    client.post(step, answers(email="other@example.org"))
    assert (Entity.objects.count(), Delegation.objects.count(), Registration.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize(
    ("words", "found"), [("fid", "FJ"), ("斐济", "FJ"), ("FIJI", "FJ"), ("fíji", "FJ"), ("zz", None), ("", None)]
)
def test_entity_search_finds_by_any_name(client, meeting, fiji, words, found):
    url = reverse("registration:entities", args=["eap-2008"])
    hits = client.get(url, {"represents": "government", "q": words}).json()["hits"]
    assert [hit["code"] for hit in hits] == ([found] if found else [])


def test_entity_search_says_by_which_name_it_found(client, meeting, fiji):
    url = reverse("registration:entities", args=["eap-2008"])
    hit = client.get(url, {"represents": "government", "q": "fid"}).json()["hits"][0]
    assert hit == {"code": "FJ", "name": "Fiji", "found_as": "Fidji", "language": "French", "note": "Member"}


def test_entity_search_stays_within_the_answer(client, meeting, fiji):
    url = reverse("registration:entities", args=["eap-2008"])
    assert client.get(url, {"represents": "ngo", "q": "fiji"}).json() == {"hits": []}


def test_a_made_up_or_revoked_link_is_a_404(client, meeting, fiji):
    key = key_in(client.post(form_url(), answers()))
    assert client.get(reverse("private:page", args=["made-up"])).status_code == 404
    AccessKey.objects.update(revoked_at="2026-01-01T00:00Z")
    assert client.get(reverse("private:page", args=[key])).status_code == 404


def test_a_link_of_another_meeting_is_a_404(client, meeting, fiji):
    other = RegistrationFactory(status=Status.DRAFT)
    key = AccessKey.objects.issue(other)
    assert client.get(reverse("registration:check", args=["eap-2008", key])).status_code == 404
    assert client.get(reverse("registration:change", args=["eap-2008", key])).status_code == 404


def test_only_the_hash_of_a_key_is_stored(client, meeting, fiji):
    key = key_in(client.post(form_url(), answers()))
    assert key not in str(AccessKey.objects.values_list("digest", flat=True))


def test_private_pages_are_never_cached(client, meeting, fiji):
    key = key_in(client.post(form_url(), answers()))
    client.post(reverse("registration:check", args=["eap-2008", key]))
    assert "no-store" in client.get(reverse("private:page", args=[key])).headers["Cache-Control"]


def test_nothing_tells_that_an_address_is_registered(client, meeting, fiji):
    """The same person a second time gets the very same steps; an organiser sees both and decides."""
    for _ in range(2):
        key = key_in(client.post(form_url(), answers()))
        sent = client.post(reverse("registration:check", args=["eap-2008", key]))
        assert "We have your registration" in client.get(sent.url).content.decode()
    assert Registration.objects.count() == 2


def test_what_did_not_exist_on_the_day_is_not_offered(client, meeting):
    women = EntityFactory(code="UN-WOMEN", kind=EntityKind.NGO, names={})
    women.names.all().delete()
    women.names.create(language="en", name="UN-Women", valid_from="2010-07-02")
    url = reverse("registration:entities", args=["eap-2008"])
    assert client.get(url, {"represents": "ngo", "q": "women"}).json() == {"hits": []}
    listed = client.get(reverse("registration:represent", args=["eap-2008"]), {"represents": "ngo"})
    assert "UN-WOMEN" not in listed.content.decode()


@pytest.mark.parametrize(("typed", "leads_on"), [("Fidji", True), ("fij", True), ("Nowhere", False)])
def test_a_name_that_was_typed_but_not_chosen_is_understood(client, meeting, fiji, typed, leads_on):
    represent = reverse("registration:represent", args=["eap-2008"])
    step = client.get(represent, {"represents": "government", "entity": "", "typed": typed})
    if leads_on:
        assert step.url == form_url()
    else:
        page = step.content.decode()
        assert "Choose the State or territory you represent" in page
        assert 'data-typed="Nowhere"' in page


def test_a_draft_that_was_sent_meanwhile_is_not_written_over(client, meeting, fiji, monkeypatch):
    key = key_in(client.post(form_url(), answers()))
    draft = Registration.objects.get()
    is_valid = RegistrationForm.is_valid

    def sent_while_the_form_is_read(form):
        workflow.submit(draft.pk)
        return is_valid(form)

    monkeypatch.setattr(RegistrationForm, "is_valid", sent_while_the_form_is_read)
    client.post(reverse("registration:change", args=["eap-2008", key]), answers(given_names="Other", attempt=""))
    draft.refresh_from_db()
    assert (draft.status, draft.given_names) == (Status.SUBMITTED, "Litia")


def test_the_attempt_of_somebody_else_in_a_changed_draft_changes_nothing_of_theirs(client, meeting, fiji):
    theirs = RegistrationFactory(status=Status.DRAFT, delegation__category__meeting=meeting)
    key = key_in(client.post(form_url(), answers()))
    client.post(
        reverse("registration:change", args=["eap-2008", key]), answers(given_names="Other", attempt=theirs.attempt)
    )
    theirs.refresh_from_db()
    assert theirs.given_names != "Other"
    assert Registration.objects.exclude(pk=theirs.pk).get().given_names == "Other"


def test_a_lost_cookie_is_told_as_what_it_is(meeting, fiji):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(form_url(), answers())
    assert response.status_code == 403
    page = response.content.decode()
    assert "Your browser did not keep the cookie that protects this form" in page
    assert "role" not in page.split("<main", 1)[1].split("</main>", 1)[0]
    assert Registration.objects.count() == 0
