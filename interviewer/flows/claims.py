"""What a message says of the buyer, held against what the buyer said: quotations, callbacks, names, reasons, features.

Only the buyer and the flow's own words may bring a name, a reason or a feature into an interview; a model that does
leads, however well it means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from interviewer.flows.likeness import stem
from interviewer.flows.tokens import GAP, Heard, Token, quoted, tokens
from interviewer.flows.words import Lexicon, Rules

_ONE_THING = ("price",)
"""Signals all of whose words stand for the same: who said "expensive" brought up the price."""
REASONS = ("price", "support", "risk", "effort", "process", "politics")
"""Signals that are reasons: a word of theirs suggests one."""

_POINTED = "it"
"""Stands for what was picked up where only what follows it is looked at."""

_SENTENCE = re.compile(r"[^.!?？؟…\n]*(?:[.!…\n]|[?？؟]|$)")
_CLAUSE = re.compile(r"[,:;–—]\s*")
_ASIDE = re.compile(r"(?<!\w)[‘']([^‘’'\n]{2,})[’'](?!\w)")
_OWNED = re.compile(r"['’]s?$")


def sentences(text: str) -> tuple[str, ...]:
    """The text sentence by sentence, each with its mark."""
    return tuple(part for match in _SENTENCE.finditer(text) if (part := match.group().strip()))


def clauses(sentence: str) -> tuple[str, ...]:
    """A sentence cut at commas, colons and dashes."""
    return tuple(_CLAUSE.split(sentence))


@dataclass(frozen=True)
class Claims:
    """One message. `own` is the message without the words that it picks up from the buyer."""

    text: str
    own: str
    heard: Heard
    """All that the buyer said."""
    ours: str
    """What the flow and the invitation say themselves."""
    rules: Rules
    lexicon: Lexicon

    def untrue(self) -> Iterator[str]:
        """The rules that it breaks."""
        if any(not self.heard.says(part) for part in (*quoted(self.text), *_ASIDE.findall(self.own))):
            yield "invented_callback"
        if any(self._is_invented(sentence) for sentence in sentences(self.own)):
            yield "invented_callback"
        if any(not self._is_known(name) for name in self._names()):
            yield "unsaid_name"
        for reason in REASONS:
            expression = self.lexicon.signals.get(reason)
            if expression and self._suggests(expression) and not expression.search(self._known):
                yield "unsaid_reason"
        feature = self.rules.rules.get("feature")
        things = [*self._subjects(), *(match.group() for match in (feature.finditer(self.own) if feature else ()))]
        if any(not self._is_known(thing) and not self._is_paraphrase(thing) for thing in things):
            yield "unsaid_feature"

    def _suggests(self, expression: re.Pattern[str]) -> bool:
        found = (match.group() for match in expression.finditer(self.own))
        return any(not all(self._is_common(token.low) for token in tokens(part)) for part in found)

    @cached_property
    def _known(self) -> str:
        return f"{self.heard.text}\n{self.ours}"

    @cached_property
    def _said(self) -> frozenset[str]:
        return frozenset(self._stem(token.low) for token in tokens(self.heard.text))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return self._said.union(self._stem(token.low) for token in tokens(self.ours))

    @cached_property
    def _brought_up(self) -> tuple[re.Pattern[str], ...]:
        """Signals all of whose words stand for something that the buyer has a word for."""
        signals = (self.lexicon.signals.get(name) for name in _ONE_THING)
        return tuple(signal for signal in signals if signal and signal.search(self.heard.text))

    def _stem(self, word: str) -> str:
        return stem(_OWNED.sub("", word.lower()), self.lexicon.language)

    def _is_known(self, part: str) -> bool:
        """Whether the buyer or the flow has each word of it, endings aside."""
        return all(self._stem(token.low) in self._stems for token in tokens(part))

    def _is_paraphrase(self, word: str) -> bool:
        """Whether the buyer brought up what the word stands for ("expensive", then "the price")."""
        return any(signal.search(word) for signal in self._brought_up)

    def _is_invented(self, sentence: str) -> bool:
        """Whether it says "you mentioned" and what follows is nothing, or not the buyer's words."""
        expression = self.rules.rules.get("callback")
        for match in expression.finditer(sentence) if expression else ():
            whole = rest = sentence[match.end() :]
            if asks := sentence.endswith(("?", "？", "؟")):
                rest = clauses(rest)[0]
            following = tokens(rest)
            if (
                not following and GAP not in rest and not (asks and not tokens(whole))
            ):  # "What do you say?" says nothing
                return True
            if any(self._tells(token.low) and self._stem(token.low) not in self._said for token in following):
                return True
        return False

    def _tells(self, word: str) -> bool:
        return not self.lexicon.is_in(word, "function", "filler")

    def _names(self) -> Iterator[str]:
        """Figures, and words with a capital where a capital marks a name."""
        for sentence in sentences(self.own):
            before = ""
            for position, token in enumerate(tokens(sentence)):
                named = token.text[0].isupper() and self._marks_a_name(before, position)
                if token.text[0].isdigit() or (named and not self._is_plain(token, position)):
                    yield token.text
                before = token.low

    def _marks_a_name(self, before: str, position: int) -> bool:
        """Whether a capital says that this is a name. Where every noun has one: when no article leads to it."""
        if self.lexicon.names_by_capital:
            return True
        return "neutral" in self.rules.words and position > 0 and not self.lexicon.is_in(before, "determiner")

    def _is_plain(self, token: Token, position: int) -> bool:
        word = _OWNED.sub("", token.low)
        if word in {"i", "ai"} or self.lexicon.is_in(word, "function"):
            return True
        if not self.lexicon.names_by_capital:
            return self._is_common(word)
        if position:
            return False
        openers = self.rules.words.get("opener")
        return openers is None or token.low in openers or self._is_common(token.low)

    def _is_common(self, word: str) -> bool:
        """A word that suggests nothing."""
        lists = ("neutral", "open", "lead", "opener")
        listed = any(word in self._list(name) for name in lists)
        return listed or self.lexicon.is_in(word, "function", "filler", "verb")

    def _subjects(self) -> Iterator[str]:
        """Words that stand where a thing is named and are not among the plain ones. None for languages without such
        a list ("neutral")."""
        if "neutral" not in self.rules.words:
            return
        text = self.rules.allowed.sub(GAP, self.own)
        if expression := self.rules.rules.get("no_thing"):
            text = expression.sub(GAP, text)
        for sentence in sentences(text.replace(GAP, _POINTED)):
            found = tokens(sentence)
            things = self._things(found) if self.lexicon.names_by_capital else _capitals(found)
            manner = tuple(self._list("manner"))
            for token in things:
                if not self._is_common(_OWNED.sub("", token.low)) and not token.low.endswith(manner):
                    yield token.text

    def _things(self, found: Sequence[Token]) -> Iterator[Token]:
        """What follows a word that leads to a thing ("the", "with"), up to the next small word."""
        run: list[Token] = []
        lead: Token | None = None
        does = False
        for token in (*found, None):
            if token and lead and self._goes_on(token, lead):
                run.append(token)
                lead = None if token.text[0].isupper() else lead  # a name is all there is to it
                continue
            stated = token is not None and self.lexicon.is_in(token.low, "verb")
            yield from self._named(run, does=does and not stated)
            lead = token if token and token.low in self._list("leads_to_thing") else None
            does = lead is not None and (lead.low in self._list("does") or (does and not run))
            run = []

    def _goes_on(self, token: Token, lead: Token) -> bool:
        small = token.low in self._list("leads_to_thing") or self.lexicon.is_in(token.low, "function", "verb")
        return token.segment == lead.segment and not small

    def _named(self, run: Sequence[Token], *, does: bool) -> Iterator[Token]:
        """The thing without what it does ("did the team cope", "when the import stalled")."""
        acts = tuple(self._list("acts"))
        done = next((at for at, token in enumerate(run) if at and token.low.endswith(acts)), len(run) - does)
        yield from run[: max(1, done)]

    def _list(self, name: str) -> frozenset[str]:
        return self.rules.words.get(name, frozenset())


def _capitals(found: Sequence[Token]) -> Iterator[Token]:
    return (token for position, token in enumerate(found) if position and token.text[0].isupper())
