"""A question in plain words, read by rules as filters and words to look for. Pure.

What a rule understands is taken out of the question; what is left, without idle words, is looked for loosely: any of
the words, by its stem, or what buyers call the same thing (`questions.toml`).
"""

from __future__ import annotations

import re
import tomllib
from calendar import month_name, monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from interviewer.folding import fold
from interviewer.languages import names
from interviewer.library.wanted import ANYBODY, REASONS, Wanted
from interviewer.searching import MOST_TERMS, Query, Term, tokens

_SHORTEST_STEM = 4
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ed", "es", "s")
_SCALE = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6}
_MONTHS = tuple(name.lower() for name in month_name if name)
_SUM = (
    r"(?P<sign{0}>[$€£]|usd |eur |gbp )?\s?(?P<sum{0}>\d[\d.,]*)\s?(?P<scale{0}>k|thousand|mn?|million)?(?!\w)"
    r"(?P<unit{0}> ?(?:usd|eur|gbp|dollars|euros|pounds|[$€£]))?"
)
_LEAST = re.compile(rf"(?:over|above|more than|larger than|bigger than|at least|from|worth|>=?)\s*{_SUM.format('')}")
_MOST = re.compile(rf"(?:under|below|less than|smaller than|at most|up to|<=?)\s*{_SUM.format('')}")
_BETWEEN = re.compile(rf"between\s*{_SUM.format(1)}\s*(?:and|to|-)\s*{_SUM.format(2)}")
_QUARTER = re.compile(r"\b(?:in )?q([1-4])(?: (?:of )?(20\d\d))?\b")
_PERIOD = re.compile(
    r"\b(?:in |during )?(?:the )?(this|last|past|previous) (?:(\d{1,3}) )?(day|week|month|quarter|year)s?\b"
)
_YEAR = re.compile(r"\b(?:in|during) (20\d\d)\b")
_SINCE = re.compile(rf"\b(since|in) ({'|'.join(_MONTHS)})(?: (20\d\d))?\b")


@dataclass(frozen=True)
class Known:
    """What questions may name."""

    today: date
    rivals: Mapping[str, str]
    """Competitors by folded name."""
    roles: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Read:
    """A search as it was understood. `question` holds the plain words where they were read as a question."""

    wanted: Wanted
    query: Query
    question: str = ""

    @property
    def by_who(self) -> bool:
        """Whether the question is for who said it: then the answer is told by company and person."""
        return next(iter(tokens(self.question)), "") in _lists()["who"]


def is_question(text: str) -> bool:
    """Whether somebody asks, rather than names what to look for."""
    said = tokens(text)
    return text.rstrip().endswith("?") or (len(said) > 3 and said[0] in _lists()["question"])


def read(wanted: Wanted, known: Known) -> Read:
    """The question as a search. A filter that is set already stays as it is."""
    rest = f" {' '.join(fold(wanted.q).replace('?', ' ').split())} "
    found: dict[str, Any] = {}
    for rule in (_amounts, _periods, _names, _listed):
        rest = rule(rest, known, found)
    _reasoned(fold(wanted.q), found)
    left = " ".join(word for word in tokens(rest) if word not in _lists()["idle"])
    if not left and not found:
        left = " ".join(tokens(wanted.q))
    asked = replace(
        wanted,
        **{name: value for name, value in found.items() if not getattr(wanted, name)},
        q=left,
        words="loose" if left else "",
    )
    return Read(asked, loosely(left), wanted.q)


def loosely(words: str) -> Query:
    """Any of the words by their stems, and what goes by other names."""
    terms: list[Term] = []
    for word in tokens(words):
        terms.append(Term((stem(word),), prefix=True))
        terms += [Term(tuple(tokens(other)), prefix=True) for other in _lists()["together"].get(word, ())]
    return Query(tuple(dict.fromkeys(terms))[: 2 * MOST_TERMS], some=True)


def _amounts(rest: str, _known: Known, found: dict[str, Any]) -> str:
    if between := _BETWEEN.search(rest):
        low, high = _sum(between, "1"), _sum(between, "2")
        if low and high:
            found["least"], found["most"] = min(low, high), max(low, high)
            return _cut(rest, between)
    for name, pattern in (("least", _LEAST), ("most", _MOST)):
        told = pattern.search(rest)
        if told and (amount := _sum(told, "")):
            found[name] = amount
            rest = _cut(rest, told)
    return rest


def _sum(told: re.Match[str], which: str) -> float:
    """The amount in a match; 0 where the number is hardly one of money."""
    number, scale = told[f"sum{which}"].rstrip(".,"), told[f"scale{which}"] or ""
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    try:
        amount = float(plain) * _SCALE[scale]
    except ValueError:
        return 0.0
    money = scale or told[f"sign{which}"] or told[f"unit{which}"]
    year = not money and re.fullmatch(r"20\d\d", number)
    return amount if money or (amount >= 1000 and not year) else 0.0


