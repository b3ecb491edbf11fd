"""Versions are made and kept, compared, published, and show no more than people allow today."""

import pytest

from meeting.models import AuditEntry, EntityName
from registration import workflow
from registration.models import Listing, ListVersion, Officer, Publication, RoleInDelegation, Status
from registration.versions import making, publishing
from registration.versions.comparing import difference
from registration.versions.making import CannotMakeError, make, text_of
from registration.versions.public import public_tree
from tests.factories import ChildFactory
from tests.registration.participants.making import entities, names, outline, person

pytestmark = pytest.mark.django_db


def version(meeting, organiser, kind="provisional", languages=("en",), **more) -> ListVersion:
    return make(meeting, kind, languages, by=organiser, **more)


# --- Made and kept ----------------------------------------------------------------------------------------------------


def test_a_version_is_kept_as_it_was_in_each_language(meeting, fiji, organiser):
    ana = person(fiji, "Ana", "Silva")
    kept = version(meeting, organiser, languages=["en", "fr"])
    ana.display_name, ana.functional_title = "Ana Silva de Souza", "Minister"
    ana.save()
    fiji.entity.names.all().delete()
    assert names(text_of(kept, "en")) == ["Ana Silva"]
    assert entities(text_of(kept, "fr")) == ["Fidji"]
    assert text_of(kept, "en").head.state == "Provisional."
    assert text_of(kept, "fr").head.languages == "Anglais et français"
    assert (kept.people, kept.languages, kept.number) == (1, ["en", "fr"], 1)


def test_versions_follow_each_other_as_documents_do(meeting, fiji, organiser):
    person(fiji)
    assert making.kinds_for(meeting) == ("provisional", "final")
    made = [version(meeting, organiser, kind) for kind in ("provisional", "provisional", "final")]
    assert making.kinds_for(meeting) == ("corr", "rev")
    made += [version(meeting, organiser, kind) for kind in ("corr", "rev", "rev")]
    heads = [text_of(one, "en").head for one in made]
    assert [head.state for head in heads] == [
        "Provisional.", "Provisional, version 2.", "Final.", "Corr. 1.", "Rev. 1.", "Rev. 2.",
    ]  # fmt: skip
    assert [head.symbol for head in heads] == ["E/X/1"] * 3 + ["E/X/1/Corr.1", "E/X/1/Rev.1", "E/X/1/Rev.2"]


@pytest.mark.parametrize("kind", ["corr", "rev"])
def test_nothing_is_corrected_before_it_is_final(meeting, fiji, organiser, kind):
    person(fiji)
    with pytest.raises(CannotMakeError):
        version(meeting, organiser, kind)


def test_a_second_final_list_is_a_revision(meeting, fiji, organiser):
    person(fiji)
    version(meeting, organiser, "final")
    with pytest.raises(CannotMakeError, match="revision"):
        version(meeting, organiser, "final")
    assert ListVersion.objects.count() == 1


def test_an_empty_list_is_no_version(meeting, fiji, organiser):
    with pytest.raises(CannotMakeError, match="Nobody"):
        version(meeting, organiser)
    assert not ListVersion.objects.exists()


def test_making_and_publishing_stand_in_the_history(meeting, fiji, organiser):
    person(fiji)
    kept = version(meeting, organiser)
    publishing.publish(kept, by=organiser)
    publishing.unpublish(kept, by=organiser)
    found = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.LIST, by=organiser).order_by("pk")
    assert [entry.detail["did"] for entry in found] == ["made", "published", "unpublished"]


# --- Compared ---------------------------------------------------------------------------------------------------------


def changes(meeting, organiser, change) -> list[tuple]:
    before = text_of(version(meeting, organiser), "en")
    change()
    after = text_of(version(meeting, organiser), "en")
    return [(c.what, c.entity, c.before, c.after) for c in difference(before, after)]


def test_the_same_list_has_no_difference(meeting, fiji, organiser):
    person(fiji)
    assert changes(meeting, organiser, lambda: None) == []


def test_who_is_new_gone_moved_and_changed(meeting, fiji, organiser):
    stays = person(fiji, "Ana", "Silva", functional_title="Director")
    goes = person(fiji, "Litia", "Waqa")
    rises = person(fiji, "Tevita", "Ratu")

    def change():
        type(stays).objects.filter(pk=stays.pk).update(functional_title="Minister")
        type(goes).objects.filter(pk=goes.pk).update(status=Status.WITHDRAWN)
        type(rises).objects.filter(pk=rises.pk).update(role=RoleInDelegation.HEAD)
        person(fiji, "Mere", "Tora")

    found = changes(meeting, organiser, change)
    by_kind = {what: (before, after) for what, _entity, before, after in found}
    assert "Director" in by_kind["changed"][0] and "Minister" in by_kind["changed"][1]
    assert "Litia Waqa" in by_kind["removed"][0]
    assert "Mere Tora" in by_kind["added"][1]
    assert "Adviser" in by_kind["moved"][0] and "head of delegation" in by_kind["moved"][1]
    assert len(found) == 4


def test_an_entity_that_was_renamed_is_one_change_and_nobody_is_new(meeting, fiji, organiser):
    person(fiji)
    found = changes(
        meeting, organiser, lambda: EntityName.objects.filter(entity=fiji.entity, language="en").update(name="Viti")
    )
    assert found == [("renamed", "VITI", "FIJI", "VITI")]


def test_people_are_known_by_their_reference_not_by_their_name(meeting, fiji, organiser):
    ana = person(fiji, "Ana", "Silva")
    found = changes(meeting, organiser, lambda: type(ana).objects.filter(pk=ana.pk).update(display_name="Ana de Souza"))
    assert [what for what, *_rest in found] == ["changed"]


