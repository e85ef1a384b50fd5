"""What somebody may have meant by words that nothing holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from interviewer.searching import tokens

_SHORTEST = 4
_ALIKE = 0.75
_WORD = re.compile(r"[^\W_]+")


def meant(text: str, known: Collection[str], ours: Collection[str]) -> str:
    """`text` with each unknown word of it replaced by the most similar of `known` (folded); empty where none is
    similar. Words of `ours` are right as they are."""
    changed = False

    def better(found: re.Match[str]) -> str:
        nonlocal changed
        word = "".join(tokens(found.group()))
        if len(word) < _SHORTEST or word in known or word in ours or word.isdecimal():
            return found.group()
        near = [one for one in known if abs(len(one) - len(word)) <= 2 and {*word[:2]} & {*one[:2]}]
        alike = get_close_matches(word, near, n=1, cutoff=_ALIKE)
        changed = changed or bool(alike)
        return alike[0] if alike else found.group()

    said = _WORD.sub(better, text)
    return said if changed else ""
