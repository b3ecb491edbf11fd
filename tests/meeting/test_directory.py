"""The directory that ships with the product: its facts, and loading it without harm to what organisers did."""

import csv
import datetime

import pytest
from django.core.management import call_command

from meeting import directory
from meeting.collation import sort_key
from meeting.models import Entity, EntityKind, EntityName, Membership

SIX = ("en", "fr", "es", "ru", "zh-hans", "ar")
MEETING_DAY = datetime.date(2008, 9, 18)
TODAY = datetime.date(2026, 11, 23)


def name(code: str, language: str = "en", *, profile: str = "", on: datetime.date = TODAY) -> str:
    return Entity.objects.get(code=code).name(language, profile=profile, on=on)


def snapshot() -> dict[str, list[tuple]]:
    return {m.__name__: list(m.objects.order_by("pk").values_list()) for m in (Entity, EntityName, Membership)}


# --- The files, without a database ----------------------------------------------------------------------------------


def test_every_row_of_every_file_has_all_its_columns():
    for filename in ("states.csv", "names.csv", "bodies.csv", "aliases.csv"):
        with (directory.DATA / filename).open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert [len(line) for line in lines] == [len(header)] * len(lines), filename


def test_codes_are_unique():
    codes = [e.code for e in directory.shipped_entities()]
    assert sorted(codes) == sorted(set(codes))


def test_every_name_belongs_to_a_shipped_entity():
    codes = {e.code for e in directory.shipped_entities()}
    assert {n.code for n in directory.shipped_names()} - codes == set()


def test_every_dated_name_states_its_source():
    dated = [n for n in directory.shipped_names() if n.valid_to]
    assert [n.name for n in dated if not n.source] == []


def test_only_one_name_is_printed_on_any_day():
    """Two names at once in one language and profile would make the printed one a matter of luck."""
    days = [MEETING_DAY, TODAY, *{n.valid_to for n in directory.shipped_names() if n.valid_to}]
    printed = [n.row(0) for n in directory.shipped_names() if not n.search_only]
    codes = [n.code for n in directory.shipped_names() if not n.search_only]
    for day in days:
        valid = [(code, n.language, n.profile) for code, n in zip(codes, printed, strict=True) if n.is_valid_on(day)]
        assert len(valid) == len(set(valid)), day


def test_states_have_a_name_in_six_languages_on_the_day_of_the_meeting_and_today():
    for day in (MEETING_DAY, TODAY):
        names = {(n.code, n.language) for n in directory.shipped_names() if not n.profile and n.row(0).is_valid_on(day)}
        states = [e.code for e in directory.shipped_entities() if e.kind == EntityKind.STATE]
        assert [(code, lang) for code in states for lang in SIX if (code, lang) not in names] == []