def test_a_number_that_changed_is_told(meeting, members, fiji, organiser):
    person(fiji)
    members.listing = Listing.NUMBER
    members.save()
    found = changes(meeting, organiser, lambda: person(fiji, "Mere", "Tora"))
    assert [(what, before, after) for what, _entity, before, after in found] == [
        ("counted", "One participant. The name is not published.", "Two participants. Their names are not published.")
    ]


# --- Published --------------------------------------------------------------------------------------------------------


def test_one_version_is_public_at_a_time(meeting, fiji, organiser):
    person(fiji)
    first, second = version(meeting, organiser), version(meeting, organiser)
    assert publishing.published(meeting) is None
    publishing.publish(first, by=organiser)
    publishing.publish(first, by=organiser)
    assert publishing.published(meeting) == first
    publishing.publish(second, by=organiser)
    assert publishing.published(meeting) == second
    publishing.unpublish(second, by=organiser)
    assert publishing.published(meeting) is None
    publishing.publish(first, by=organiser)
    assert publishing.published(meeting) == first


def shown(kept) -> list:
    return [line for line in outline(public_tree(kept, "en")) if line]


def test_the_public_reads_those_whom_their_category_or_they_themselves_allow(meeting, fiji, ngo, organiser):
    person(fiji, "Ana", "Silva")
    person(ngo, "Mere", "Tora", name_public=True)
    person(ngo, "Litia", "Waqa", name_public=False)
    kept = version(meeting, organiser)
    assert names(public_tree(kept, "en")) == ["Ana Silva", "Mere Tora"]
    assert "One participant. The name is not published." in shown(kept)
    assert public_tree(kept, "en").count == 3


@pytest.mark.parametrize(
    "change",
    [
        {"name_public": False},
        {"status": Status.WITHDRAWN},
        {"status": Status.REJECTED, "status_reason": "No letter."},
        {
            "is_minor": True,
            "display_name": "Participant Y001",
            "given_names": "Participant Y001",
            "family_name": "",
            "functional_title": "",
            "email": "",
            "name_public": False,
        },
    ],
)
def test_whoever_takes_their_consent_back_or_leaves_is_gone_at_once(meeting, ngo, organiser, change):
    mere = person(ngo, "Mere", "Tora", name_public=True)
    person(ngo, "Ana", "Silva", name_public=True)
    kept = version(meeting, organiser)
    publishing.publish(kept, by=organiser)
    type(mere).objects.filter(pk=mere.pk).update(**change)
    assert names(public_tree(kept, "en")) == ["Ana Silva"]
    assert "Mere" not in str(public_tree(kept, "en").as_json())
    assert names(text_of(kept, "en")) == ["Ana Silva", "Mere Tora"]  # what was kept is kept


def test_a_category_that_is_closed_to_the_public_closes_every_version(meeting, fiji, members, organiser):
    person(fiji, "Ana", "Silva", name_public=True)
    kept = version(meeting, organiser)
    members.publication = Publication.NOBODY
    members.save()
    assert names(public_tree(kept, "en")) == []


def test_a_decision_that_can_still_be_undone_is_not_told_here(meeting, fiji, organiser):
    meeting.decision_grace_minutes = 5
    meeting.save()
    ana = person(fiji, "Ana", "Silva")
    kept = version(meeting, organiser)
    workflow.withdraw(ana.pk, by=organiser, quietly=True)
    assert names(public_tree(kept, "en")) == ["Ana Silva"]


def test_where_the_body_marks_those_who_withdrew_they_are_marked(meeting, fiji, organiser, monkeypatch):
    from registration.participants import profiles

    ana = person(fiji, "Ana", "Silva")
    kept = version(meeting, organiser)
    marking = profiles.load("un").model_copy(update={"withdrawn": "mark"})
    monkeypatch.setattr(profiles, "load", lambda name: marking)
    type(ana).objects.filter(pk=ana.pk).update(status=Status.WITHDRAWN)
    (line,) = [p.line for s in public_tree(kept, "en").sections for e in s.entities for p in e.people]
    assert line.endswith("(withdrawn)")


def test_nobody_reads_email_or_telephone_there(meeting, fiji, organiser):
    setup = meeting.participants_setup
    setup.with_contact = True
    setup.save()
    person(fiji, "Ana", "Silva", contact_shared=True, email="ana@example.org", phone="+679 1 234")
    kept = version(meeting, organiser)
    assert "ana@example.org" in str(text_of(kept, "en").as_json())
    public = str(public_tree(kept, "en").as_json())
    assert "ana@example.org" not in public and "+679" not in public


def test_an_officer_who_is_not_named_is_no_officer_there(meeting, ngo, organiser):
    mere = person(ngo, "Mere", "Tora", name_public=True)
    Officer.objects.create(meeting=meeting, order=1, office="Chair", registration=mere)
    kept = version(meeting, organiser)
    assert [o.office for o in public_tree(kept, "en").officers] == ["Chair"]
    type(mere).objects.filter(pk=mere.pk).update(name_public=False)
    assert public_tree(kept, "en").officers == ()


def test_children_are_a_number_and_nothing_else(meeting, fiji, organiser):
    person(fiji, "Ana", "Silva")
    child = ChildFactory(delegation=fiji, status=Status.APPROVED, name_public=False)
    kept = version(meeting, organiser)
    public = str(public_tree(kept, "en").as_json())
    assert child.reference not in public and child.display_name not in public
    assert public_tree(kept, "en").count == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_list_asks_twice_however_long_it_is(meeting, fiji, organiser, rows, django_assert_num_queries):
    for n in range(rows):
        person(fiji, "Ana", f"Silva {n}")
    kept = version(meeting, organiser)
    with django_assert_num_queries(2):
        public_tree(kept, "en")
