"""Black bars over words that were redacted. Lengths stay, so that spans of quotes hold. Pure."""

import re
from collections.abc import Iterable, Sequence

BAR = "\N{FULL BLOCK}"
SHORTEST = 3
"""Characters of a redacted stretch from which other texts are searched for it."""


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with every code point of `spans` but spaces under a bar; as long as before."""
    for start, end in spans:
        bars = "".join(character if character.isspace() else BAR for character in text[start:end])
        text = text[:start] + bars + text[end:]
    return text


def without(text: str, hidden: Sequence[str]) -> str:
    """`text` with every stretch of `hidden` under bars, however it is spaced or capitalised: for sentences that may
    repeat what was redacted."""
    for stretch in sorted(hidden, key=len, reverse=True):
        if len(stretch.strip()) >= SHORTEST:
            wanted = r"\s+".join(map(re.escape, stretch.split()))
            text = re.sub(wanted, lambda hit: BAR * len(hit.group()), text, flags=re.IGNORECASE)
    return text
