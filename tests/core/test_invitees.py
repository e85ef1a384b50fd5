"""Rows of an invitations file: what is read, and what is refused with row, column and value."""

from datetime import date

import pytest

from interviewer import invitees, suppression
from interviewer.errors import BadInput
from interviewer.invitees import Invitee

FLOWS = ("loss", "win")


def refusals(data: bytes, **options: bool) -> list[str]:
    with pytest.raises(BadInput) as caught:
        invitees.read(data, **options)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "data",
    [
        b"email,name,closed_on\nana@acme.example,Ana,2026-11-03\n",
        b"\xef\xbb\xbfemail;name;closed_on\r\nana@acme.example;Ana;2026-11-03\r\n",
        b"Email\tName\tClosed on\nana@acme.example\tAna\t2026-11-03\n",
        b'"email","name","closed_on"\n\n"ana@acme.example","Ana","2026-11-03"',
    ],
)
def test_reads_what_spreadsheets_write(data: bytes) -> None:
    (row,) = invitees.read(data)
    assert (row.email, row.name, row.closed_on) == ("ana@acme.example", "Ana", "2026-11-03")


def test_names_the_row_as_the_spreadsheet_does() -> None:
    rows = invitees.read(b'email,rep_reason\na@x.example,"two\nlines"\n\nb@x.example,\n')
    assert [row.where for row in rows] == ["row 2", "row 4"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "row 1: is empty"),
        (b"name\nAna\n", "row 1: has no column 'email'"),
        (b"email,email\na@x.example,b@x.example\n", "row 1: has the column 'email' twice"),
        (b"email,shoe_size\na@x.example,43\n", "row 1: has columns that are not known: 'shoe_size'. Known are email,"),
        (b"email,name\na@x.example,Doe, Jane\n", "row 2: has 3 cells under 2 columns"),
        (b'email\n"a@x.example\n', "file: is not readable as CSV"),
        ("email,name\na@x.example,Zoë\n".encode("latin-1"), "line 2: is not UTF-8"),
        (b"email\n" + b"a@x.example\n" * 5_001, "file: has 5,001 rows; the limit is 5,000"),
        (b"email\n" + b"a" * 5_000_000, "file: is 5,000,006 bytes long"),
    ],
)
def test_refuses_a_file_and_says_why(data: bytes, said: str) -> None:
    assert any(problem.startswith(said) for problem in refusals(data))


def test_unknown_columns_can_be_ignored() -> None:
    (row,) = invitees.read(b"email,shoe_size\na@x.example,43\n", ignore_unknown=True)
    assert row.email == "a@x.example"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Invitee(""), "invitee 1, email: is missing"),
        (Invitee("ana"), "invitee 1, email: 'ana' is not an address"),
        (Invitee("ana@acme"), "invitee 1, email: 'ana@acme' is not an address"),
        (Invitee("a@x.example, b@x.example"), "invitee 1, email: 'a@x.example, b@x.example' is not an address"),
        (Invitee("a@x.example", flow="loose"), "invitee 1, flow: 'loose' is not a flow; there are loss, win"),
        (Invitee("a@x.example", language="german"), "invitee 1, language: 'german' is not a language code"),
        (Invitee("a@x.example", name="\udcff"), r"invitee 1, name: '\udcff' holds"),
        (Invitee("\udcff@x.example"), r"invitee 1, email: '\udcff@x.example' holds"),
        (Invitee("a@x.example", rep_reason="\udcff"), r"invitee 1, rep_reason: '\udcff' holds"),
        (Invitee("a@x.example", amount="12k"), "invitee 1, amount: '12k' is not a number"),
        (Invitee("a@x.example", amount="-5"), "invitee 1, amount: '-5' is not a number"),
        (Invitee("a@x.example", currency="€"), "invitee 1, currency: '€' is not a code"),
        (Invitee("a@x.example", closed_on="03/11/2026"), "invitee 1, closed_on: '03/11/2026' is not a date"),
        (Invitee("a@x.example", name="Ana\r\nBcc: b@x.example"), r"invitee 1, name: 'Ana\r\nBcc: b@x.example' holds"),
        (Invitee("a@x.example", name="a" * 201), "invitee 1, name: is 201 characters long; the limit is 200"),
        (Invitee("a@x.example", flow="loose", where="row 7"), "row 7, flow: 'loose' is not a flow"),
    ],
)
def test_names_column_and_value(row: Invitee, said: str) -> None:
    (problem,) = invitees.check([row], FLOWS)
    assert str(problem).startswith(said)


@pytest.mark.parametrize("language", ["", "de", "DE", "de-AT", "en-GB", "fr"])
def test_a_language_may_name_a_region(language: str) -> None:
    assert invitees.check([Invitee("a@x.example", language=language)], FLOWS) == []


def test_finds_every_problem_and_repeats() -> None:
    rows = [
        Invitee("a@x.example", deal_id="1", where="row 2"),
        Invitee("A@x.example ", deal_id="1", where="row 3"),
        Invitee("a@x.example", deal_id="2", where="row 4"),
        Invitee("nobody", amount="lots", where="row 5"),
    ]
    assert [str(problem) for problem in invitees.check(rows, FLOWS)] == [
        "row 3, email: 'a@x.example' stands for this deal already in row 2",
        "row 5, email: 'nobody' is not an address",
        "row 5, amount: 'lots' is not a number; write 18400 or 18,400.00, without the currency",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("18400", 18400),
        ("18,400", 18400),
        ("18.400,50", 18400.5),
        ("18 400", 18400),
        ("1'234'567.89", 1234567.89),
        ("12,5", 12.5),
        ("1234.5678", 1234.5678),
    ],
)
def test_reads_amounts_as_people_write_them(text: str, number: float | None) -> None:
    assert invitees.amount(text) == number


def test_reads_a_day_with_and_without_a_time() -> None:
    assert invitees.day("2026-11-03T00:00:00Z") == invitees.day(" 2026-11-03 ") == date(2026, 11, 3)


def test_a_mark_outlives_an_appended_key_and_tells_a_removed_one() -> None:
    kept = suppression.mark(["old"], "Ana@acme.example ")
    assert "ana" not in kept
    assert kept in suppression.marks(["old", "new"], "ana@acme.example")
    assert suppression.unreadable(["old", "new"], [kept]) == 0
    assert suppression.unreadable(["new"], [kept]) == 1
