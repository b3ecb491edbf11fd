"""Pasted lists: every name, in its order, as it was written."""

import pytest
from django.core.exceptions import ValidationError

from registration.letters.names import MOST_NAMES, NameOnLetter, as_text, parse


@pytest.mark.parametrize(
    ("line", "name", "remark"),
    [
        ("1. H.E. Ms. Nguyen Thi Hoai An, Vice-Minister, head of delegation", "H.E. Ms. Nguyen Thi Hoai An",
         "Vice-Minister, head of delegation"),
        ("• Mr. Tran Quoc Bao – Director", "Mr. Tran Quoc Bao", "Director"),
        ("- Ms Le Thu Minh (Legal Officer)", "Ms Le Thu Minh", "Legal Officer"),
        ("NGUYEN, Thi Mai, Adviser", "NGUYEN, Thi Mai", "Adviser"),
        ("Mr. VAN DER BERG, Jan, Deputy Director", "Mr. VAN DER BERG, Jan", "Deputy Director"),
        ("Smith, John", "Smith, John", ""),
        ("Sukarno, Minister of Justice", "Sukarno", "Minister of Justice"),
        ("NGUYEN VAN AN, Adviser", "NGUYEN VAN AN", "Adviser"),
        ("3\tMr.\tPham Duc Loc\tSenior Investigator", "Mr. Pham Duc Loc", "Senior Investigator"),
        ("Head of delegation: Mr. Anan Chai, Director", "Mr. Anan Chai", "Head of delegation, Director"),
        ("٣. السيد محمد علي، مدير", "السيد محمد علي", "مدير"),
        ("王小明，司长", "王小明", "司长"),
        ("阿部 太郎", "阿部 太郎", ""),
        ("(2) Maria de la Cruz-Santos, UNICEF", "Maria de la Cruz-Santos", "UNICEF"),
        ("\u00a0 Dr. O'Neil  McDonald \u200f", "Dr. O'Neil McDonald", ""),
        ("Nguyễn Thị Hoài An, Trưởng đoàn", "Nguyễn Thị Hoài An", "Trưởng đoàn"),
    ],
)  # fmt: skip
def test_name_and_remark_are_told_apart(line, name, remark):
    assert parse(line) == [NameOnLetter(name, remark)]


def test_lists_in_one_line_and_in_many_are_read():
    assert [n.name for n in parse("Mr. A One, Director; Ms. B Two\n\nMr. C Three\r\n4.\n---\nDelegates:\n")] == [
        "Mr. A One", "Ms. B Two", "Mr. C Three",
    ]  # fmt: skip


def test_the_heading_of_a_table_is_no_name():
    assert [n.name for n in parse("No.\tName\tTitle\n1\tAnna Petrova\tMinister")] == ["Anna Petrova"]


def test_what_is_shown_is_read_back_the_same():
    names = parse("NGUYEN, Thi Mai, Adviser\nSmith, John\nMr. Tran – Director\nSukarno")
    assert parse(as_text(names)) == names
    odd = [NameOnLetter("Bao, the elder, of Hue", "Minister"), NameOnLetter("A – B")]
    assert parse(as_text(odd)) == odd


@pytest.mark.parametrize("text", ["", " \n ", "1.\n2.\n", "----", "Names:"])
def test_an_empty_list_says_what_to_do(text):
    with pytest.raises(ValidationError, match="one on each line"):
        parse(text)


def test_too_many_names_are_told_and_none_is_lost_silently():
    assert len(parse("\n".join(f"Person {n} X" for n in range(MOST_NAMES)))) == MOST_NAMES
    with pytest.raises(ValidationError, match="There are 501 names here"):
        parse("\n".join(f"Person {n} X" for n in range(MOST_NAMES + 1)))


def test_a_whole_letter_pasted_as_one_line_is_told():
    with pytest.raises(ValidationError, match="longer than 200 characters"):
        parse("The Ministry presents its compliments " * 20)
