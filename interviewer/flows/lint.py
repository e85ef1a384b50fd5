"""May this be asked? Each rule of a good interviewer (domain.md) that words alone can show, by name.

A model's words are shown only when no rule is broken. A flow's own wordings are checked by `catalogue.py`, and there a
person may overrule a rule. Languages without a file in `rules/` get the rules that need no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interviewer.flows import words
from interviewer.flows.model import Flow, Topic
from interviewer.flows.moves import Ask, Close, Move, OneMore, Probe, Reply, Wait
from interviewer.flows.tokens import GAP, count, fold, quoted, says, tokens, unquoted
from interviewer.flows.words import Lexicon, Rules
from interviewer.transcript import Transcript

RULES = {
    "empty": "there must be words",
    "one_question": "exactly one question where one is due, none in a close",
    "open": "it begins with an open word and cannot be answered by yes or no",
    "length": "at most 30 words in the question and 45 in all",
    "markup": "plain text: no links, markup, emoji or placeholders",
    "leading": "it does not suggest an answer",
    "double_barrelled": "it asks one thing",
    "praise": "answers are not judged",
    "pitch": "nothing is sold, defended, corrected or promised",
    "hypothetical": "it asks what happened",
    "option_list": "it offers no answers to choose from",
    "feelings": "no feelings are claimed",
    "invented_callback": "what the buyer is said to have said was said",
    "unsaid_name": "no name or figure that the buyer did not give",
    "unsaid_reason": "no reason that the buyer did not give",
    "repeat": "it was not asked before",
}
QUESTION_WORDS = 30
MESSAGE_WORDS = 45

_IN_QUESTION = ("leading", "hypothetical", "double_barrelled", "option_list")
_IN_MESSAGE = ("praise", "pitch", "feelings")
_REASONS = ("price", "support", "risk", "effort", "process", "politics")
_MARK = re.compile(r"[?？؟]")
_SENTENCE = re.compile(r"[^.!?？؟…\n]*(?:[.!…\n]|[?？؟]|$)")
_CLAUSE = re.compile(r"[,:;–—]\s*")
_MARKUP = re.compile(r"https?:|www\.|[*#`<>{}\[\]\\^|~=]|__|[\U0001F000-\U0001FAFF\u2600-\u27BF]")
_ALIKE = 0.75
_CALLED_BACK = 6


def check(text: str, move: Move, flow: Flow, transcript: Transcript) -> tuple[str, ...]:
    """Names of the rules that this message breaks as the words of `move`; empty: it may be shown."""
    if not text.strip():
        return ("empty",)
    return tuple(dict.fromkeys(_Message(text, move, flow, transcript).broken()))


def check_wording(text: str, language: str) -> tuple[str, ...]:
    """The rules that a question of a flow breaks whoever it is put to."""
    if not text.strip():
        return ("empty",)
    found = ["one_question"] if len(_MARK.findall(text)) != 1 else []
    return tuple(dict.fromkeys([*found, *_form(text, _rules(language))]))


@dataclass(frozen=True)
class _Message:
    text: str
    move: Move
    flow: Flow
    transcript: Transcript

    @property
    def heard(self) -> str:
        """Everything the buyer has said."""
        return "\n".join(turn.text for turn in self.transcript.answers)

    @property
    def own(self) -> str:
        """The message without the buyer's words in it."""
        last = self.transcript.last
        hooks = [self.move.hook if isinstance(self.move, Probe) else ""]
        if last is not None and last.assessment is not None:
            hooks.append(last.assessment.hook)
        context = self.transcript.context
        rest = unquoted(self.text)
        for part in sorted((*hooks, context.product, context.vendor), key=len, reverse=True):
            tail = part.partition(" ")[2]
            for said in (part, tail if count(tail) > 1 or part in hooks else ""):
                if said.strip():
                    rest = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", GAP, rest, flags=re.IGNORECASE)
        return rest

    def broken(self) -> Iterator[str]:
        asks = isinstance(self.move, Ask | Probe | OneMore) or (isinstance(self.move, Reply) and bool(self.move.then))
        if len(_MARK.findall(unquoted(self.text))) != asks:
            yield "one_question"
        if count(self.text) > MESSAGE_WORDS:
            yield "length"
        if isinstance(self.move, Close | Reply | Wait):
            return
        rules = _rules(self.transcript.language)
        yield from _form(self.own, rules, said=self.heard)
        if count(_question(self.text)) > QUESTION_WORDS:
            yield "length"
        yield from self._untrue(rules, words.lexicon(self.transcript.language))
        if self._repeats():
            yield "repeat"

    def _untrue(self, rules: Rules, lexicon: Lexicon) -> Iterator[str]:
        """What the buyer is told to have said, and what only the buyer could have brought up."""
        if any(not says(self.heard, part) for part in quoted(self.text)):
            yield "invented_callback"
        if expression := rules.rules.get("callback"):
            for match in expression.finditer(self.own):
                following = tokens(_CLAUSE.split(re.split(r"[.!?…]", self.own[match.end() :])[0])[0])[:_CALLED_BACK]
                if any(_tells(word.low, lexicon) and not says(self.heard, word.text) for word in following):
                    yield "invented_callback"
        ours = self._ours()
        if any(not says(self.heard, name) and not says(ours, name) for name in _names(self.own, lexicon)):
            yield "unsaid_name"
        for reason in _REASONS:
            expression = lexicon.signals.get(reason)
            if expression and expression.search(self.own) and not expression.search(f"{self.heard}\n{ours}"):
                yield "unsaid_reason"

    def _ours(self) -> str:
        """What the flow itself says on this topic, and what the invitation says."""
        context = self.transcript.context
        known = [context.vendor, context.product, context.outcome, context.role]
        topic = next((topic for topic in self.flow.topics if topic.id == self.move.topic), None)
        return "\n".join((*known, *(_wordings(topic, self.move) if topic else ())))

    def _repeats(self) -> bool:
        if isinstance(self.move, OneMore):
            return False
        mine = set(fold(_question(self.text)).split())
        for turn in self.transcript.questions:
            before = set(fold(_question(turn.text)).split())
            if mine and before and len(mine & before) / len(mine | before) >= _ALIKE:
                return True
        return False


