"""Names, and where a text says them: in full, or a part that gives somebody away (trust.md 9-11). Pure.

Parts that are words of every day ("Will", "May") count only where they are written as a name and begin no sentence.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from interviewer.lettering import IDLE, UNSPACED, Plain, plain, small

_LONGEST_NAME = 5
"""Words with a capital; more of them are a heading, or shouted, and names pieces of it."""
_FEW_WORDS = 3
"""Words of a redaction up to which each is taken for a part of a name, whatever its case."""
_LONGEST_GAP = 3
"""Signs that may part the words of a name: "Larsen, Kim", "kim.larsen", "KimLarsen"."""
_IDLE = """
    mr mrs ms miss dr prof sir frau herr herrn senor senora sr sra don dona madame monsieur mme mlle pak bu bapak ibu
    the and und gmbh ag kg inc ltd llc plc corp co sa sl bv nv oy ab spa srl lda pt tbk
    of de del della van von der den di da dos la le el al bin ibn y e et for
    an as at be by do go he i if in is it me my no on or our so to up us we you your
    info contact office admin mail hello team sales support marketing
    das die ein eine er es ich sie wir un una une les los las ce il on tu nous vous
"""
_TITLES = frozenset(_IDLE.split())
"""Titles, legal forms, mailboxes and function words: they are part of no name by themselves."""
_USUAL = """
    may will mark bill grant rose grace hope faith joy art frank rich rob sue pat drew chase dean young long day price
    cook king case page field best good new first max april june summer winter ask call talk tell thank thanks when then
    but after before yes well company group services service systems system solutions software technology technologies
    international global national bank city county council school university hospital center centre
"""
_EVERYDAY = frozenset(_USUAL.split())
"""Words of every day that are parts of names as well."""
_KINDS = """
    agency association automotive authority banking business care chemicals charity clinic college commerce construction
    consulting consumer council data development digital distribution education electric electronics energy engineering
    enterprise estate europe european finance financial fitness food foods foundation fund gas government health
    healthcare holding holdings hospitality hotel hotels housing industrial industries industry institute insurance
    legal leisure life logistics management manufacturing media medical ministry mobility motors network networks north
    office partners pharma power products property public rail research retail science security shipping south sport
    sports stadtwerke store stores studio studios supply telecom trade trading transport travel trust utilities utility
    ventures water west east works america africa asia
"""
_SHARED = _EVERYDAY.union(_KINDS.split())
"""Words of companies that say of which kind or from where they are: others are called so as well."""
_SHORTEST_LABEL = 6
_POST = frozenset({"hotmail", "outlook", "icloud", "googlemail", "fastmail", "proton", "protonmail", "yandex"})
"""Where anybody may have an address."""
_FORMS = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限公司|公司|集团|集團|주식회사|㈜|บริษัท|จำกัด")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPOKEN = re.compile(r"\w+(?:['’-]\w+)*")
"""Words as one says them: "O'Brien", "sign-on" and "snake_case" are one each."""
_SIGN = re.compile(f"[{UNSPACED}]")
_HALVED = re.compile("\\s*(?:[\u3005-\u3007\u3400-\u9fff\U00020000-\U0003ffff]{2}|[\uac00-\ud7a3])")
"""How a name without spaces begins of which a half is a word: in syllables of other scripts it may be anything."""
_HANGUL = re.compile("[\u1100-\u11ff]")
"""As it is written taken apart: particles follow a name without a space."""
_INITIALS = 2
"""Letters of a name in capitals, "HP", that is one only where it is written in capitals."""
_GENITIVE = r"(?:['’]?s)?"
_LOOK_BACK = 40
"""Signs before a word that may begin a sentence: marks, quotes and spaces."""
_SENTENCE = re.compile(r"(?:^|[.!?…:;。！？\n])[\s\"'“”‘’„«»()\[\]*-]*$")


def of_buyer(name: str, company: str, email: str) -> tuple[str, ...]:
    """What a buyer may be known by."""
    mailbox, _, domain = email.partition("@")
    return name, company, mailbox, *_halves(name), *_organisations(domain)


def tells(text: str, names: Iterable[str]) -> str:
    """The first name, or distinctive part of one, that stands in `text`; empty where none does."""
    said = plain(text)
    for name in names:
        words = _words(name)
        if (len(words) > 1 or _unspaced(name)) and next(_as_whole(said, name), None):
            return name
        for part in parts(name):
            if next(_as_part(said, part), None):
                return unicodedata.normalize("NFC", part.casefold())
    return ""


def tells_company(text: str, company: str) -> bool:
    """Whether `text` says the name of a company, or a word of it that says more than of which kind it is.

    So "Public leisure" does not tell of Brightwater Leisure, and "Ulm utilities" does of Stadtwerke Ulm.
    """
    said, words = plain(text), parts(company)
    own = [word for word in words if word.casefold() not in _SHARED] or words
    return next(_as_whole(said, company), None) is not None or any(
        next(_as_part(said, word), None) is not None for word in own
    )


def found(text: Plain, stretch: str) -> Iterator[tuple[int, int]]:
    """Where `text` says `stretch` again, or a part of it that may be of a name, as spans of the plain text."""
    yield from _as_whole(text, stretch)
    for part in _apart(stretch):
        yield from _as_part(text, part)


def hits(text: Plain, words: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Where these words stand one after the other. In a text that lacks one of them this costs next to nothing."""
    first, *others = map(small, words)
    if not all(word in text.small for word in others):
        return
    at = text.small.find(first)
    while at >= 0:
        if hit := _pattern(words).match(text.text, at):
            yield hit
        at = text.small.find(first, at + 1)


