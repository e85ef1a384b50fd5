"""A reader of calendar files that forgives nothing (RFC 5545 3.1, 3.3.11) and shares no code with what writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[A-Z0-9-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}


@dataclass
class Property:
    """One content line."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value as TEXT, unescaped. An unescaped comma or semicolon is an error."""
        assert not re.search(r"[,;]", re.sub(r"\\.", "", self.value)), self.value
        pieces = re.findall(r"\\.|[^\\]", self.value, re.S)
        return "".join(_ESCAPES[piece] if piece.startswith("\\") else piece for piece in pieces)


def read(raw: bytes) -> tuple[dict[str, Property], dict[str, Property]]:
    """The properties of the calendar and of its one event, by name."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in physical)
    for line in physical:
        line.decode()  # folded between characters, never inside one
    lines = raw.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    begin, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    assert end == len(lines) - 2
    return _properties(lines[1:begin]), _properties(lines[begin + 1 : end])


def _properties(lines: list[str]) -> dict[str, Property]:
    found: dict[str, Property] = {}
    for line in lines:
        name, made = _property(line)
        assert name not in found, f"{name} is there twice"
        found[name] = made
    return found


def _property(line: str) -> tuple[str, Property]:
    assert not _CONTROL.search(line), line
    name = _NAME.match(line)
    assert name, line
    rest, parameters = line[name.end() :], {}
    while rest.startswith(";"):
        found = re.match(r';([A-Z0-9-]+)=(?:"([^"]*)"|([^";:,]*))(?=[;:])', rest)
        assert found, line
        parameters[found[1]] = found[2] if found[2] is not None else found[3]
        rest = rest[found.end() :]
    assert rest.startswith(":"), line
    return name[0], Property(rest[1:], parameters)
