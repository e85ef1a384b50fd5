"""Content lines of a calendar file (RFC 5545 3.1), as a tree of its components.

What an entry is about is never taken in: only lines that say when, and whether that time is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from interviewer.errors import BadInput, Problem

_KEPT_COMPONENTS = {"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_KEPT_LINES = {
    *("UID", "SEQUENCE", "RECURRENCE-ID", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-WR-TIMEZONE"),
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "FREEBUSY", "TZID", "TZOFFSETFROM", "TZOFFSETTO"),
}
_LINE = re.compile(r'([A-Z0-9-]+)((?:;[^=;:"]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.I | re.S)
_PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"|[^";:]*)')


@dataclass(frozen=True)
class Line:
    """`NAME;PARAMETER=…:value`; names in capitals, values as they stand."""

    name: str
    value: str
    parameters: dict[str, str]
    number: int
    """Where it begins in the file, from 1."""


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    number: int = 0
    lines: list[Line] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        """Every line of this name."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> Line | None:
        """The line of this name, or None."""
        return next((line for line in self.lines if line.name == name), None)

    def word(self, name: str) -> str:
        """The value of a line in capitals, or nothing."""
        line = self.first(name)
        return line.value.strip().upper() if line else ""


def calendars(raw: bytes) -> list[Component]:
    """Every VCALENDAR of a file. Raises BadInput for one that is none, or that ends too early."""
    text = raw.decode("utf-8-sig", errors="replace")
    root = Component("")
    stack: list[Component] = [root]
    skipped: list[str] = []
    for number, line in _unfolded(text):
        name = re.split("[;:]", line, maxsplit=1)[0].strip().upper()
        if name == "BEGIN":
            _begin(line.partition(":")[2].strip().upper(), number, stack, skipped)
        elif name == "END":
            _end(line.partition(":")[2].strip().upper(), number, stack, skipped)
        elif name in _KEPT_LINES and not skipped:
            stack[-1].lines.append(_line(line, number))
    if not root.parts:
        raise _bad("What this address gives is not a calendar: there is no BEGIN:VCALENDAR in it.")
    if len(stack) > 1 or skipped:
        raise _bad("The calendar ends in the middle of an entry: it may have been cut off on its way.")
    return root.parts


def _begin(name: str, number: int, stack: list[Component], skipped: list[str]) -> None:
    if skipped or name not in _KEPT_COMPONENTS or (len(stack) == 1) != (name == "VCALENDAR"):
        skipped.append(name)
        return
    component = Component(name, number)
    stack[-1].parts.append(component)
    stack.append(component)


def _end(name: str, number: int, stack: list[Component], skipped: list[str]) -> None:
    if skipped and skipped[-1] == name:
        skipped.pop()
    elif not skipped and len(stack) > 1 and stack[-1].name == name:
        stack.pop()
    else:
        raise _bad(f"The calendar cannot be read: on line {number} something ends that has not begun.")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines with the number of the first that each was folded into."""
    pieces: list[str] = []
    began = 0
    for number, physical in enumerate(text.split("\n"), start=1):
        piece = physical.removesuffix("\r")
        if piece[:1] in (" ", "\t") and pieces:
            pieces.append(piece[1:])
            continue
        if pieces:
            yield began, "".join(pieces)
        pieces, began = [piece], number
    yield began, "".join(pieces)


def _line(line: str, number: int) -> Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _bad(f"The calendar cannot be read: line {number} is not one that a calendar has.")
    parameters = {name.strip().upper(): value.strip('"') for name, value in _PARAMETER.findall(found[2])}
    return Line(found[1].upper(), found[3].strip(), parameters, number)


def _bad(what: str) -> BadInput:
    return BadInput([Problem("calendar", what)])