def full_names(stretch: str) -> Iterator[str]:
    """The names of several words in a stretch of text: words with a capital in a row, and the small ones between."""
    run: list[re.Match[str]] = []
    for word in (*_WORD.finditer(stretch), None):
        goes_on = not run or (word is not None and re.fullmatch(r"[\s,.&'’]*", stretch[run[-1].end() : word.start()]))
        if word and goes_on and (word[0][0].isupper() or (run and word[0].casefold() in _TITLES)):
            run.append(word)
            continue
        yield from _name(run)
        run = [word] if word and word[0][0].isupper() else []


def parts(name: str) -> tuple[str, ...]:
    """The words of a name that may give somebody away alone."""
    words = dict.fromkeys(_words(name))
    return tuple(word for word in words if len(word) > 1 and word.casefold() not in _TITLES)


def everyday(word: str) -> bool:
    return word.casefold() in _EVERYDAY


@lru_cache(maxsize=4096)
def _apart(stretch: str) -> tuple[str, ...]:
    """The parts of each full name in a stretch, of a name without spaces, and the words where they are few."""
    halves = _halves(stretch) if _HALVED.match(unicodedata.normalize("NFC", stretch)) else ()
    found = dict.fromkeys(part for name in (*full_names(stretch), *halves) for part in parts(name))
    if 1 < len(_SPOKEN.findall(stretch)) <= _FEW_WORDS:
        telling = (part for part in parts(stretch) if part.casefold() not in IDLE and not part.isdigit())
        found |= dict.fromkeys(telling)
    return tuple(found)


def _name(run: list[re.Match[str]]) -> Iterator[str]:
    said = [word[0] for word in run]
    capitals = sum(word[0].isupper() for word in said)
    if 1 < capitals <= _LONGEST_NAME:
        yield " ".join(said)
    elif capitals > _LONGEST_NAME:
        for piece in _pieces(said, IDLE - _TITLES):
            for name in [piece] if _told(piece) <= _LONGEST_NAME else _pieces(piece, _TITLES):
                if 1 < _told(name) <= _LONGEST_NAME:
                    yield " ".join(name)


def _pieces(words: Iterable[str], between: Container[str]) -> Iterator[list[str]]:
    """The words that stand together, without those of `between`."""
    for apart, piece in groupby(words, lambda word: word.casefold() in between):
        if not apart:
            yield list(piece)


def _told(words: Iterable[str]) -> int:
    return sum(word.casefold() not in _TITLES for word in words)


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """Without accents, and without the forms of companies that stand on a name with no space."""
    return tuple(re.findall(r"[^\W_]+", plain(_FORMS.sub(" ", name)).text))


def _halves(name: str) -> tuple[str, ...]:
    """The parts of a person's name that is written without a space: either may be the family's."""
    whole = unicodedata.normalize("NFC", name.strip())
    if not re.fullmatch(f"[{UNSPACED}]{{3,6}}|[\uac00-\ud7a3]{{3}}", whole):
        return ()
    return (whole[-2:],) if "\uac00" <= whole[0] <= "\ud7a3" else (whole[:2], whole[-2:])


def _organisations(domain: str) -> list[str]:
    """What an address says of whose it is: the labels of its domain that are long enough to be no usual word."""
    labels = domain.casefold().split(".")[:-1]
    return [label for label in labels if len(label) >= _SHORTEST_LABEL and label not in _POST]


def _unspaced(text: str) -> bool:
    return bool(_SIGN.search(text))


def _as_whole(text: Plain, name: str) -> Iterator[tuple[int, int]]:
    """A single word of every day, taken for a name, is one only where it is written so."""
    words = _words(name)
    if not words:
        return
    plainly = len(words) > 1 or words[0][0].islower()
    initials = len("".join(words)) == _INITIALS and name.isupper()
    for hit in hits(text, words):
        said = "".join(filter(str.isalnum, hit.group()))
        if said[:_INITIALS].isupper() if initials else plainly or _written(said, words[0]):
            yield hit.span()


def _as_part(text: Plain, part: str) -> Iterator[tuple[int, int]]:
    for hit in hits(text, (part,)):
        begins = everyday(part) and _SENTENCE.search(text.text[max(0, hit.start() - _LOOK_BACK) : hit.start()])
        if _written(hit.group(), part) and not begins:
            yield hit.span()


def _written(said: str, word: str) -> bool:
    """Whether it is written as a name, or distinctive enough not to need that."""
    if _unspaced(word):
        return len(word) > 1
    if everyday(word):
        return said[0].isupper() and not said[1:2].isupper()
    return len(word) > 2 or said[0].isupper()


@lru_cache(maxsize=2048)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The words one after the other, between anything but letters and digits; a genitive's s may follow."""
    first, last = words[0][0], words[-1][-1]
    before = "" if _unspaced(first) else r"(?<![^\W_])"
    after = "" if _unspaced(last) or _HANGUL.match(last) else _GENITIVE + r"(?![^\W_])"
    between = rf"[\W_]{{0,{_LONGEST_GAP}}}" if len("".join(words)) > _LONGEST_GAP else r"[\W_]+"
    return re.compile(before + between.join(map(re.escape, words)) + after, re.IGNORECASE)