def _rules(language: str) -> Rules:
    return words.rules().get(language.lower().split("-")[0], Rules())


def _form(text: str, rules: Rules, said: str = "") -> Iterator[str]:
    """Rules on the shape and tone of a message; `said` is what the buyer said."""
    question = _question(text)
    if not question:
        return
    if count(question) > QUESTION_WORDS or count(text) > MESSAGE_WORDS:
        yield "length"
    if _MARKUP.search(unquoted(text)):
        yield "markup"
    if not rules.rules:
        return
    own_question, own_text = rules.allowed.sub(GAP, unquoted(question)), rules.allowed.sub(GAP, unquoted(text))
    if not _is_open(question, rules):
        yield "open"
    for name in _IN_QUESTION:
        if any(not says(said, _around(own_question, match)) for match in rules.rules[name].finditer(own_question)):
            yield name
    if any(not says(said, pair) for pair in _joined(own_question, rules)):
        yield "double_barrelled"
    for name in _IN_MESSAGE:
        if rules.rules[name].search(own_text):
            yield name


def _question(text: str) -> str:
    """The sentence that asks, or nothing."""
    sentences = [match.group().strip() for match in _SENTENCE.finditer(text)]
    return next((sentence for sentence in reversed(sentences) if _MARK.search(sentence)), "")


def _is_open(question: str, rules: Rules) -> bool:
    """An open word leads the sentence or its last clause, and no yes-or-no word leads that clause."""
    clauses = [[token.low for token in tokens(part)] for part in _CLAUSE.split(question)]
    clauses = [clause for clause in clauses if clause]
    if not clauses or clauses[-1][0] in rules.words["closed"] or clauses[0][0] in rules.words["closed"]:
        return False
    return any(_opens(clause, rules) for clause in clauses)


def _opens(clause: list[str], rules: Rules) -> bool:
    first = next((word for word in clause[:3] if word not in rules.words["lead"]), "")
    return first in rules.words["open"]


def _joined(question: str, rules: Rules) -> Iterable[str]:
    """Each "this and that" in the question."""
    found = tokens(question)
    for position, token in enumerate(found):
        if position and token.low in rules.words["also"]:
            yield " ".join(word.text for word in found[position - 1 : position + 2])


def _around(text: str, match: re.Match[str]) -> str:
    """The match with the word on each side: enough to tell whether the buyer put it so."""
    before, after = tokens(text[: match.start()]), tokens(text[match.end() :])
    return " ".join([*(t.text for t in before[-1:]), match.group(), *(t.text for t in after[:1])])


def _tells(word: str, lexicon: Lexicon) -> bool:
    return not lexicon.is_in(word, "function", "filler")


def _names(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Names and figures: capitals inside a sentence where a capital marks a name, and digits anywhere."""
    for sentence in _SENTENCE.findall(text):
        for position, token in enumerate(tokens(sentence)):
            plain = token.low in {"i", "ai"} or lexicon.is_in(token.low, "function")
            capital = position > 0 and token.text[0].isupper() and lexicon.names_by_capital
            if token.text[0].isdigit() or (capital and not plain):
                yield token.text


def _wordings(topic: Topic, move: Move) -> Iterator[str]:
    yield from topic.wording.values()
    yield from topic.rephrased.values()
    for probe in topic.probes:
        if isinstance(move, Probe) and probe.id == move.hint:
            yield from (*probe.wording.values(), *probe.plain.values())