# --- Loaded -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestLoaded:
    @pytest.fixture(autouse=True)
    def loaded(self):
        directory.load()

    def test_has_the_states_and_territories_of_the_united_nations_list(self):
        states = Entity.objects.filter(kind=EntityKind.STATE)
        assert states.count() == 205
        assert states.filter(un_status="member").count() == 193
        assert list(states.filter(un_status="observer").order_by("code").values_list("code", flat=True)) == [
            "PSE",
            "VAT",
        ]

    def test_escap_has_53_members_and_9_associate_members(self):
        escap = Membership.objects.filter(body="ESCAP")
        assert escap.filter(status="member").count() == 53
        assert sorted(escap.filter(status="associate").values_list("entity__code", flat=True)) == (
            ["ASM", "COK", "GUM", "HKG", "MAC", "MNP", "NCL", "NIU", "PYF"]
        )

    def test_unicef_region_reaches_beyond_escap(self):
        region = set(Membership.objects.filter(body="UNICEF-EAP").values_list("entity__code", flat=True))
        escap = set(Membership.objects.filter(body="ESCAP").values_list("entity__code", flat=True))
        assert len(region) == 27
        assert region - escap == {"TKL"}

    def test_a_list_prints_the_name_of_its_day(self):
        in_2008_and_today = {
            ("TUR", "en"): ("Turkey", "Türkiye"),
            ("TUR", "fr"): ("Turquie", "Türkiye"),
            ("TUR", "ru"): ("Турция", "Турция"),
            ("SWZ", "en"): ("Swaziland", "Eswatini"),
            ("MKD", "en"): ("The former Yugoslav Republic of Macedonia", "North Macedonia"),
            ("CZE", "es"): ("República Checa", "Chequia"),
            ("CPV", "ar"): ("الرأس الأخضر", "كابو فيردي"),
            ("LBY", "zh-hans"): ("阿拉伯利比亚民众国", "利比亚"),
            ("NLD", "en"): ("Netherlands", "Netherlands (Kingdom of the)"),
            ("PSE", "en"): ("Palestine", "State of Palestine"),
            ("BOL", "fr"): ("Bolivie", "Bolivie (État plurinational de)"),
            ("NRU", "en"): ("Nauru", "Naoero"),
            ("VNM", "en"): ("Viet Nam", "Viet Nam"),
        }
        assert {key: (name(*key, on=MEETING_DAY), name(*key)) for key in in_2008_and_today} == in_2008_and_today

    def test_turkiye_begins_on_the_first_of_june_2022(self):
        assert name("TUR", on=datetime.date(2022, 5, 31)) == "Turkey"
        assert name("TUR", on=datetime.date(2022, 6, 1)) == "Türkiye"

    def test_escap_style_differs_where_escap_does(self):
        assert name("HKG") == "China, Hong Kong Special Administrative Region"
        assert name("HKG", profile="ESCAP") == "Hong Kong, China"
        assert name("MAC", "zh-hans", profile="ESCAP") == "中国澳门"
        assert name("NRU", profile="ESCAP") == "Nauru"
        assert name("THA", profile="ESCAP") == "Thailand"

    def test_burma_is_found_and_never_printed(self):
        burma = EntityName.objects.get(entity__code="MMR", name="Burma")
        assert burma.search_only
        printed = {name("MMR", language, on=day) for language in SIX for day in (MEETING_DAY, TODAY)}
        assert "Burma" not in printed

    def test_languages_sort_by_themselves(self):
        """A French list is sorted anew: Corée before Égypte, which code points would put at the end."""
        french = EntityName.objects.filter(language="fr", profile="", valid_to=None, search_only=False)
        wanted = ["DNK", "EGY", "PRK", "YEM"]
        assert list(
            french.filter(entity__code__in=wanted).order_by("sort_key").values_list("entity__code", flat=True)
        ) == ["DNK", "EGY", "PRK", "YEM"]
        assert french.get(entity__code="EGY").sort_key == sort_key("Égypte", "fr")

    def test_names_are_found_without_accents_and_in_latin_letters(self):
        keys = EntityName.objects.filter(search_key__contains="turkiye")
        assert set(keys.values_list("entity__code", flat=True)) == {"TUR"}
        assert EntityName.objects.filter(search_key__contains="tailand", language="ru").get().entity.code == "THA"

    def test_bodies_are_of_their_kind(self):
        kinds = dict(Entity.objects.filter(code__in=["ESCAP", "ILO", "ASEAN", "ECPAT"]).values_list("code", "kind"))
        assert kinds == {"ESCAP": "un_body", "ILO": "agency", "ASEAN": "igo", "ECPAT": "ngo"}
        assert name("ILO", "fr") == "Organisation internationale du Travail"
        assert Entity.objects.get(code="World-Vision").ecosoc_status == "general"
        assert Entity.objects.get(code="Save-the-Children").ecosoc_status == ""

    def test_unifem_gave_way_to_un_women(self):
        assert name("UNIFEM", on=MEETING_DAY) == "United Nations Development Fund for Women"
        un_women = EntityName.objects.get(entity__code="UN-Women", language="en")
        assert not un_women.is_valid_on(MEETING_DAY)
        assert un_women.is_valid_on(TODAY)

    # --- Loading again ------------------------------------------------------------------------------------------------

    def test_loading_again_changes_nothing(self):
        before = snapshot()
        assert directory.load() == directory.Loaded(0, 0, 0, 0)
        assert snapshot() == before

    def test_what_an_organiser_changed_stays(self):
        Entity.objects.filter(code="ECPAT").update(ecosoc_status="general", acronym="EI")
        EntityName.objects.filter(entity__code="THA", language="en").update(name="Kingdom of Thailand")
        Membership.objects.filter(entity__code="TKL").update(status="associate")
        before = snapshot()
        directory.load()
        assert snapshot() == before

    def test_what_an_organiser_added_stays(self):
        entity = Entity.objects.create(code="acme", kind=EntityKind.NGO)
        EntityName.objects.create(entity=entity, language="en", name="Acme")
        EntityName.objects.create(entity=Entity.objects.get(code="THA"), language="en", profile="WHO", name="Thailand!")
        before = snapshot()
        directory.load()
        assert snapshot() == before

    def test_a_state_entered_by_hand_is_not_entered_twice(self):
        Entity.objects.filter(code="FJI").delete()
        fiji = Entity.objects.create(code="fiji", kind=EntityKind.STATE, iso3="FJI", un_status="member")
        loaded = directory.load()
        assert loaded.entities == 0
        assert Entity.objects.filter(iso3="FJI").get() == fiji
        assert fiji.name("fr") == "Fidji"

    def test_what_is_missing_comes_back(self):
        EntityName.objects.filter(entity__code="FJI", language="fr").delete()
        Membership.objects.filter(entity__code="FJI").delete()
        Entity.objects.filter(code="PATA").delete()
        loaded = directory.load()
        assert (loaded.entities, loaded.names, loaded.memberships) == (1, 2, 2)
        assert name("FJI", "fr") == "Fidji"

    def test_a_name_that_ended_meanwhile_gets_its_end_unless_somebody_reworded_it(self):
        turkey = EntityName.objects.filter(entity__code="TUR", profile="", valid_from=None, search_only=False)
        turkey.filter(language="en").update(valid_to=None)
        turkey.filter(language="fr").update(valid_to=None, name="La Turquie")
        assert directory.load().names_ended == 1
        assert turkey.get(language="en").valid_to == datetime.date(2022, 5, 31)
        assert turkey.get(language="fr").valid_to is None

    def test_the_command_tells_what_it_did(self, capsys):
        call_command("load_directory")
        assert capsys.readouterr().out == "The directory is complete: nothing to add.\n"


@pytest.mark.django_db
def test_loading_takes_few_queries(django_assert_max_num_queries):
    """Bulk: 342 entities and thousands of names, but no query for each (one for each former name's end)."""
    ends = sum(1 for n in directory.shipped_names() if n.valid_to)
    with django_assert_max_num_queries(ends + 25):
        directory.load()