def _periods(rest: str, known: Known, found: dict[str, Any]) -> str:
    today = known.today
    readings: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, date] | None]], ...] = (
        (_QUARTER, lambda told: _quarter(int(told[2] or today.year), int(told[1]))),
        (_PERIOD, lambda told: _period(told, today)),
        (_SINCE, lambda told: _since(told, today)),
        (_YEAR, lambda told: (date(int(told[1]), 1, 1), date(int(told[1]), 12, 31))),
    )
    for pattern, reading in readings:
        told = pattern.search(rest)
        span = reading(told) if told else None
        if told and span:
            found["since"], found["until"] = span
            return _cut(rest, told)
    return rest


def _period(told: re.Match[str], today: date) -> tuple[date, date]:
    which, number, unit = told[1], told[2], told[3]
    if number:
        days = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[unit]
        return today - timedelta(days=min(int(number) * days, 3650)), today
    back = 0 if which == "this" else 1
    if unit == "day":
        return today - timedelta(days=back), today - timedelta(days=back)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        return _month(today.year, today.month - back)
    if unit == "quarter":
        return _quarter(today.year, (today.month - 1) // 3 + 1 - back)
    return date(today.year - back, 1, 1), date(today.year - back, 12, 31)


def _since(told: re.Match[str], today: date) -> tuple[date, date]:
    month = _MONTHS.index(told[2]) + 1
    year = int(told[3]) if told[3] else today.year - (month > today.month)
    first, last = _month(year, month)
    return (first, today) if told[1] == "since" else (first, last)


def _month(year: int, month: int) -> tuple[date, date]:
    year, month = (year - 1, 12) if month < 1 else (year, month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _quarter(year: int, number: int) -> tuple[date, date]:
    year, number = (year - 1, 4) if number < 1 else (year, number)
    return date(year, 3 * number - 2, 1), _month(year, 3 * number)[1]


def _names(rest: str, known: Known, found: dict[str, Any]) -> str:
    """Competitors, roles, segments and languages that the library knows."""
    groups: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("competitor", {key: key for key in known.rivals}),
        ("role", {fold(role): fold(role) for role in known.roles}),
        ("segment", {fold(segment): fold(segment) for segment in known.segments}),
        ("language", {fold(names.name(code)): code for code in known.languages}),
    )
    for name, values in groups:
        for said in sorted(filter(None, values), key=len, reverse=True):
            extra = "(?: speaking|-speaking)?" if name == "language" else "(?:'s|s)?"
            told = re.search(rf"(?:\b(?:in|from|to|against|by|vs) )?(?<!\w){re.escape(said)}{extra}(?!\w)", rest)
            if told:
                found[name] = values[said]
                rest = _cut(rest, told)
                break
    return rest


def _listed(rest: str, _known: Known, found: dict[str, Any]) -> str:
    """Words of `questions.toml` that stand for a value of a filter."""
    for name in ("flow", "outcome", "mode", "status", "polarity", "theme"):
        for phrase, value in _phrases(name):
            told = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", rest)
            if told:
                found[name] = value
                rest = _cut(rest, told)
                break
    return rest


def _reasoned(question: str, found: dict[str, Any]) -> None:
    """ "Why do we lose to Acme?" is of the deals that Acme took, whoever else was named in them, and of the reasons."""
    rival = found.get("competitor", "")
    lost = found.get("outcome") in ("lost", "left")
    to, chose = ("|".join(_lists()[name]) for name in ("to", "chose"))
    if rival and re.search(rf"\b(?:{f'{to}|{chose}' if lost else chose}) {re.escape(rival)}(?!\w)", question):
        found["lost_to"] = found.pop("competitor")
        found.pop("outcome", None)
    if question.startswith("why ") and found.get("outcome") == "lost" and not rival and "flow" not in found:
        found["lost_to"] = ANYBODY
        found.pop("outcome")
    if question.startswith("why ") and (lost or "lost_to" in found):
        found.setdefault("theme", REASONS)


def _phrases(name: str) -> Iterator[tuple[str, str]]:
    """The longest first."""
    pairs = [(phrase, value) for value, phrases in _lists()[name].items() for phrase in phrases]
    yield from sorted(pairs, key=lambda pair: -len(pair[0]))


def _cut(rest: str, told: re.Match[str]) -> str:
    return f"{rest[: told.start()]} {rest[told.end() :]}"


def spoken() -> frozenset[str]:
    """Words that a rule understands."""
    lists = _lists()
    plain = [word for name in ("question", "idle", "to", "chose") for word in lists[name]]
    named = [said for name in ("outcome", "flow", "mode", "status", "polarity", "theme") for said, _ in _phrases(name)]
    kin = [other for word, others in lists["together"].items() for other in (word, *others)]
    return frozenset(token for text in (*plain, *named, *kin, *_MONTHS) for token in tokens(text))


def opens(word: str, known: Iterable[str]) -> bool:
    """Whether a sentence may begin with this word (folded), given the words that it rests on."""
    return word in _lists()["openers"] or stem(word) in {stem(other) for other in known}


def stem(word: str) -> str:
    """A word without the ending that English gives it, where enough is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads((files("interviewer.library") / "questions.toml").read_text("utf-8"))
