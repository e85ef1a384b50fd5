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
from interviewer.analysis.words import Words
from interviewer.flows.tokens import count
from interviewer.transcript import Turn

_WORDS_OF_A_LIST = 6
_MOST_NAMES = 40
"""Of one interview. Nobody had more options; somebody who pastes a list of names has."""
_REACH = 80
"""Characters before a word that may say that it is a name."""
_NAME = re.compile(r"(?<![\w@.])[^\W\d_][\w&]*(?:[.'’\-][^\W_]\w*)*", re.UNICODE)
_LISTED = re.compile(r"\s*(?:,|/|&|\+|\(|$|\.|\b(?:and|or|n|und|oder|et|ou|y|e|o|en|och|og)\b)", re.IGNORECASE)
_LISTED_BEFORE = re.compile(r"(?:^|[,/&+(.]|\b(?:and|or|und|oder))\s*+$", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n]\s*|[\"“„(]\s*)$")
_SPOKEN_OF = re.compile(
    r"\s+(?:almost\s+|nearly\s+)?(?:was|is|had|has|because|since|came|offered|seemed|looked|won|fell|dropped|does|did|could|can|went|said|made|gave|charges|runs|war|hatte|weil)\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\s+(?:let us|charges?|charged|quoted|costs|had none|has none)\b", re.IGNORECASE)
"""What only an option does, also where options were not asked for."""
_OF_OURS = re.compile(r"\s+(?:from|in|on|at) (?:our|my)\b", re.IGNORECASE)
_OWNER = re.compile(r"['’]s?\s+[a-zäöü]")
_BRANDED = re.compile(r"[a-zäöü][A-Z]|\d")
_POSSESSIVE = re.compile(r"['’]s?$")
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
            kinds = tuple(label for label, pattern in self.words.status_quo if pattern.search(text))
            self._heard[text] = named + kinds
        return self._heard[text]

    @cached_property
    def _heard(self) -> dict[str, tuple[str, ...]]:
        """By text: every clause of an answer asks about the whole of it as well."""
        return {}

    def named_in(self, text: str) -> bool:
        """Whether `text` names a rival."""
        return any(_pattern(name).search(text) for name in self.names)

    def _named(self, turn: Turn) -> Iterator[str]:
        text, upto = turn.text, 0
        for match in _NAME.finditer(text):
            if match.start() < upto:
                continue
            end = self._end(text, match)
            whole = match.group()[0].isupper() and end > match.end()
            if whole and _OWNER.match(text, _without_ending(text, end)):  # "Bob Stone's consultancy" is no "Stone"
                upto = end
            elif self._is_name(turn, match, end):
                upto = end
                yield _POSSESSIVE.sub("", text[match.start() : end])

    def _end(self, text: str, match: re.Match[str]) -> int:
        """Where a name of several words ends ("Acme Logistics")."""
        end = match.end()
        while match.group()[0].isupper() and text[end : end + 1] == " ":
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
            or (stands_before(self.words.other_before) and not introduced)
        ):
            return False
        listing = theme_of(self.case.flow, turn.topic) is Theme.COMPETITOR_MENTION
        branded, listed = bool(_BRANDED.search(word)), bool(_LISTED.match(text, end))
        if not word[0].isupper():  # typed on a phone: "hubspot, pipedrive"
            return (
                listing
                and listed
                and stands_before(_LISTED_BEFORE)
                and not word.endswith(("ly", "ing"))
                and self._is_list(turn, match)
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
        return count(sentence) <= _WORDS_OF_A_LIST and bool(self.words.us.search(sentence))

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
