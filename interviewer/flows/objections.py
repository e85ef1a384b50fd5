"""What an answer asks for itself: to be deleted, not to be kept or used. Vendors and products delete, keep and use data
as well, and buyers tell of it: that is an answer like any other.

Hardly anybody but us deletes or keeps what was told in this interview, so words for that are a request unless somebody
else is said to do or to have done it. Of "my data" it is not enough that the words occur: such a request begins its
clause, but for words of asking ("I want to"), or is a polite one. In doubt it is a request: one shown for nothing costs
the buyer one reply, one missed their trust.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from interviewer.flows.tokens import Token, segments, sentences, span, tokens
from interviewer.flows.words import Lexicon

_DELETES, _OBJECTS, _UNKEPT = "deletion", "objects", "unkept"
_LISTS = (_DELETES, _OBJECTS, _UNKEPT)
_OTHERS = ("others", "others_do")
_HALTS = "halts"
_QUOTES = tuple('"“„«:')
"""After these stands what somebody else said."""

Place = tuple[int, int]


def places(text: str, lexicon: Lexicon) -> tuple[Place, ...]:
    """Where it is asked, clause by clause and in order; a sentence that is nothing else, whole."""
    found: list[Place] = []
    for start, sentence in _sentences(text):
        if _is_all(sentence, lexicon):
            found.append((start, start + len(sentence)))
        else:
            found.extend((start + at, start + to) for at, to in _asking(sentence, lexicon))
    return tuple(found)


def halts(text: str, lexicon: Lexicon) -> tuple[Place, ...]:
    """Where we are told to stop, to ask no more or to write no more: clauses that say nothing else, in order. Reps and
    products are told so as well, but seldom in the words of an order.
    """
    found: list[Place] = []
    expression = lexicon.anywhere.get(_HALTS)
    for start, sentence in _sentences(text):
        clauses = _clauses(sentence, lexicon)
        for match in expression.finditer(sentence) if expression else ():
            asking = _around(match, clauses, sentence, lexicon)
            at, to = asking[0][0], asking[-1][1]
            before, after = sentence[at : match.start()], sentence[match.end() : to]
            said = text[: start + at].rstrip().endswith(_QUOTES)
            if not said and _leads_up(before, lexicon) and _leads_up(after, lexicon):
                found.append((start + at, start + to))
    return tuple(found)


def around(
    text: str, asked: tuple[Place, ...], *, tells: Callable[[str], bool], stands: Callable[[str], bool]
) -> tuple[Place, ...]:
    """What of an answer belongs to the request. Words in the same sentence are mostly its reason, or a name under it:
    they do unless a clause `tells`. Another sentence does unless it `stands` by itself.
    """
    found: list[Place] = []
    for start, sentence in _sentences(text):
        end = start + len(sentence)
        inside = tuple((at - start, to - start) for at, to in asked if start <= at < end)
        rest = without(sentence, inside)
        if any(tells(span(rest, clause)) for clause in segments(tokens(rest))) if inside else stands(sentence):
            found.extend((start + at, start + to) for at, to in inside)
        else:
            found.append((start, end))
    return tuple(found)


def without(text: str, cut: tuple[Place, ...]) -> str:
    """The text without these places; each leaves the end of a clause."""
    left, end = "", 0
    for start, until in cut:
        left, end = f"{left}{text[end:start]} … ", until
    return left + text[end:]


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    end = 0
    for sentence in sentences(text):
        start = text.index(sentence, end)
        end = start + len(sentence)
        yield start, sentence


def _asking(sentence: str, lexicon: Lexicon) -> tuple[Place, ...]:
    """Where a sentence asks it, each from the beginning of a clause to the end of one, none in another."""
    clauses = _clauses(sentence, lexicon)
    found: dict[int, int] = {}
    for name in _LISTS:
        expression = lexicon.anywhere.get(name)
        for match in expression.finditer(sentence) if expression else ():
            asking = _around(match, clauses, sentence, lexicon)
            if name == _UNKEPT:
                asking[0] = (_joined(sentence, asking[0][0], match.start(), lexicon), asking[0][1])
            before, after = sentence[asking[0][0] : match.start()], sentence[match.end() : asking[-1][1]]
            if _is_ours(before, match.group(), after, lexicon, plain=name != _DELETES):
                found.update((end, max(start, found.get(end, start))) for start, end in asking)
    if found:  # and what is said in the same breath ("I no longer agree, delete everything")
        found = {end: start for start, end in clauses if _is_all(sentence[start:end], lexicon)} | found
    return tuple(sorted((start, end) for end, start in found.items()))


def _around(match: re.Match[str], clauses: tuple[Place, ...], sentence: str, lexicon: Lexicon) -> list[Place]:
    """The clauses that hold it, and those that only lead up to them."""
    first = next(at for at, (_, end) in enumerate(clauses) if end > match.start())
    while first and _leads_up(sentence[slice(*clauses[first - 1])], lexicon):
        first -= 1
    return [clause for clause in clauses[first:] if clause[0] < match.end()]


def _is_ours(before: str, request: str, after: str, lexicon: Lexicon, *, plain: bool) -> bool:
    """Whether the buyer says it to us; not who only tells of somebody ("they would not delete my data").

    What is `plain` has in it who says it.
    """
    led, polite_after = tokens(before), [lexicon.is_in(token.low, "filler") for token in tokens(after)[:1]]
    if _leads_up(before, lexicon):
        return True
    if lexicon.is_in(led[-1].low, "joint") and any(polite_after):
        return True  # "… and delete my answers please"
    polite = lexicon.is_in(tokens(request)[0].low, "filler", "lead")
    return (polite or plain) and not any(lexicon.has(name, before) for name in _OTHERS)


def _leads_up(part: str, lexicon: Lexicon) -> bool:
    """Whether it only leads up to a request ("and we would like")."""
    return all(lexicon.is_in(token.low, "filler", "clause", "hence", "joint", "requesting") for token in tokens(part))


def _is_all(part: str, lexicon: Lexicon) -> bool:
    return any(lexicon.is_whole(name, part) for name in _LISTS)


def _clauses(sentence: str, lexicon: Lexicon) -> tuple[Place, ...]:
    """Where the words stand between punctuation marks, and before those that start another clause ("but", "so I")."""
    found: list[list[int]] = []
    segment, words = -1, tokens(sentence)
    for at, token in enumerate(words):
        if token.segment != segment or lexicon.is_in(token.low, "clause", "hence") or _joins(words[at:], lexicon):
            found.append([token.start, token.end])
        found[-1][1], segment = token.end, token.segment
    return tuple((start, end) for start, end in found)


def _joins(words: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a clause that asks for something begins here ("and please"), rather than more of the one before."""
    if not lexicon.is_in(words[0].low, "conjunction"):
        return False
    first = next((word.low for word in words[1:] if not lexicon.is_in(word.low, "joint", "hence")), "")
    return lexicon.is_in(first, "asker")


def _joined(sentence: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Where the last "and" stands that may join a request on ("… was too high and delete my answers")."""
    joins = (token.start for token in tokens(sentence[start:end]) if lexicon.is_in(token.low, "conjunction"))
    return start + max(joins, default=0)
