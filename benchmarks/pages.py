"""What a buyer's page says, read by its stable hooks (docs/architecture.md): where the chat stands, what is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAIL = re.compile(r'<div id="tail"([^>]*)>')
_NUMBER, _KEY = re.compile(r'data-number="(\d+)"'), re.compile(r'data-key="([^"]+)"')
_DUE = re.compile(r"/reply\?number=(\d+)")
_SAVED = re.compile(r'<div class="a[^"]*" data-speaker="buyer" data-turn="(\d+)" data-key="([^"]+)"')
_WAY_ON = re.compile(r"<form\b|<a\b[^>]*\bhref=|http-equiv=\"refresh\"|\bdata-pending\b|<hx-partial\b|<div id=\"tail\"")
_INTERVIEW = re.compile(r"/interview/[\w-]+")


@dataclass(frozen=True)
class Chat:
    """Where a chat stands: the number and key of the next answer, or the reply that is due."""

    number: int
    key: str = ""
    pending: bool = False
    closed: bool = False


def chat(body: str) -> Chat | None:
    """How the page or fragment leaves the chat; None where it is not one."""
    found = _TAIL.search(body)
    if found is None:
        return None
    tail = found[1]
    if "data-pending" in tail:
        due = _DUE.search(tail)
        return Chat(int(due[1]) if due else 0, pending=True)
    number, key = _NUMBER.search(tail), _KEY.search(tail)
    return Chat(int(number[1]), key[1], closed="data-closed" in tail) if number and key else None


def saved(body: str) -> dict[str, int]:
    """The turns of answers that the page shows as saved, by the key they were sent under."""
    return {key: int(number) for number, key in _SAVED.findall(body)}


def has_way_on(body: str) -> bool:
    """Whether somebody who sees this can do anything, or something happens by itself."""
    return _WAY_ON.search(body) is not None


def interview(location: str) -> str:
    """The path of the interview that an address belongs to; empty if none."""
    found = _INTERVIEW.search(location)
    return found[0] if found else ""
