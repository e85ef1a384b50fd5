"""The account of a person as files: one for programs, one for people, both in a zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from interviewer.confidentiality import Seen
from interviewer.records.rights import Account, Cell, Section

_PARTS = {
    "person": "Who you are here",
    "said": "What you were told, and what you said",
    "derived": "What was concluded from it",
    "released": "What other teams may read of it",
    "calls": "Calls",
    "deal": "The evaluation",
    "mails": "Mails, and what was done with your data",
    "desk": "As somebody who works here",
}
PARTLY = "What is held about them as somebody who works here is left out: an admin makes a file with all of it."
"""What an account says that was made by somebody who may not see that part."""
_WHOLE = "This is everything that is held here about whoever has this address."
_LEAD = (
    "Words under a bar (█) were hidden for "
    "good: nobody reads them. Left out are numbers that only name rows, secrets that prove who somebody is, and which "
    "colleague did what. Times are UTC."
)


_NAMES = {
    "act": "answered or skipped",
    "assessment": "how the answer was read",
    "audiences": "teams that may read single statements",
    "crm_consent": "the reason may go back to the CRM",
    "machine_text": "as the analysis had it",
    "made_by": "made by",
    "mode": "who asked (ai, or a human)",
    "move": "what the interviewer did",
    "notice_digest": "version of the notice",
    "digest": "version",
    "promise_version": "version of the promise of confidentiality",
    "proved": "from the browser that was proved to be yours",
    "quote_id": "number of the quote",
    "statement_id": "number of the conclusion",
    "source": "worded by",
    "start": "from character",
    "end": "to character",
    "step": "step of the analysis",
    "why": "why it was asked",
}
"""Columns whose name would tell nobody what they hold; the others are read as words."""


def structured(account: Seen[Account]) -> dict[str, Any]:
    """For programs: parts, in them places, in them rows."""
    told: dict[str, Any] = {"address": account.address, "made_at": _plain(account.made_at)}
    if _lacks(account):
        told["left_out"] = PARTLY
    for part, sections in _parts(account):
        told[part] = {section.title: [_row(row) for row in section.rows] for section in sections}
    return told


def page(account: Seen[Account], organisation: str) -> str:
    """For people: one page of HTML that needs nothing else."""
    title = f"What {organisation or 'we'} {'holds' if organisation else 'hold'} about {account.address}"
    return "".join(_html(account, title))


def packed(account: Seen[Account], organisation: str) -> bytes:
    """Both in a zip. Their names say nothing of whose they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("about-you.html", page(account, organisation))
        files.writestr("about-you.json", json.dumps(structured(account), ensure_ascii=False, indent=2))
    return packed.getvalue()


def _lacks(account: Seen[Account]) -> bool:
    return account.works_here and not account.desk


def _parts(account: Seen[Account]) -> Iterator[tuple[str, Any]]:
    for part in _PARTS:
        sections = getattr(account, part)
        if sections:
            yield part, sections


def _row(row: Seen[Any]) -> dict[str, Any]:
    return {cell.name: json.loads(cell.value) if cell.data else _plain(cell.value) for cell in row.cells}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _html(account: Seen[Account], title: str) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title></head>\n<body>\n<h1>{escape(title)}</h1>\n"
    lead = f"{PARTLY if _lacks(account) else _WHOLE} {_LEAD}"
    yield f"<p>As of {account.made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC. {escape(lead)}</p>\n"
    parts = list(_parts(account))
    for part, sections in parts:
        yield f"<h2>{escape(_PARTS[part])}</h2>\n"
        for section in sections:
            yield from _section(section)
    if not parts:
        yield "<p>Nothing is held.</p>\n"
    yield "</body></html>\n"


def _section(section: Seen[Section]) -> Iterator[str]:
    yield f"<h3>{escape(section.title)}</h3>\n"
    for row in section.rows:
        yield "<dl>"
        for cell in row.cells:
            if words := _words(cell):
                yield f"<dt>{escape(_name(cell.name))}</dt><dd>{words}</dd>"
        yield "</dl>\n<hr>\n"


def _name(column: str) -> str:
    return _NAMES.get(column) or column.removesuffix("_at").replace("_", " ")


def _words(cell: Seen[Cell]) -> str:
    value = json.loads(cell.value) if cell.data and cell.value else cell.value
    return "<br>".join(escape(_said(value)).splitlines())


def _said(value: Any) -> str:
    """A value as a person reads it; empty where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
        case dict():
            return "; ".join(f"{_name(name)}: {said}" for name, part in value.items() if (said := _said(part)))
        case list():
            return ", ".join(filter(None, map(_said, value)))
    return str(value)
