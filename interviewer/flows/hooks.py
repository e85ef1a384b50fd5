"""The buyer's own words worth picking up: a verbatim span, short, that reads well inside a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from interviewer.flows.tokens import Token, count, fold, span, tokens
from interviewer.flows.words import Lexicon

LONGEST = 6
_LEAST = 0.5
"""What a clause scores that carries nothing: no word of its own, no figure, no signal."""

_MARKS = re.compile(r"[<>{}\[\]`|^~=\\]")
_ELSEWHERE = re.compile(r"https?:|www\.|[<>{}\[\]]|\S@\S|\w\.\w+/", re.IGNORECASE)
_STUCK = re.compile(r"([^\W\d])\1{3}")
_ROWS = ("asdf", "qwer", "zxcv", "dfgh", "hjkl", "uiop")


def pick(text: str, lexicon: Lexicon, *, drop: Iterable[str] = ()) -> str:
    """The clause of an answer to come back to, or "": whole, for a part of one easily misses the point.

    `drop` names what is no news to anybody (vendor, product).
    """
    known = {word for name in drop for word in fold(name).split()}
    best, most = "", _LEAST
    for words in _clauses(tokens(text), lexicon):
        clause = _trimmed(text, words, lexicon)
        if not clause or count(span(text, clause)) > LONGEST or _hollow(clause, lexicon) or _hangs(clause, lexicon):
            continue
        if _says_nothing(span(text, words), lexicon) or _says_nothing(span(text, clause), lexicon):
            continue
        told = span(text, clause)
        if lexicon.has("rude", told) or _MARKS.search(told) or leads_elsewhere(told):
            continue
        score = _score(clause, lexicon, known)
        if score > most:
            best, most = span(text, clause), score
    return best


def leads_elsewhere(text: str) -> bool:
    """Whether it holds an address or markup: not even as the buyer's own words does a message of ours (trust.md 18)."""
    return _ELSEWHERE.search(text) is not None


def _says_nothing(clause: str, lexicon: Lexicon) -> bool:
    """Whether it only says that nothing is known, or nothing will be told."""
    return any(lexicon.is_whole(kind, clause) for kind in ("unsure", "nothing", "refuses"))


def entities(text: str, lexicon: Lexicon, *, drop: Iterable[str] = ()) -> tuple[str, ...]:
    """What a list of alternatives names ("You, Brightline, and keeping the spreadsheet" -> Brightline, the
    spreadsheet). Empty when it does not read like a list of names."""
    known = {fold(name) for name in drop} | {""}
    named: list[str] = []
    for item in _items(tokens(text), lexicon):
        phrase = _phrase_of(item, lexicon)
        if phrase is None:
            continue
        if len(phrase) > 4 or any(_role(token, lexicon) == "other" for token in phrase):
            return ()
        words = span(text, phrase)
        if fold(words) not in known and not all(lexicon.is_in(token.low, "thin", "number") for token in phrase):
            named.append(words)
    return tuple(named)


def names_something(hook: str, lexicon: Lexicon) -> bool:
    """Whether the span is a plain noun phrase or a name, and so reads well without quotation marks."""
    words = tokens(hook)
    if not words or count(hook) > LONGEST or any(lexicon.is_in(token.low, "verb") for token in words):
        return False
    if len(words) == 1:
        return words[0].text[0].isupper() and not lexicon.is_in(words[0].low, "thin", "function")
    rest = words[1:]
    led = lexicon.is_in(words[0].low, "determiner", "number") or words[0].text[0].isdigit()
    plain = not any(lexicon.is_in(token.low, "function") for token in rest if not lexicon.is_in(token.low, "link"))
    return plain and (led or all(token.text[0].isupper() for token in words))


def is_gibberish(words: Sequence[Token]) -> bool:
    """Whether nothing but noise was typed."""
    return bool(words) and all(token.low.isascii() and token.low.isalpha() and _noise(token.low) for token in words)


