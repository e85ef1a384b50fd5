"""Markdown to be read and pasted: an interview as a dossier with its quotes numbered, the rest as lists.

Whatever a buyer or a model wrote is escaped: it is shown as text, never taken for markup (trust.md 17).
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from interviewer.confidentiality import Seen
from interviewer.exports import sheets
from interviewer.exports.base import OWNERS, About, Cell, Records, What, written

_Seen = Seen[Any]
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLOCK = re.compile(r"^(\s*)([-+=>]|\d+[.)])", re.MULTILINE)
_TITLES = {
    What.INTERVIEWS: "Interviews",
    What.QUOTES: "Quotes",
    What.DEALS: "Deals",
    What.CORRECTIONS: "Corrections for the CRM",
    What.RELEASED: "Released statements",
}
_NOTES = {"surprise": "Most surprising", "phrase": "Most useful phrase", "gap": "Most important gap"}
_ANSWERS = {"decided": "What was decided", "why": "Why", "versus": "Versus whom"}
_WORDS = {What.RELEASED: "text"}
"""The column that is quoted; the others stand under it."""


class MarkdownText:
    label = "Markdown"
    media_type = "text/markdown; charset=utf-8"

    async def write(self, about: About, records: Records) -> AsyncGenerator[bytes]:
        of = f" · {plain(about.organisation)}" if about.organisation else ""
        yield f"# {_TITLES[about.what]}{of}\n\nExported {written(about.at)}\n".encode()
        async for record in records:
            if lines := list(_lines(about, record)):
                yield ("\n" + "\n".join(lines) + "\n").encode()


def _lines(about: About, record: _Seen) -> Iterator[str]:
    match about.what:
        case What.INTERVIEWS:
            return _dossier(about, record)
        case What.QUOTES:
            return _quotes(about, record)
        case What.DEALS:
            return _deal(about, record)
        case _:
            return _entries(about, record)


def _quotes(about: About, seen: _Seen) -> Iterator[str]:
    """The quotes of an interview under its name: the words, what they are about, who said them."""
    head = seen.head
    if not seen.quotes:
        return
    yield f"## {plain(head.company or head.name or 'Interview')}\n"
    who = ", ".join(filter(None, (head.name, head.role, head.company)))
    for quote in seen.quotes:
        labels = "; ".join(tag.label + (f": {tag.subject}" if tag.subject else "") for tag in quote.tags)
        yield f"> {plain(quote.text)}\n"
        said = " · ".join(filter(None, (labels, who, "as noted" if quote.noted else "")))
        link = f"{sheets.page(about, seen)}#q{quote.id}"
        yield f"{plain(said)}{' · ' if said else ''}<{link}>\n"


def _deal(about: About, seen: _Seen) -> Iterator[str]:
    """A deal with its facts, and the three points of view as a table."""
    head, deal = seen.head, seen.deal
    yield f"## {plain(head.company or (deal.deal_id if deal else '') or 'A deal')}\n"
    facts = {
        "Outcome": head.outcome,
        "Deal": deal.deal_id if deal else "",
        "Amount": f"{deal.amount:,.0f} {deal.currency}".strip() if deal and deal.amount is not None else "",
        "Closed": written(deal.closed_on) if deal else "",
        "Owner": deal.owner if deal else "",
    }
    yield from (f"- {name}: {plain(value)}" for name, value in facts.items() if value)
    yield f"- At the desk: <{sheets.page(about, seen)}>"
    yield from _sides(seen)
    if not seen.views:
        yield "\nNeither the CRM, the rep nor the buyer says why."


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _BLOCK.sub(_escape_block, escaped)


def _escape_block(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}\\{mark}" if len(mark) == 1 else f"{found[1]}{mark[:-1]}\\{mark[-1]}"


def _entries(about: About, record: _Seen) -> Iterator[str]:
    sheet = sheets.SHEETS[about.what]
    quoted = _WORDS.get(about.what, "")
    for row in sheet.rows(about, record):
        known = {name: value for name, value in zip(sheet.columns, row, strict=True) if value not in ("", None)}
        if quoted:
            yield f"> {plain(written(known.pop(quoted, '')))}\n"
        else:
            yield f"## {plain(written(known.get('company') or known.get('deal_id') or 'A deal'))}\n"
        yield "\n".join(f"- {name.replace('_', ' ')}: {_linked(value)}" for name, value in known.items())
        yield ""


def _linked(value: Cell) -> str:
    text = written(value)
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else plain(text)


def _dossier(about: About, seen: _Seen) -> Iterator[str]:
    head = seen.head
    yield f"## {plain(head.company or head.name or 'Interview')}\n"
    if head.headline:
        yield f"**{plain(head.headline)}**\n"
    yield from _facts(about, seen)
    numbers = {quote.id: number for number, quote in enumerate(seen.quotes, start=1)}
    yield from _named("In short", _labelled(seen.notes, _NOTES), numbers)
    yield from _named("Three answers", _labelled(seen.answers, _ANSWERS), numbers)
    yield from _named("Drivers", [(f"{one.share} % {one.driver}", one.statement) for one in seen.drivers], numbers)
    yield from _named("Competitors", [(f"{one.name} ({one.role})", one.statement) for one in seen.competitors], numbers)
    yield from _named("Product", [(f"{one.area} ({one.kind})", one.statement) for one in seen.insights], numbers)
    yield from _named("Findings", [(OWNERS[one.owner].capitalize(), one.statement) for one in seen.findings], numbers)
    yield from _named("Summary", [("", one) for one in seen.summary], numbers)
    yield from _sides(seen)
    if seen.quotes:
        yield "\n### Quotes\n"
    for quote in seen.quotes:
        labels = ", ".join(tag.label + (f": {tag.subject}" if tag.subject else "") for tag in quote.tags)
        said = f"{plain(quote.text)} – as noted" if quote.noted else f"“{plain(quote.text)}”"
        yield f"{numbers[quote.id]}. {said}{f' ({plain(labels)})' if labels else ''}"
    yield "\n### Conversation\n"
    for exchange in seen.exchanges:
        if not exchange.pending:
            words = "removed by the buyer" if exchange.removed else "".join(part.text for part in exchange.segments)
            yield f"**{'Buyer' if exchange.buyer else 'Interviewer'}:** {plain(words) or '(skipped)'}\n"


def _facts(about: About, seen: _Seen) -> Iterator[str]:
    head = seen.head
    facts = {
        "Who": ", ".join(filter(None, (head.name, head.role))),
        "Outcome": head.outcome,
        "Asked by": seen.conducted_by if seen.mode == "human" else "an AI interviewer",
        "Ended": written(seen.ended_at)[:10],
        "Reviewed": written(seen.reviewed_at)[:10] or "not yet",
    }
    yield from (f"- {name}: {plain(value)}" for name, value in facts.items() if value)
    yield f"- At the desk: <{sheets.page(about, seen)}>"


def _labelled(statements: Any, labels: dict[str, str]) -> list[tuple[str, _Seen]]:
    return [(labels[one.kind], one) for one in statements]


def _named(title: str, found: list[tuple[str, _Seen]], numbers: dict[int, int]) -> Iterator[str]:
    """Sentences with the numbers of the quotes that carry them."""
    if found:
        yield f"\n### {title}\n"
    for name, one in found:
        cited = "".join(f" \\[{numbers[quote.id]}\\]" for quote in one.quotes if quote.id in numbers)
        yield f"- {f'**{plain(name)}:** ' if name else ''}{plain(one.text)}{cited}"


def _sides(seen: _Seen) -> Iterator[str]:
    """One deal, three points of view."""
    if not seen.views:
        return
    yield "\n### One deal, three points of view\n"
    yield "|  | CRM | Rep | Buyer |  |"
    yield "| --- | --- | --- | --- | --- |"
    for view in seen.views:
        cells = (view.label, view.crm, view.rep, view.buyer, "contradicts" if view.contradicts else "")
        yield f"| {' | '.join(plain(cell) for cell in cells)} |"
