"""A focal point's day, with the organiser's side of it: from the invitation to the letter that fits the roster."""

import re

import pytest
import typst

from tests.e2e.test_main_job import look, message, sign_in, text_of

pytestmark = pytest.mark.browser

CLERK = "clerk@mofa.example.org"
LETTER = """
#set page("a5")
#set text(10pt)
*SOCIALIST REPUBLIC OF VIET NAM* \\ Ministry of Foreign Affairs \\ No. 214/NV-2008
#v(1em)
The delegation will be composed as follows:
+ Ms. Nguyen Thi Hoai An, head of delegation
+ Mr. Tran Quoc Bao
+ Ms. Le Thu Minh
+ Mr. Pham Duc Loc
+ Ms. Hoang Thi Mai Chi
+ Mr. Do Quang Huy
"""
NAMES = """1. H.E. Ms. Nguyen Thi Hoai An, head of delegation
2. Mr. Tran Quoc Bao
3. Ms. Le Thu Minh
4. Mr. Pham Duc Loc
5. Ms. Hoang Thi Mai Chi
6. Mr. Do Quang Huy
"""
# Twelve rows; the second has no functional title, the fifth half an address, the eighth a day that never was.
ROWS = [
    "Name\tFunctional title\tRole\tEmail\tDate of birth",
    "Nguyễn Thị Hoài An\tVice-Minister\tAdviser\tan.nth@molisa.example.org\t",
    "Trần Quốc Bảo\t\tAlternate\tbao.tq@molisa.example.org\t",
    "Lê Thu Minh\tLegal Officer\tAdviser\tminh.lt@moj.example.org\t",
    "Phạm Đức Lộc\tSenior Investigator\tAdviser\tloc.pd@mps.example.org\t",
    "Hoàng Mai Chi\tProgramme Officer\tAdviser\tchi.hm@molisa\t",
    "Vũ Đình Khoa\tDeputy Director\tAdviser\tkhoa.vd@vnat.example.org\t",
    "Đặng Ngọc Sơn\tInterpreter\tInterpreter\tson.dn@mofa.example.org\t",
    "Bùi Thanh Hà\tResearcher\tAdviser\tha.bt@ilssa.example.org\t31/02/1980",
    "Phan Văn Đức\tDesk Officer\tAdviser\tduc.pv@mofa.example.org\t",
    "Lý Thị Ngọc Ánh\tPress Officer\tAdviser\tanh.ltn@mofa.example.org\t",
    "Đỗ Anh Tuấn\tSecond Secretary\tAdviser\ttuan.da@mofa.example.org\t12.04.1979",
    "Hoàng Trọng Nghĩa\tDriver\tSupport staff\tnghia.ht@mofa.example.org\t",
]


