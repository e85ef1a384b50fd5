"""Rows of an invitations file, read and checked. Pure: `invitations.py` turns good ones into invitations.

An `Invitee` holds a row as it was written, so that every problem can name the row, the column and the value.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from interviewer.errors import BadInput, Problem

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_CELL = 200
MAX_PROSE = 4_000

_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]+\.[^\s@<>()\[\]\\,;:\".]{2,}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PLAIN = re.compile(r"\d{1,12}([.,]\d+)?")
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<mark>[,. '’\u00a0\u202f])\d{3}(?:(?P=mark)\d{3}){0,3})"
    r"(?:(?!(?P=mark))[.,](?P<cents>\d{1,2}))?"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PROSE = ("rep_reason", "reason_explanation")


@dataclass(frozen=True)
class Invitee:
    """One person to ask, with what the CRM and the rep say about the deal. Empty means "not said"."""

    email: str
    name: str = ""
    role: str = ""
    company: str = ""
    flow: str = ""
    """Empty: `loss` for a new invitation, unchanged for one that is there."""
    language: str = ""
    product: str = ""
    segment: str = ""
    amount: str = ""
    currency: str = ""
    closed_on: str = ""
    deal_id: str = ""
    owner: str = ""
    rep_reason: str = ""
    rep_competitor: str = ""
    reason_category: str = ""
    reason_driver: str = ""
    reason_explanation: str = ""
    primary_competitor: str = ""
    incumbent: str = ""
    selected_competitor: str = ""
    where: str = ""
    """"row 7" for one that was read from a file; the header is row 1."""

    @property
    def address(self) -> str:
        """The address as it is kept and compared."""
        return self.email.strip().lower()

    @property
    def key(self) -> tuple[str, str]:
        """What makes an invitation the same one: the address and the deal (trust.md 40)."""
        return self.address, self.deal_id.strip()


COLUMNS = tuple(field.name for field in fields(Invitee) if field.name != "where")


def read(data: bytes, *, ignore_unknown: bool = False) -> tuple[Invitee, ...]:
    """The rows of a CSV file: UTF-8 with or without a mark, split by comma, semicolon or tab.

    Raises BadInput for a file that cannot be read as such, and for unknown columns unless they are to be ignored.
    """
    if len(data) > MAX_BYTES:
        raise BadInput([Problem("file", f"is {len(data):,} bytes long; the limit is {MAX_BYTES:,}. Split it in parts")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput([Problem(f"line {line}", 'is not UTF-8; save the file as "CSV UTF-8"')]) from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise BadInput([Problem("file", f"is not readable as CSV: {error}")]) from error
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise BadInput([Problem("row 1", "is empty; it must hold the column names")])
    header = [_column(cell) for cell in rows[0]]
    problems = list(_header_problems(header, ignore_unknown))
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if len(body) > MAX_ROWS:
        problems.append(Problem("file", f"has {len(body):,} rows; the limit is {MAX_ROWS:,}. Split it in parts"))
    for number, row in body:
        if any(cell.strip() for cell in row[len(header) :]):
            problems.append(
                Problem(f"row {number}", f"has {len(row)} cells under {len(header)} columns; a comma without quotes?")
            )
    if problems:
        raise BadInput(problems)
    return tuple(_invitee(number, header, row) for number, row in body)


def check(invitees: Sequence[Invitee], flows: Collection[str]) -> list[Problem]:
    """Everything wrong with these rows by themselves: addresses, flows, languages, dates, amounts, repeats, lengths."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    for number, invitee in enumerate(invitees, start=1):
        where = invitee.where or f"invitee {number}"
        problems.extend(Problem(f"{where}, {column}", what) for column, what in faults(invitee, flows))
        if invitee.key in seen:
            problems.append(
                Problem(
                    f"{where}, email", f"{_shown(invitee.address)} stands for this deal already in {seen[invitee.key]}"
                )
            )
        else:
            seen[invitee.key] = where
    return problems