def _clauses(words: Sequence[Token], lexicon: Lexicon) -> Iterable[Sequence[Token]]:
    """The words between punctuation marks and words that start another clause ("but", "because")."""
    clause: list[Token] = []
    for token in words:
        starts = lexicon.is_in(token.low, "clause")
        if clause and (starts or token.segment != clause[-1].segment):
            yield clause
            clause = []
        if not starts:
            clause.append(token)
    if clause:
        yield clause


def _trimmed(text: str, words: Sequence[Token], lexicon: Lexicon) -> Sequence[Token]:
    """The words without what leads up to the point ("I'd say", "it was") and what trails after it ("tbh")."""
    start, end = 0, len(words)
    while start < end:
        if _fills(words, start, lexicon):
            start += 1
        elif opener := lexicon.opening(text, words[start].start):
            start = next((i for i in range(start, end) if words[i].start >= opener), end)
        else:
            break
    while end > start and _fills(words, end - 1, lexicon):
        end -= 1
    return words[start:end]


def _fills(words: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether the word says nothing there; one that may be a subject does beside other filling only ("thank you")."""
    if not lexicon.is_in(words[at].low, "filler"):
        return False
    beside = (words[i].low for i in (at - 1, at + 1) if 0 <= i < len(words))
    return not lexicon.is_in(words[at].low, "subject") or any(lexicon.is_in(word, "filler") for word in beside)


def _hollow(words: Sequence[Token], lexicon: Lexicon) -> bool:
    return all(lexicon.is_in(token.low, "function", "filler", "verb") or _noise(token.low) for token in words)


def _hangs(words: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether it breaks off before its point ("simple as", "we went for the")."""
    return lexicon.is_in(words[-1].low, "determiner", "link", "joint")


def _noise(word: str) -> bool:
    """A letter, a laugh, a hand across the keyboard."""
    mute = len(word) > 4 and word.isascii() and word.isalpha() and not set(word) & set("aeiouy")
    return len(set(word)) < 2 or mute or _STUCK.search(word) is not None or any(row in word for row in _ROWS)


def _role(token: Token, lexicon: Lexicon) -> str:
    word = token.low
    if lexicon.is_in(word, "determiner", "number") or word[0].isdigit():
        return "lead"
    if lexicon.is_in(word, "link"):
        return "link"
    if lexicon.is_in(word, "function", "verb", "filler"):
        return "other"
    return "content"


def _score(clause: Sequence[Token], lexicon: Lexicon, known: set[str]) -> float:
    content = [token for token in clause if _role(token, lexicon) == "content"]
    telling = [token for token in content if not lexicon.is_in(token.low, "thin") and token.low not in known]
    if content and all(token.low in known for token in content):
        return 0.0
    figure = any(lexicon.is_in(t.low, "number") or t.low[0].isdigit() for t in clause)
    words = " ".join(token.low for token in clause)
    heard = any(expression.search(words) for expression in lexicon.signals.values())
    cross = lexicon.signals["complaint"].search(words) is not None if "complaint" in lexicon.signals else False
    return _LEAST + min(len(telling), 3) + 2.0 * figure + 1.0 * heard + 2.0 * cross


def _items(words: Sequence[Token], lexicon: Lexicon) -> Iterable[Sequence[Token]]:
    item: list[Token] = []
    for token in words:
        if item and (token.segment != item[-1].segment or lexicon.is_in(token.low, "joint")):
            yield item
            item = []
        if not lexicon.is_in(token.low, "joint"):
            item.append(token)
    if item:
        yield item


def _phrase_of(item: Sequence[Token], lexicon: Lexicon) -> Sequence[Token] | None:
    """The thing named in one item of a list: what is left when verbs and grammar are taken off its edges."""
    start, end = 0, len(item)
    while start < end and _role(item[start], lexicon) in {"other", "link"}:
        start += 1
    while end > start and _role(item[end - 1], lexicon) != "content":
        end -= 1
    phrase = item[start:end]
    return phrase or None