@pytest.fixture
def clerk(chromium, stack):
    """The focal point at another computer than the organiser's."""
    context = chromium.new_context(base_url=stack.url, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def link_in(mail, part: str) -> str:
    return next(word for word in text_of(mail).split() if part in word)


def seats(page, number: str, reason: str) -> None:
    """The organiser gives the delegation another number of seats."""
    page.get_by_role("radio", name="A number of its own").check()
    page.get_by_label("Number of seats").fill(number)
    page.locator("#quota_reason").fill(reason)
    page.get_by_role("button", name="Change the seats").click()
    page.wait_for_load_state("load")


def test_a_focal_points_day(page, clerk, stack):
    invite(page, stack)
    come_in(clerk, stack)
    send_letter(clerk)
    paste_and_mend(clerk)
    name_head(clerk)
    delegation = page.url
    seats(page, "10", "The room is small")
    submit(clerk)
    waiting = overflow(page, delegation)
    a_seat_is_offered(page, clerk, delegation, waiting)
    substitute(clerk, stack)
    reconcile(clerk)


def invite(page, stack):
    sign_in(page, stack)
    page.goto("/admin/desk/eap-2008/delegations/")
    look(page)
    page.goto("/admin/desk/eap-2008/invitations/one/")
    look(page)
    page.get_by_label("State or organization").fill("Viet Nam")
    page.get_by_label("Email").fill("mission@mofa.example.org")
    page.get_by_role("button", name="Look at the message").click()
    look(page)
    page.get_by_role("button", name="Send 1 invitation").click()
    page.get_by_role("status").first.wait_for()
    page.goto("/admin/desk/eap-2008/delegations/?q=Viet+Nam")
    page.get_by_role("link", name="Viet Nam", exact=True).click()
    page.get_by_role("heading", name="Viet Nam").wait_for()
    look(page)


def come_in(clerk, stack):
    """The mission names its focal point, who signs in by the link in the mail."""
    clerk.goto(link_in(message(stack.sink, "", "mission@mofa.example.org"), "/delegations/invitation/"))
    look(clerk)
    first = clerk.get_by_role("group", name="Focal point", exact=True)
    first.get_by_label("Email").fill(CLERK)
    first.get_by_label("Name").fill("Lê Thu Minh")
    clerk.get_by_role("button", name="Name, and tell by mail").click()
    clerk.get_by_text("You have named").or_(clerk.get_by_text("you have named")).first.wait_for()
    clerk.goto(link_in(message(stack.sink, "", CLERK), "/delegations/enter/"))
    look(clerk)
    clerk.get_by_role("button", name="Sign in", exact=True).click()
    clerk.get_by_role("heading", name="My delegations").wait_for()
    look(clerk)
    clerk.get_by_role("link", name="Viet Nam").first.click()
    clerk.get_by_role("heading", name="Viet Nam").wait_for()
    look(clerk)


def send_letter(clerk):
    clerk.get_by_role("link", name="Send the letter").click()
    look(clerk)
    pdf = typst.compile(LETTER.encode())
    clerk.get_by_label("The letter", exact=True).set_input_files(
        {"name": "NV-214.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    clerk.get_by_role("button", name="Send the letter").click()
    look(clerk)
    clerk.get_by_label("The names on the letter").fill(NAMES)
    clerk.get_by_role("button", name="Save the names").click()
    clerk.get_by_text("6 named, not registered").first.wait_for()
    look(clerk)


def paste_and_mend(clerk):
    clerk.get_by_role("link", name="Paste or upload").click()
    look(clerk)
    clerk.get_by_label("Rows from your spreadsheet").fill("\n".join(ROWS))
    clerk.get_by_role("button", name="Put them on the roster").click()
    clerk.get_by_role("link", name="Add a row").wait_for()
    look(clerk)
    shown = clerk.locator("table.roster tbody tr").all_inner_texts()
    assert len(shown) == 12, shown
    assert to_mend(clerk) == 3
    type_in(clerk, "Trần Quốc Bảo", "functional_title", "Director")
    type_in(clerk, "Hoàng Mai Chi", "email", "chi.hm@molisa.example.org")
    # What has no cell in the table is mended on the row's own page.
    row_of(clerk, "Bùi Thanh Hà").get_by_role("link", name="Open").click()
    look(clerk)
    assert clerk.get_by_label("Date of birth").input_value() == "31/02/1980"
    clerk.get_by_label("Date of birth").fill("28/02/1980")
    clerk.get_by_role("button", name="Save").first.click()
    clerk.get_by_role("heading", name="Viet Nam").wait_for()
    assert to_mend(clerk) == 0


def to_mend(clerk) -> int:
    return clerk.locator("table.roster tbody tr").filter(has_text="to mend").count()


def to_workspace(clerk) -> None:
    clerk.goto(re.match(r".*/delegations/D-\w+/", clerk.url)[0])


def row_of(clerk, name: str):
    return clerk.locator("table.roster tbody tr").filter(has_text=name)


def type_in(clerk, name: str, field: str, text: str) -> None:
    """Click the cell, type, Enter; the row comes back without its mistake."""
    row_of(clerk, name).locator(f"[data-cell={field}] .cell").click()
    row_of(clerk, name).locator(f"[data-cell={field}] input").fill(text)
    with clerk.expect_response(re.compile("/cell/$")) as answer:
        clerk.keyboard.press("Enter")
    assert answer.value.ok, answer.value.text()
    row_of(clerk, name).locator(".err").wait_for(state="detached")


def name_head(clerk):
    clerk.get_by_role("link", name="Name the head of delegation").click()
    look(clerk)
    clerk.get_by_role("radio", name=re.compile("Nguyễn Thị Hoài An")).check()
    clerk.get_by_role("button", name="Save").click()
    row_of(clerk, "Nguyễn Thị Hoài An").filter(has_text="Head").or_(
        row_of(clerk, "Nguyễn Thị Hoài An").filter(has_text="head")
    ).first.wait_for()


def submit(clerk):
    clerk.reload()
    clerk.get_by_role("button", name=re.compile("^Submit")).click()
    look(clerk)
    clerk.get_by_text("2 wait for a seat").wait_for()
    clerk.get_by_role("checkbox").check()
    clerk.get_by_role("button", name="Submit 12 rows").click()
    clerk.get_by_text("10 of 10 used, 2 waiting").first.wait_for()
    look(clerk)


def overflow(page, delegation):
    """Fewer seats drop nobody."""
    page.goto(delegation)
    seats(page, "8", "Another room")
    page.get_by_text("Nobody loses a seat; nobody new gets one.").first.wait_for()
    look(page)
    seats(page, "11", "The large room after all")
    page.get_by_text("On offer to those who waited: 1").first.wait_for()


def a_seat_is_offered(page, clerk, delegation, waiting):
    clerk.reload()
    offered = clerk.locator("table.roster tbody tr").filter(has_text="Waitlisted").first
    offered.get_by_role("link").first.click()
    look(clerk)
    clerk.get_by_role("link", name=re.compile("Take the seat|Take it")).click()
    look(clerk)
    clerk.get_by_role("button").filter(has_text=re.compile("Take")).click()
    to_workspace(clerk)
    clerk.get_by_text("11 of 11 used, 1 waiting").first.wait_for()


def substitute(clerk, stack):
    row_of(clerk, "Phan Văn Đức").get_by_role("link").first.click()
    clerk.get_by_role("link", name="Somebody else comes instead").click()
    look(clerk)
    clerk.get_by_label("Given names").fill("Quang Huy")
    clerk.get_by_label("Family name").fill("Đỗ")
    clerk.get_by_label("Functional title").fill("Desk Officer")
    clerk.get_by_role("textbox", name=re.compile("^Email")).fill("huy.dq@mofa.example.org")
    clerk.get_by_role("button", name="Replace and submit").click()
    to_workspace(clerk)
    row_of(clerk, "Quang Huy").filter(has_text="Submitted").first.wait_for()
    message(stack.sink, "", "duc.pv@mofa.example.org")


def reconcile(clerk):
    """The same names with one button, the similar one by itself."""
    look(clerk)
    clerk.get_by_role("button", name=re.compile("Confirm all")).click()
    clerk.get_by_text("4 matched").or_(clerk.get_by_text("5 matched")).first.wait_for()
    look(clerk)
