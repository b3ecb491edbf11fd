"""Names from many places: which are the same, which are alike, and which are neither."""

import pytest

from registration.letters.likeness import EXACT, SIMILAR, Named, is_like, propose
from registration.letters.words import address_of, without_address


def how(name, *people):
    found = propose([Named("letter", (name,))], [Named(n, (p,)) for n, p in enumerate(people)])
    return [(p.person, p.how) for p in found]


@pytest.mark.parametrize(
    ("on_letter", "registered"),
    [
        ("Mr. Dang Ngoc Son", "Đặng Ngọc Sơn"),
        ("H.E. Mr. LEE, Hsien Loong", "Lee Hsien Loong"),
        ("KEOVILAY, Somphone", "Ms. Somphone Keovilay"),
        ("S.E. M. Jean Dupont", "DUPONT Jean"),
        ("Маргарита Иванова", "Margarita Ivanova"),
        ("He Wei", "Wei He"),
        ("HE Ms. Wei Li", "Li Wei"),
        ("Dr. Ta'ale'o Fa", "Taʻaleʻo Fa"),
        ("นางสาวสมศรี ใจดี", "สมศรี ใจดี"),
        ("阿部 太郎 様", "阿部 太郎"),
        ("السيد محمد علي", "محمد علي"),
        ("Sukarno", "SUKARNO"),
        ("van der Berg, Jan", "Jan VAN DER BERG"),
    ],
)
def test_the_same_words_are_the_same_name(on_letter, registered):
    assert how(on_letter, "Somebody Else", registered) == [(1, EXACT)]


@pytest.mark.parametrize(
    ("on_letter", "registered"),
    [
        ("Ms. Hoang Thi Mai Chi", "Hoàng Mai Chi"),
        ("Nguyen Thi Mai Chi", "Hoàng Mai Chi"),
        ("Нгуен Ван Ан", "Nguyen Van An"),
        ("محمد علي", "Mohammed Ali"),
        ("عبد الله حسن", "Abdullah Hassan"),
        ("สมชาย ใจดี", "Somchai Jaidee"),
        ("김철수", "Kim Chul-soo"),
        ("王小明", "Wang Xiaoming"),
        ("SUKARNO", "Soekarno"),
        ("Jean Dupont", "Jean Dupond"),
        ("S. Keovilay", "Somphone Keovilay"),
    ],
)
def test_names_that_are_alike_are_proposed(on_letter, registered):
    assert how(on_letter, "Quite Other Person", registered) == [(1, SIMILAR)]


@pytest.mark.parametrize(
    ("on_letter", "registered"),
    [("John Smith", "John Brown"), ("Bob", "Robert"), ("Мария Петрова", "Ivan Sidorov"), ("阿部 太郎", "Tanaka Jiro")],
)
def test_names_that_only_share_something_are_not(on_letter, registered):
    assert how(on_letter, registered) == []
    assert not is_like(on_letter, [registered])


def test_common_words_say_little_where_many_bear_them():
    names = ["Nguyen Thi Lan", "Nguyen Thi Hoa", "Nguyen Thi Mai", "Nguyen Thi Cuc"]
    people = ["Nguyen Thi Dao", "Nguyen Thi Bich", "Nguyen Thi Que", "Nguyen Thi Sen"]
    found = propose([Named(n, (n,)) for n in names], [Named(p, (p,)) for p in people])
    assert found == []


def test_the_passport_knows_a_name_in_another_script():
    people = [Named(1, ("阿部 太郎", "ABE TARO"))]
    assert [p.how for p in propose([Named(2, ("Mr. Abe Taro",))], people)] == [EXACT]


def test_each_is_proposed_once_and_the_best_pair_first():
    names = [Named("a", ("Pham Duc Loc",)), Named("b", ("Pham Duc Lock",))]
    people = [Named(1, ("Phạm Đức Lộc",)), Named(2, ("Phạm Đức Lo",))]
    assert [(p.name, p.person) for p in propose(names, people)] == [("a", 1), ("b", 2)]


def test_two_of_one_name_are_looked_at_one_by_one():
    names = [Named("a", ("Nguyen Van An",)), Named("b", ("Nguyen Van An",))]
    people = [Named(1, ("Nguyễn Văn An",)), Named(2, ("Nguyễn Văn An",))]
    assert {p.how for p in propose(names, people)} == {SIMILAR}


def test_what_was_ruled_out_is_not_proposed():
    people = [Named(1, ("Lê Thu Minh",))]
    assert propose([Named("a", ("Le Thu Minh",), frozenset([1]))], people) == []


@pytest.mark.parametrize(
    ("name", "address", "rest"),
    [
        ("H.E. Ms. Nguyen Thi Hoai An", "H.E. Ms.", "Nguyen Thi Hoai An"),
        ("Prof. Dr. Anna Petrova", "Prof. Dr.", "Anna Petrova"),
        ("Mrs Smith", "Mrs", "Smith"),
        ("Drew Barry", "", "Drew Barry"),
        ("Ms.", "", "Ms."),
    ],
)
def test_forms_of_address_are_left_out_of_the_comparison_only(name, address, rest):
    assert (address_of(name), without_address(name)) == (address, rest)
