"""Nameplates: whose, in which languages, inside the paper whatever the name, readable from both sides."""

import pytest

from registration.handouts import plates, typeset
from registration.models import Officer
from tests.factories import ChildFactory
from tests.registration.handouts import reading
from tests.registration.handouts.conftest import approved, state

pytestmark = pytest.mark.django_db
A4 = (841.89, 595.28)


def words(drawn):
    return [[line["text"] for line in plate["lines"]] for plate in drawn]


def test_one_for_each_delegation_in_the_languages_chosen_in_the_order_of_the_first(meeting, clerk, fiji, korea, plan):
    assert words(plates.for_delegations(meeting, clerk, ["fr", "ar"])) == [
        ["Fidji", "فيجي"],
        ["République populaire démocratique de Corée", "جمهورية كوريا الشعبية الديمقراطية"],
        ["Plan International"],  # no name in French or Arabic: the English one, once
    ]


def test_whom_nobody_came_for_has_none_unless_asked_for(meeting, clerk, fiji, members):
    state(members, en="Tonga")
    assert words(plates.for_delegations(meeting, clerk, ["en"])) == [["Fiji"]]
    assert words(plates.for_delegations(meeting, clerk, ["en"], everybody=True)) == [["Fiji"], ["Tonga"]]


def test_of_one_category(meeting, clerk, fiji, plan, ngos):
    assert words(plates.for_delegations(meeting, clerk, ["en"], category=ngos.pk)) == [["Plan International"]]


def test_people_have_their_name_title_and_delegation_and_children_have_none(meeting, clerk, fiji):
    child = ChildFactory(delegation=fiji, status="approved")
    drawn = words(plates.for_people(meeting, clerk, "en"))
    assert drawn == [["H.E. Ms. Litia Waqanisau", "Director", "Fiji"]]
    assert child.display_name not in str(drawn)


def test_people_of_one_delegation(meeting, clerk, fiji, korea):
    drawn = words(plates.for_people(meeting, clerk, "en", delegation=korea))
    assert [lines[0] for lines in drawn] == ["Choi Tae-yang"]


def test_officers_in_their_order(meeting, clerk, fiji, korea):
    chair, deputy = korea.registrations.get(), fiji.registrations.get()
    Officer.objects.create(meeting=meeting, order=2, office="Vice-Chair", registration=deputy)
    Officer.objects.create(meeting=meeting, order=1, office="Chair", registration=chair)
    drawn = words(plates.for_officers(meeting, clerk, "en"))
    assert [lines[:2] for lines in drawn] == [["Chair", "Choi Tae-yang"], ["Vice-Chair", "H.E. Ms. Litia Waqanisau"]]


LONG = [
    "Democratic People’s Republic of Korea",
    "Bolivarian Republic of Venezuela",
    "United Kingdom of Great Britain and Northern Ireland",
    "中华人民共和国",
    "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية",
    "မြန်မာ",
    "ສາທາລະນະລັດ ປະຊາທິປະໄຕ ປະຊາຊົນລາວ",
    "ព្រះរាជាណាចក្រកម្ពុជា",
    "ราชอาณาจักรไทย",
    "A" * 300,
    "Word " * 60,
    "A",
]


@pytest.mark.parametrize("name", LONG)
def test_every_name_stays_inside_the_paper_with_a_margin_and_says_it_on_both_sides(meeting, name):
    pdf = plates.pdf(meeting, [plates._plate(plates._lines([name]))], "en")
    assert reading.size(pdf) == pytest.approx(A4, abs=1)
    seen = [box for box in reading.boxes(pdf) if box[2] > box[0]]
    assert min(box[0] for box in seen) > 20
    assert max(box[2] for box in seen) < A4[0] - 20
    above = [box for box in seen if box[1] >= A4[1] / 2 - 1]
    below = [box for box in seen if box[3] <= A4[1] / 2 + 1]
    assert len(above) == len(below) == len(seen) / 2  # none of them across the fold


def test_a_short_name_is_large_and_a_long_one_as_large_as_fits(meeting):
    def height(name):
        pdf = plates.pdf(meeting, [plates._plate(plates._lines([name]))], "en")
        return max(top - bottom for _left, bottom, _right, top in reading.boxes(pdf))

    assert height("Fiji") > 80  # points: 28 mm
    assert 30 < height("Democratic People’s Republic of Korea") < height("Fiji")


def test_a_character_without_a_font_is_told_and_not_drawn_as_a_box(meeting):
    with pytest.raises(typeset.CannotPrint, match=r"U\+1F4A9"):
        plates.pdf(meeting, [plates._plate(plates._lines(["Fiji \U0001f4a9"]))], "en")


def test_nobody_there_is_told(meeting):
    with pytest.raises(typeset.CannotPrint, match="nobody"):
        plates.pdf(meeting, [], "en")


def test_more_than_one_file_holds_is_told_with_what_to_do(meeting, clerk, fiji, monkeypatch):
    monkeypatch.setattr(plates, "MOST", 0)
    with pytest.raises(typeset.CannotPrint, match="Choose a category"):
        plates.for_people(meeting, clerk, "en")


def test_what_is_typed_is_never_a_command_of_the_typesetter(meeting, clerk, members):
    approved(state(members, en='#panic("x") *Fiji* $x$ \\'))
    pdf = plates.pdf(meeting, plates.for_delegations(meeting, clerk, ["en"]), "en")
    assert '#panic("x") *Fiji* $x$' in reading.pages(pdf)[0].replace("\r", "")