def is_address(text: str) -> bool:
    """Whether mail could go there, as far as its form tells."""
    return len(text.strip()) <= MAX_CELL and _ADDRESS.fullmatch(text.strip()) is not None


def amount(text: str) -> float | None:
    """The number that `text` holds, thousands separators allowed; None for nothing. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    if grouped := _GROUPED.fullmatch(text):
        return float(re.sub(r"\D", "", grouped["whole"]) + "." + (grouped["cents"] or "0"))
    if _PLAIN.fullmatch(text):
        return float(text.replace(",", "."))
    raise ValueError(text)


def day(text: str) -> date | None:
    """The date in `text`, a time of day behind it dropped; None for nothing. Raises ValueError."""
    text = text.strip()
    if len(text) > 10 and text[10] in "T ":
        text = text[:10]
    return date.fromisoformat(text) if text else None


def faults(invitee: Invitee, flows: Collection[str]) -> Iterator[tuple[str, str]]:
    """Column and what is wrong with its value."""
    for column in COLUMNS:
        value = getattr(invitee, column).strip()
        prose = column in _PROSE
        limit = MAX_PROSE if prose else MAX_CELL
        if len(value) > limit:
            yield column, f"is {len(value):,} characters long; the limit is {limit:,}"
        elif (_CONTROL_IN_PROSE if prose else _CONTROL).search(value):
            yield column, f"{_shown(value)} holds a line break, a control character or bytes that are not UTF-8"
    if not invitee.address:
        yield "email", "is missing"
    elif len(invitee.address) <= MAX_CELL and not is_address(invitee.address):
        yield "email", f"{_shown(invitee.email)} is not an address"
    flow = invitee.flow.strip()
    if flow and flow not in flows:
        yield "flow", f"{_shown(flow)} is not a flow; there are {', '.join(sorted(flows))}"
    language = invitee.language.strip()
    if language and not _LANGUAGE.fullmatch(language):
        yield "language", f"{_shown(invitee.language)} is not a language code such as en, de or pt-BR"
    if invitee.currency.strip() and not re.fullmatch(r"[A-Za-z]{3}", invitee.currency.strip()):
        yield "currency", f"{_shown(invitee.currency)} is not a code of three letters such as EUR"
    try:
        amount(invitee.amount)
    except ValueError:
        yield "amount", f"{_shown(invitee.amount)} is not a number; write 18400 or 18,400.00, without the currency"
    try:
        day(invitee.closed_on)
    except ValueError:
        yield "closed_on", f"{_shown(invitee.closed_on)} is not a date; write it as 2026-11-03"


def _header_problems(header: Sequence[str], ignore_unknown: bool) -> Iterator[Problem]:
    if "email" not in header:
        yield Problem("row 1", "has no column 'email'")
    for column in dict.fromkeys(column for column in header if header.count(column) > 1):
        if column in COLUMNS:
            yield Problem("row 1", f"has the column {column!r} twice")
    unknown = [column for column in dict.fromkeys(header) if column not in COLUMNS]
    if unknown and not ignore_unknown:
        names = ", ".join(_shown(column) for column in unknown)
        yield Problem("row 1", f"has columns that are not known: {names}. Known are {', '.join(COLUMNS)}")


def _invitee(number: int, header: Sequence[str], row: Sequence[str]) -> Invitee:
    cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column in COLUMNS}
    return Invitee(**{"email": "", **cells}, where=f"row {number}")


def _column(cell: str) -> str:
    """`Closed on` and `closed_on` are the same column."""
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _delimiter(text: str) -> str:
    """The separator under which the first line names most known columns."""
    line = text.partition("\n")[0]
    return max(",;\t", key=lambda mark: _known(_column(cell.strip('"\r')) for cell in line.split(mark)))


def _known(columns: Iterable[str]) -> int:
    return sum(column in COLUMNS for column in columns)


def _shown(value: str) -> str:
    """`value` as a message can carry it: quoted, short, control characters escaped."""
    return repr(value if len(value) <= 60 else value[:57] + "…")
