"""Which options a buyer names: rivals by their capitals and by the words before them, and what is no vendor at all.

Unknown, an in-house build, a spreadsheet and "nothing" are options too (domain.md, "Competitors").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Theme
from interviewer.analysis.journey import theme_of
from interviewer.analysis.words import Words, is_sentence
from interviewer.flows.tokens import count
from interviewer.transcript import Speaker, Turn

_WORDS_OF_A_LIST = 6
_WORDS_OF_A_NAME = 6
"""Capitals in a row beyond which another name begins, or somebody holds the shift key down."""
_MOST_NAMES = 40
"""Of one interview. Nobody had more options; somebody who pastes a list of names has."""
_REACH = 80
"""Characters before a word that may say that it is a name."""
_NAME = re.compile(r"(?<![\w@.])[^\W\d_][\w&]*(?:[.'’\-][^\W_]\w*)*", re.UNICODE)
_LISTED = re.compile(r"\s*(?:,|/|&|\+|\(|$|\.|\n|\b(?:and|or|n|und|oder|et|ou|y|e|o|en|och|og)\b)", re.IGNORECASE)
_LISTED_BEFORE = re.compile(r"(?:^|[,/&+(.]|\b(?:and|or|und|oder))\s*+$", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n]\s*|[\"“„(]\s*)$")
_SPOKEN_OF = re.compile(
    r"\s+(?:almost\s+|nearly\s+)?(?:mainly|mostly|obviously|briefly|first|only|too|out|bc|got|felt|was|is|had|has|because|since|came|offered|seemed|looked|won|fell|dropped|does|did|could|can|went|said|made|gave|charges|runs|war|hatte|weil)\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\s+(?:let us|charges?|charged|quoted|costs|had none|has none)\b", re.IGNORECASE)
"""What only an option does, also where options were not asked for."""
_OF_OURS = re.compile(
    r"\s+(?:from|in|on|at) (?:our|my|it|finance|ops|sales|accounts|procurement|legal)\b", re.IGNORECASE
)
_OWNER = re.compile(r"['’]s?\s+[a-zäöü]")
_BRANDED = re.compile(r"[a-zäöü][A-Z]|\d")
_POSSESSIVE = re.compile(r"['’]s?$")
_COMPANY = re.compile(
    r" & (?:Co|Sons?|Partners?|Associates|Company|Söhne|Sohn|Cie)\b\.?| \d{1,2}\b(?![.,]?\d|\s*%| \w)"
)
"""What belongs to the name before it, though it is no name: "Mint & Co", "Bellhop 4"."""
_PERSON = re.compile(
    r"\s+(?:wrote|built|said|told|thinks|thought|knew|knows|quit|now works|works at|retired|suggested|recommended"
    r"|mentioned|liked|insisted|wanted|pushed|heard|had used|maintains|kept|keeps|understands|understood|remembers"
    r"|typed|types|who|and (?:his|her))\b",
    re.IGNORECASE,
)
"""What only somebody does, or has."""
_ITEM = re.compile(r"\s*(?:,|;|/|\+|\b(?:and|or|n|v|vs|versus|und|oder|et|ou|y|e|o|sama|dan)\b)\s*", re.IGNORECASE)
_SENTENCES = re.compile(r"[^.!?;\n]+")
_BEFORE_A_LIST = re.compile(
    r"^(?:.*:|.*\b(?:shortlisted|between|was|were|at|with|evaluated|considered|compared|zwischen|waren|war))\s+",
    re.IGNORECASE,
)
_FEWEST_CAPITALS = 0.3
"""Share of sentences that open with a capital, below which somebody types small."""
_GERMAN_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|tät|lösung|system|software|anbieter|liste|plan|mittel|büro)(?:en|e|s)?$"
)
_DETERMINER = re.compile(
    r"(?:\b(?:der|die|das|den|dem|des|ein\w*|kein\w*|unser\w*|ihr\w*|eur\w*|mein\w*|dies\w*|jed\w*|viel\w*"
    r"|zwei|drei|vier|am|im|zum|zur|beim|vom)|(?!hatte|habe|hätte|kannte|nutzte)\w+(?:e|en|er|es|em))\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Options:
    """The options named in one interview."""

    case: Case
    words: Words

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Rivals by name, in the order in which they come up; "Acme" and "Acme Logistics" are one."""
        found: dict[str, str] = {}
        for turn in self.case.telling:
            for name in self._named(turn):
                if len(found) < _MOST_NAMES:
                    found.setdefault(name.casefold(), name)
        return tuple(name for key, name in found.items() if not any(other.startswith(f"{key} ") for other in found))

    def heard_in(self, text: str) -> tuple[str, ...]:
        """The options that `text` mentions: names as first written, then kinds ("spreadsheet")."""
        if text not in self._heard:
            named = tuple(name for name in self.names if _pattern(name).search(text))
            self._heard[text] = named + tuple(self._kinds(text))
        return self._heard[text]

    def _kinds(self, text: str) -> Iterator[str]:
        """Kinds of option that are none by name. Words that say one of them say no other one."""
        taken: list[tuple[int, int]] = []
        for label, pattern in self.words.status_quo:
            found = [match.span() for match in pattern.finditer(text)]
            if any(not any(start < upto and since < end for since, upto in taken) for start, end in found):
                yield label
            taken += found

    @cached_property
    def _heard(self) -> dict[str, tuple[str, ...]]:
        """By text: every clause of an answer asks about the whole of it as well."""
        return {}

    def named_in(self, text: str) -> bool:
        """Whether `text` names a rival."""
        return any(_pattern(name).search(text) for name in self.names)

    @cached_property
    def _questions(self) -> dict[int, str]:
        """By the number of a buyer's turn: what it answers."""
        found, question = {}, ""
        for turn in self.case.transcript:
            if turn.speaker is Speaker.INTERVIEWER:
                question = turn.text
            else:
                found[turn.number] = question
        return found

    def question(self, turn: Turn) -> str:
        """What a buyer's turn answers, as it was asked; empty where nothing was."""
        return self._questions.get(turn.number, "")

    def is_probed(self, turn: Turn) -> bool:
        """Whether the question before followed up something that was told on the same topic."""
        return self._first_told.get(turn.topic, turn.number) < turn.number

    @cached_property
    def _first_told(self) -> dict[str, int]:
        """By topic: the first answer that says something of it."""
        told = [turn for turn in self.case.telling if is_sentence(self.words, turn.text)]
        return {turn.topic: turn.number for turn in reversed(told)}

    def are_asked_for(self, turn: Turn) -> bool:
        """Whether the question before was for options."""
        asked = theme_of(self.case.flow, turn.topic) is Theme.COMPETITOR_MENTION
        return asked or self.words.hears("asks_options", self.question(turn))

    @cached_property
    def _typed_small(self) -> bool:
        opened = [match.group().strip()[:1] for turn in self.case.telling for match in _SENTENCES.finditer(turn.text)]
        letters = [letter for letter in opened if letter.isalpha()]
        return bool(letters) and sum(letter.isupper() for letter in letters) < len(letters) * _FEWEST_CAPITALS

    def _beside_us(self, turn: Turn) -> Iterator[str]:
        """Names in a list that has the vendor in it, however they are typed ("you, dropline and Wayfold")."""
        for sentence in _SENTENCES.finditer(turn.text):
            items = [_BEFORE_A_LIST.sub("", item.strip()) for item in _ITEM.split(sentence.group())]
            if not any(self.words.us.fullmatch(item) or self._is_own(item) for item in items if item):
                continue
            for item in items:
                match = _NAME.match(item)
                alone = match is not None and match.end() == len(item)
                if match and alone and not self._known(item) and not self._says_something(item):
                    yield item

    def _is_own(self, item: str) -> bool:
        return item.casefold() in {name.casefold() for name in self.case.own_names}

    def _says_something(self, word: str) -> bool:
        """Whether a word typed small is one of the language that the lists know."""
        if word[0].isupper():
            return False
        return self.words.hears("verb", word) or any(pattern.fullmatch(word) for _, pattern in self.words.subjects)

    def _named(self, turn: Turn) -> Iterator[str]:
        yield from self._beside_us(turn)
        text, upto = turn.text, 0
        for match in _NAME.finditer(text):
            if match.start() < upto:
                continue
            end = self._end(text, match)
            whole = match.group()[0].isupper() and end > match.end()
            if (
                whole and not _BRANDED.search(match.group()) and _OWNER.match(text, _without_ending(text, end))
            ):  # "Bob Stone's consultancy" is no "Stone"
                upto = end
            elif self._is_name(turn, match, end):
                upto = end
                yield _POSSESSIVE.sub("", text[match.start() : end])

    def _end(self, text: str, match: re.Match[str]) -> int:
        """Where a name of several words ends ("Acme Logistics")."""
        end = match.end()
        if match.group().casefold() in self.words.function_words:
            return end
        if match.group()[0].isupper() and (more := _COMPANY.match(text, end)):
            return more.end()
        for _ in range(_WORDS_OF_A_NAME - 1):
            if not match.group()[0].isupper() or text[end : end + 1] != " ":
                break
            following = _NAME.match(text, end + 1)
            if following is None or not self._goes_on(following.group(), text[following.end() :]):
                break
            end = following.end()
        return end

    def _goes_on(self, word: str, after: str) -> bool:
        """Whether a word is part of the name before it. Where all nouns have capitals, only at the end of an item."""
        capital = word[0].isupper() and word.casefold() not in self.words.function_words
        return capital and (
            self.words.names_by_capital or (bool(_LISTED.match(after)) and not _GERMAN_NOUN.search(word))
        )

    def _is_name(self, turn: Turn, match: re.Match[str], end: int) -> bool:
        """Whether the word at `match` is a rival's. A capital is enough where options were asked for; elsewhere
        the words before must say that an option follows."""
        word, text, start = _POSSESSIVE.sub("", match.group()), turn.text, match.start()

        def stands_before(pattern: re.Pattern[str]) -> bool:
            return bool(pattern.search(text, max(0, start - _REACH), start))

        introduced = stands_before(self.words.rival_before)
        if (
            self._known(word)
            or _OF_OURS.match(text, end)
            or _PERSON.match(text, end)
            or (stands_before(self.words.other_before) and not introduced)
        ):
            return False
        listing = self.are_asked_for(turn)
        branded, listed = bool(_BRANDED.search(word)), bool(_LISTED.match(text, end))
        if not word[0].isupper():  # typed on a phone: "hubspot, pipedrive"
            if not listing or word.endswith(("ly", "ing")) or self._says_something(word):
                return False
            first = self._typed_small and stands_before(_SENTENCE_START)
            return (
                (listed and stands_before(_LISTED_BEFORE) and self._is_list(turn, match))
                or (first and bool(_SPOKEN_OF.match(text, end)) and not word.endswith("s"))
                or (introduced and self._typed_small)
            )
        if stands_before(_SENTENCE_START):
            return listing and (branded or listed or (bool(_SPOKEN_OF.match(text, end)) and not word.endswith("s")))
        if self.words.names_by_capital and turn.topic in {"almost", "decision"} and _OFFERS.match(text, end):
            return True
        if not self.words.names_by_capital and not branded:
            noun = bool(_GERMAN_NOUN.search(word) or stands_before(_DETERMINER))
            return listing and not noun and (introduced or listed)
        return listing or introduced

    def _is_list(self, turn: Turn, match: re.Match[str]) -> bool:
        """Whether a word stands in a bare list of options: the answer is one, or its sentence is, with us in it."""
        if turn.assessment is not None and "bare_name" in turn.assessment.signals:
            return True
        start = max(turn.text.rfind(stop, 0, match.start()) for stop in ".!?\n") + 1
        sentence = re.split(r"[.!?\n]", turn.text[start:], maxsplit=1)[0]
        beside = self.words.us.search(sentence) or any(item[:1].isupper() for item in _ITEM.split(sentence)[1:])
        return count(sentence) <= _WORDS_OF_A_LIST and bool(beside)

    def _known(self, word: str) -> bool:
        """A word of the language, or the vendor's own name."""
        low = word.casefold().replace("’", "'")
        one = low.removesuffix("s")
        own = {part.casefold() for name in self.case.own_names for part in name.split()}
        return (
            len(word) < 2
            or low in self.words.function_words
            or low in self.words.not_names
            or one in self.words.not_names
            or low in own
            or any(pattern.fullmatch(word) for _, pattern in self.words.status_quo)
        )


def _without_ending(text: str, end: int) -> int:
    """Where a name that ends at `end` ends without its possessive."""
    match = _POSSESSIVE.search(text, max(0, end - 2), end)
    return match.start() if match else end


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str]:
    """A name where it stands in a text, whole or by its first word."""
    first, *rest = name.split(" ")
    more = "".join(rf"(?:\s+{re.escape(word)}" for word in rest) + ")?" * len(rest)
    return re.compile(rf"(?<!\w){re.escape(first)}{more}(?!\w)", re.IGNORECASE)
