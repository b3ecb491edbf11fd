"""What looks wrong in how a name is written, and what only looks unusual to a machine."""

import pytest

from registration.participants import spelling


@pytest.mark.parametrize(
    ("name", "given", "family", "loud"),
    [
        ("ANNA SCHMIDT", "Anna", "Schmidt", ["ANNA"]),
        ("Anna SCHMIDT", "Anna", "Schmidt", []),
        ("TAN Siew Leng", "Siew Leng", "Tan", []),
        ("NGUYỄN Thị Hoài An", "Thị Hoài An", "Nguyễn", []),
        ("Maria DE LA CRUZ", "Maria", "De la Cruz", []),
        ("Maria DE LA CRUZ", "Maria", "", ["CRUZ"]),
        ("WANG YU", "Yu", "Wang", ["YU"]),
        ("Ahmed AL-HASSAN", "Ahmed", "Al Hassan", []),
        ("SUPARJO", "", "Suparjo", []),
        ("SUPARJO", "Suparjo", "", ["SUPARJO"]),
        ("ANNA SCHMIDT", "", "Anna Schmidt", ["ANNA", "SCHMIDT"]),
        ("ИВАН ПЕТРОВ", "Иван", "Петров", ["ИВАН"]),
        ("J. P. MORGAN", "J. P.", "Morgan", []),
        ("Charles Windsor III", "Charles", "Windsor", []),
        ("UN HABITAT", "UN", "HABITAT", ["UN"]),
        ("สมชาย ใจดี", "สมชาย", "ใจดี", []),
        ("王小明", "小明", "王", []),
        ("أحمد حسن", "أحمد", "حسن", []),
        ("ខៀវ វុទ្ធី", "វុទ្ធី", "ខៀវ", []),
        ("", "", "", []),
    ],
)
def test_capitals_are_wrong_unless_they_mark_the_family_name(name, given, family, loud):
    assert spelling.shouted(name, family, given) == loud


@pytest.mark.parametrize(
    ("name", "quiet"),
    [
        ("anna schmidt", ["anna", "schmidt"]),
        ("Anna schmidt", ["schmidt"]),
        ("Norhayati binti Saleh", []),
        ("Ludwig van der Berg", []),
        ("Ana de la Cruz e Silva", []),
        ("Osama bin Ahmad al-Rashid", []),
        ("Choi Tae-yang", []),
        ("jean-pierre Dupont", ["jean-pierre"]),
        ("สมชาย ใจดี", []),
        ("王小明", []),
        ("محمد", []),
        ("მარიამ", []),  # Georgian has no capitals to begin a name with
    ],
)
def test_small_letters_are_wrong_but_for_particles_and_scripts_without_capitals(name, quiet):
    assert spelling.whispered(name) == quiet


@pytest.mark.parametrize(
    ("printed", "passport", "differs"),
    [
        ("Anna Schmidt", "SCHMIDT ANNA", False),
        ("José Núñez", "NUNEZ JOSE", False),
        ("Jürgen Müller", "MUELLER JUERGEN", False),
        ("Ahmed Al-Hassan", "ALHASSAN AHMED", False),
        ("Tebora Ioteba", "", False),
        ("王小明", "WANG XIAOMING", False),
        ("Brian Smith", "BRAIN SMITH", True),
        ("Ana Silva", "ANA MARIA SILVA", True),
        ("Ana Silva", "ANA SILVERA", True),
    ],
)
def test_a_passport_may_have_another_order_and_other_accents_and_nothing_else(printed, passport, differs):
    assert spelling.differs(printed, passport) is differs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana\u202eavliS", ["right-to-left override (U+202E)"]),
        ("Ana\nSilva", ["control character (U+000A)"]),
        ("Ana\u200bSilva", ["zero width space (U+200B)"]),
        ("علی\u200cرضا", []),  # Persian is written with it
        ("Ana Silva", []),
    ],
)
def test_what_nobody_sees_is_told_by_its_name(text, found):
    assert spelling.unseen(text) == found


def test_signs_of_east_asia_take_twice_the_room():
    assert [spelling.lines_of(t) for t in ("a" * 48, "a" * 49, "王" * 24, "王" * 25)] == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("text", "nothing"), [("-", True), ("N/A", True), ("", True), ("T.B.A.", False), ("Nil", True), ("No. 2", False)]
)
def test_a_dash_is_no_title(text, nothing):
    assert spelling.says_nothing(text) is nothing
