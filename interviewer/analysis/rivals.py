"""Which options a buyer names and where, as the words around them tell: "went with X", "X was out", "one called X".

Names are found by `Options` and by the patterns of `roles.toml`; kinds ("spreadsheet") by their words. Each is one
option across its spellings. Texts come back with a mark for each mention, for patterns to read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from interviewer.analysis import classifier, lists, mentions
from interviewer.analysis.candidates import LETTER, capitals, is_ordinary, only_opens, opens
from interviewer.analysis.codebook import Theme
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.journey import theme_of
from interviewer.analysis.mentions import Place
from interviewer.evidence import Span
from interviewer.flows.tokens import count
from interviewer.folding import fold
from interviewer.transcript import Turn

MARK = "\x02(\\d+)\x03(?:['’]s)?"
"""A mention in a marked text: the number of its option among `Rivals.options`."""
_NO_MARKS = {2: " ", 3: " "}
ALIKE = 0.87
"""From which two long names are one with a slip of the finger."""
_LONG = 6
_LONGEST_ITEM = 9
"""Words of a part of a list that begins with a name."""
_LONGEST_NAME = 5
_TOPICS = frozenset({"trigger", "alternatives", "almost", "decision", "peer"})
"""Topics that the labelled mentions are of: elsewhere learned weights find nothing new."""
LIKELY, LESS_LIKELY, UNLIKELY = 2.0, 0.6, -2.0
"""Log odds from which a capital is an option, from which it is inside a sentence where there is no other, and below
which it is none though a pattern may know it."""
_MOST = 40
"""Names of one interview. Nobody had more options; somebody who pastes a list of names has."""
_CAPITAL = rf"(?-i:([{LETTER}][\w&-]*(?:\s(?:&\s)?(?:[{LETTER}][\w&-]*|\d+(?!\w))){{0,3}}))"
_WORD = r"([^\W\d_][\w-]{2,})"
_SURE = ("selected", "kept", "close", "beside", "out", "incumbent", "named")
_TELLS = re.compile(
    r"\s*(?:,|;|/|\(|\.|$|\b(?:and|or|n|was|were|had|got|which|who|mainly|mostly|because|bc|since|und|oder|war|hatte)\b)"
)
_LISTED = re.compile(r"\s*(?:[,;/+\n]|\b(?:and|or|und|oder|plus|then|vs?)\b)\s*|[.:(]\s+|^-\s+")
_FILLERS = re.compile(r"^(?:-|just|also|only|both|you|yourselves|u|and|or|obviously|of course|a|the|sie|ihr)\s+", re.I)
_LISTING = "alternatives"
"""Asks for options in every flow, whatever else a flow makes of the answer."""
_END = re.compile(r"['’]s?$")
_AND_CO = re.compile(r" (?:and|&) (?:Co|Sons|Daughters|Brothers|Bros|Partners|Associates|Company)\b")
_OPENS = re.compile(r"(?:^|[.!?…:;\n(\"“-]\s*)$")
_ITEM = re.compile(r"\s*(?:,|;|/|&|\+|\(|\.|$|\b(?:and|or|vs?)\b)")
_COUNTED = re.compile(r"\d\s$")
"""Before what is counted ("2 FTE")."""
_COUNTS = (
    r"(?<!\w)(?i:the|an?|our|your|their|his|her|my|its|these|those|some|any|many|more|most|all|few|two|three|four|five|six"
    r"|seven|eight|nine|ten|\w+(?:teen|ty)|hundred|thousand|\d+)"
)
_OWNS = re.compile(r"['’]s\s+\w")
_COMPANY = frozenset(
    {"inc", "ltd", "limited", "llc", "gmbh", "ag", "corp", "corporation", "plc", "sa", "srl", "bv", "kg"}
)


@dataclass(frozen=True, order=True)
class Mention:
    """An option where it is spoken of. `pointed` where only a "them" stands for it."""

    span: Span
    option: int
    pointed: bool = False


@dataclass(frozen=True)
class Rivals:
    """The options of one interview."""

    hearing: Hearing

    @cached_property
    def language(self) -> str:
        """That of the lists; English ones for a language without, whose names and tools are heard all the same."""
        spoken = self.hearing.words.language
        return spoken if lists.table("roles", spoken) else "en"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """As first written, each once. Where none is found, what is less likely one is heard as well."""
        return self._named(LIKELY) or self._named(LESS_LIKELY)

    def _named(self, least: float) -> tuple[str, ...]:
        kept: list[str] = []
        for turn in self.turns:
            found = {(start, _whole(turn.text, end)) for start, end in (*self._found(turn), *self._learnt(turn, least))}
            spans, upto = sorted(found, key=lambda span: (span[0], -span[1])), 0
            for start, end in spans:
                name = _END.sub("", turn.text[start:end])
                if self._only_opens(name) or self._is_unlikely(name):
                    continue
                if start >= upto and len(kept) < _MOST and not any(same(name, other) for other in kept):
                    kept.append(name)
                upto = max(upto, end)
        return tuple(name for name in kept if not any(name in other.split()[1:] for other in kept))

    def _is_unlikely(self, name: str) -> bool:
        """Whether a name that some pattern knows is none, for all that is said around it in the interview."""
        return self._odds.get(_key(name), 0.0) < UNLIKELY

    def _learnt(self, turn: Turn, least: float) -> Iterator[tuple[int, int]]:
        """Capitals that are options for all that is said around them in the interview, whatever pattern knows them."""
        for start, end in self._capitals.get(turn.number, ()) if turn.topic in _TOPICS else ():
            told = least >= LIKELY or not opens(turn.text, start)
            if told and self._odds[_key(turn.text[start:end])] >= least:
                yield from self._checked(turn, start, end)

    @cached_property
    def _capitals(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """By the number of a turn: where capitals may be names."""
        if self.hearing.words.language != classifier.LANGUAGE:
            return {}
        return {turn.number: tuple(capitals(turn.text)) for turn in self.turns}

    @cached_property
    def _odds(self) -> dict[str, float]:
        """By name: the log odds that it is an option, all its places together."""
        found: dict[str, float] = {}
        for turn in self.turns:
            for start, end in self._capitals.get(turn.number, ()):
                place = Place(turn.text, start, end, turn.topic, self.hearing.case.flow)
                name, odds = turn.text[start:end], mentions.is_option(place)
                unsure = opens(turn.text, start) and is_ordinary(name)  # "Horizon won": its capital says nothing
                found[_key(name)] = found.get(_key(name), 0.0) + (max(odds, 0.0) if unsure else odds)
        return found

    def _only_opens(self, name: str) -> bool:
        """Whether a name is a word of the language that only ever opens a sentence ("Otherwise it was …")."""
        if self.language != "en" or not name[:1].isupper() or not (is_ordinary(name) or self._is_counted(name)):
            return False
        places = [
            (turn.text, match)
            for turn in self.turns
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", turn.text)
        ]
        return all(_OPENS.search(text, 0, one.start()) and not _ITEM.match(text, one.end()) for text, one in places)

    def _is_counted(self, name: str) -> bool:
        """Whether the interview has the name as a word too, written small behind what no name has before it ("two
        guards")."""
        small = re.compile(rf"{_COUNTS}\s+{re.escape(name[:1].lower() + name[1:])}(?!\w)")
        return any(small.search(turn.text) for turn in self.turns)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Options that are no vendor, as labels."""
        return tuple(label for label, _ in self._kinds)

    @cached_property
    def options(self) -> tuple[str, ...]:
        return self.names + self.kinds

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """All answers: one that refuses to name the rest may name one."""
        return self.hearing.case.transcript.answers

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return tuple(mention for turn in self.turns for mention in self._mentions(turn))

    def marked(self, turn: Turn) -> tuple[str, tuple[tuple[int, Mention], ...]]:
        """The text of a turn with a mark in place of each mention, and where each mark stands in it."""
        parts, placed, at, length = list[str](), list[tuple[int, Mention]](), 0, 0
        for mention in self._of_turn.get(turn.number, ()):
            before, mark = turn.text[at : mention.span.start].translate(_NO_MARKS), f"\x02{mention.option}\x03"
            placed.append((length + len(before), mention))
            parts += [before, mark]
            length += len(before) + len(mark)
            at = mention.span.end
        return "".join([*parts, turn.text[at:].translate(_NO_MARKS)]), tuple(placed)

    @cached_property
    def _of_turn(self) -> dict[int, list[Mention]]:
        found: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            found.setdefault(mention.span.turn_number, []).append(mention)
        return found

    @cached_property
    def _kinds(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        mine = lists.labelled("roles", self.language, "kinds")
        labels = {label for label, _ in mine}
        other = tuple(
            (label, found)
            for label, found in self.hearing.words.status_quo
            if label not in labels and label != "incumbent"
        )
        return mine + other

    def _mentions(self, turn: Turn) -> Iterator[Mention]:
        taken: list[Mention] = []
        for number, option in enumerate(self.options):
            known = number < len(self.names)
            found = spelled(option) if known else self._kinds[number - len(self.names)][1]
            for match in found.finditer(turn.text):
                span = Span(turn.number, *match.span())
                if not any(span.overlaps(other.span) for other in taken):
                    taken.append(Mention(span, number))
        yield from sorted([*taken, *self._pointed(turn, taken)])

    def _pointed(self, turn: Turn, named: Sequence[Mention]) -> Iterator[Mention]:
        """ "Them" stands for the rival that the answer named last."""
        for match in lists.pattern("roles", self.language, "them").finditer(turn.text):
            before = [one for one in named if one.span.end <= match.start() and one.option < len(self.names)]
            if before:
                yield Mention(Span(turn.number, *match.span()), max(before).option, pointed=True)

    def _found(self, turn: Turn) -> Iterator[tuple[int, int]]:
        """Where names stand, those of `Options` first."""
        for name in self.hearing.options.names:
            if count(name) > _LONGEST_NAME:
                continue
            for match in spelled(name).finditer(turn.text):
                yield from self._checked(turn, *match.span())
        for key in _SURE:
            for match in lists.pattern("roles", self.language, key, slot=_CAPITAL).finditer(turn.text):
                yield from self._kept(turn, match)
        for match in lists.pattern("roles", self.language, "any_letters", slot=_WORD).finditer(turn.text):
            yield from self._kept(turn, match)
        if turn.topic == _LISTING or theme_of(self.hearing.case.flow, turn.topic) is Theme.COMPETITOR_MENTION:
            yield from self._listed(turn)

    def _kept(self, turn: Turn, match: re.Match[str]) -> Iterator[tuple[int, int]]:
        for group in range(1, len(match.groups()) + 1):
            if match.group(group):
                yield from self._checked(turn, *match.span(group))

    def _listed(self, turn: Turn) -> Iterator[tuple[int, int]]:
        """Parts of an answer on the options that are a name and little more, small letters or not."""
        text, start = turn.text, 0
        small = turn.text[:1].islower()
        bounds = [*((match.start(), match.end()) for match in _LISTED.finditer(text)), (len(text), len(text))]
        for stop, after in bounds:
            part = text[start:stop]
            lead = len(part) - len(part.lstrip())
            while match := _FILLERS.match(part[lead:]):
                lead += match.end()
            rest = part[lead:]
            word = re.match(rf"[^\W\d_][\w.-]*\w(?:\s(?:&\s)?[{LETTER}]\w*){{0,3}}", rest)
            whole = word is not None and bool(_TELLS.match(text, start + lead + word.end()))
            alone = word is not None and word.group() == rest.strip() and not rest.strip().endswith("ly")
            alone = alone and text[:start].rstrip()[-1:] == ","
            if word and whole and (rest[:1].isupper() or small or alone) and count(rest) <= _LONGEST_ITEM:
                yield from self._checked(turn, start + lead, start + lead + word.end())
            start = after

    def _checked(self, turn: Turn, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The place without words of the language before the name ("Only Acme"), where a name is left."""
        while " " in turn.text[start:end] and (
            self._is_ordinary(turn.text[start:end]) or only_opens(turn.text, start, turn.text[start:end].split()[0])
        ):
            start = turn.text.index(" ", start) + 1
        if self._may_be(turn, start, end):
            yield start, end

    def _is_ordinary(self, name: str) -> bool:
        """Whether it begins with a word of the language."""
        words, first = self.hearing.words, fold(name.split()[0]).replace("’", "'").partition("'")[0]
        return first in self._ordinary or first in words.function_words or first in words.not_names

    def _may_be(self, turn: Turn, start: int, end: int) -> bool:
        """Whether what stands there may be a vendor: no word of the language, person, place, or the vendor itself."""
        text = _END.sub("", turn.text[start:end]).strip()
        own = {fold(part) for name in self.hearing.case.own_names for part in name.split()}
        if _COUNTED.search(turn.text, 0, start) or (turn.text[start].islower() and _OWNS.match(turn.text, end - 2)):
            return False
        if len(text) < 2 or self._is_ordinary(text) or fold(text.split()[0]) in own:
            return False
        if text.islower() and start and self.language == "en" and is_ordinary(text):
            return False
        if any(m.start() <= start and end <= m.end() for _, kind in self._kinds for m in kind.finditer(turn.text)):
            return False
        return not self._is_person_or_place(text)

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        return frozenset(fold(word) for word in lists.table("roles", self.language).get("not_rivals", "").split())

    def _is_person_or_place(self, name: str) -> bool:
        """Whether at least half of the times that it is written it is one."""
        said = "\n".join(turn.text for turn in self.turns)
        data = lists.table("roles", self.language)
        entries = tuple(entry for key in ("person", "place") for entry in data.get(key, ()))
        times = len(spelled(name).findall(said))
        return 2 * len(lists.compiled(entries, f"(?:{re.escape(name)})").findall(said)) >= times


def _key(name: str) -> str:
    """What two spellings of a name have in common: the first word."""
    return fold(_END.sub("", name)).split()[0]


def _whole(text: str, end: int) -> int:
    """Where a name ends that goes on as companies' do ("Tooth and Co")."""
    more = _AND_CO.match(text, end)
    return more.end() if more else end


def same(one: str, other: str) -> bool:
    """Whether two names are one option: "Acme" and "Acme Logistics", "Shiftwell Inc" and "shiftwel"."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    joined, split = first.replace(" ", ""), second.replace(" ", "")
    if joined == split or f"{second} ".startswith(f"{first} ") or f"{first} ".startswith(f"{second} "):
        return True
    long = min(len(joined), len(split)) >= _LONG
    return long and SequenceMatcher(None, joined, split).ratio() >= ALIKE


def plain(name: str) -> str:
    """A name without case, accents, its article and what companies put behind theirs."""
    words = re.findall(r"[\w&]+", fold(name))
    while len(words) > 1 and words[-1] in _COMPANY:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"the", "a"} else words)


def spelled(name: str) -> re.Pattern[str]:
    """A name where it stands in a text, whole or by its first word."""
    first, *rest = name.split(" ")
    more = "".join(rf"(?:\s+{re.escape(word)}" for word in rest) + ")?" * len(rest)
    return re.compile(rf"(?<!\w){re.escape(first)}{more}(?!\w)", re.IGNORECASE)
