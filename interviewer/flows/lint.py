"""May this be asked? Each rule of a good interviewer (domain.md) that words alone can show, by name.

One set of rules for whoever words a question. `check` is for a message before it is shown and for the bench, against
all that was said; `check_wording` is for a flow's own words, whoever they are put to. There a person may overrule a
rule. Languages without a file in `rules/` get the rules that need no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from interviewer.flows import hooks, likeness, misfit, tongues, words
from interviewer.flows.claims import Claims, clauses, sentences
from interviewer.flows.model import Flow, ProbeHint, Topic
from interviewer.flows.moves import Ask, Close, Move, OneMore, Probe, Reply, Wait
from interviewer.flows.tokens import GAP, Heard, count, fold, tokens, unquoted
from interviewer.flows.words import Lexicon, Rules
from interviewer.transcript import Transcript

RULES = {
    "empty": "there must be words",
    "one_question": "exactly one question where one is due, none in a close",
    "open": "it begins with an open word and cannot be answered by yes or no",
    "length": "at most 30 words in the question and 45 in all",
    "markup": "plain text: no links, markup, lists, emoji or placeholders",
    "leading": "it does not suggest an answer",
    "double_barrelled": "it asks one thing",
    "praise": "answers are not judged",
    "pitch": "nothing is sold, defended, corrected or promised",
    "hypothetical": "it asks what happened",
    "option_list": "it offers no answers to choose from",
    "feelings": "no feelings are claimed",
    "invented_callback": "what the buyer is said to have said was said, in these words",
    "unsaid_name": "no name or figure that the buyer did not give",
    "unsaid_reason": "no reason that the buyer did not give",
    "unsaid_feature": "no feature, role or detail that the buyer did not bring up",
    "misfit": "what is picked up of the buyer's words can be asked about: no shrug, wish, question or bare figure",
    "repeat": "it was not asked before, in these or other words",
    "wrong_language": "it is in the interview's language, or in one that the buyer went over to",
}
QUESTION_WORDS = 30
MESSAGE_WORDS = 45
LONGEST = 1_000
"""Characters of a message that is read at all: one that is far too long is told nothing but that."""

_IN_QUESTION = ("leading", "hypothetical", "double_barrelled", "option_list")
_IN_MESSAGE = ("praise", "pitch", "feelings")
_UNHEARD = Heard("")
_SLOT = re.compile(r"\{\w+\}")
_MARK = re.compile(r"[?？؟]+")
_MARKUP = re.compile(
    r"https?:|www\.|[*#`<>{}\[\]\\^|~=]|__|[\U0001F000-\U0001FAFF\u2600-\u27BF]|^\s*(?:[-•–]|\d+[.)])\s", re.MULTILINE
)


def check(text: str, move: Move, flow: Flow, transcript: Transcript) -> tuple[str, ...]:
    """Names of the rules that this message breaks as the words of `move`; empty: it may be shown.

    Rules that a person has overruled for the flow's own words are not held against those words.
    """
    if not text.strip():
        return ("empty",)
    if len(text) > LONGEST:
        return ("length",)
    message = _Message(text, move, flow, transcript)
    overruled = message.overruled
    return tuple(dict.fromkeys(rule for rule in message.broken() if rule not in overruled))


def check_wording(text: str, language: str) -> tuple[str, ...]:
    """The rules that a question of a flow breaks whoever it is put to."""
    if not text.strip():
        return ("empty",)
    found = ["one_question"] if len(_MARK.findall(text)) != 1 else []
    if tongues.elsewhere(unquoted(text), [language]):
        found.append("wrong_language")
    return tuple(dict.fromkeys([*found, *_form(text, language)]))


def repeats(text: str, earlier: str, language: str) -> bool:
    """Whether the question in one message is the question of an earlier one, be it in other words."""
    return likeness.alike(_read(text, language), _read(earlier, language))


def alike(flow: Flow, language: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a flow's questions that would feel asked twice. A topic put another way is one question."""
    asked: list[tuple[tuple[str, str], str]] = []
    for topic in flow.topics:
        asked += [((topic.id, ""), words[language]) for words in (topic.wording, topic.rephrased) if language in words]
        for probe in topic.probes:
            both = (probe.wording, probe.plain)
            asked += [((topic.id, probe.id), words[language]) for words in both if language in words]
    read = [(place, text, _read(_SLOT.sub(GAP, text), language)) for place, text in asked]
    return tuple(
        (one, other)
        for (place, one, mine), (elsewhere, other, theirs) in combinations(read, 2)
        if place != elsewhere and one != other and likeness.alike(mine, theirs)
    )


@dataclass(frozen=True)
class _Message:
    text: str
    move: Move
    flow: Flow
    transcript: Transcript

    @property
    def asks(self) -> bool:
        """Whether a question is due."""
        return isinstance(self.move, Ask | Probe | OneMore) or (isinstance(self.move, Reply) and bool(self.move.then))

    @cached_property
    def heard(self) -> Heard:
        """Everything the buyer has said."""
        return Heard("\n".join(turn.text for turn in self.transcript.answers))

    @cached_property
    def own(self) -> str:
        """The message without the buyer's words in it."""
        last = self.transcript.last
        picked = [self.move.hook if isinstance(self.move, Probe) else ""]
        if last is not None and last.assessment is not None:
            picked.append(last.assessment.hook)
        context = self.transcript.context
        rest = unquoted(self.text)
        for part in sorted((*picked, context.product, context.vendor), key=len, reverse=True):
            tail = part.partition(" ")[2]
            for said in (part, tail if count(tail) > 1 or part in picked else ""):
                if said.strip():
                    rest = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", GAP, rest, flags=re.IGNORECASE)
        return rest

    @cached_property
    def language(self) -> str:
        """The interview's; where the question is in another one that may be used, that."""
        other = tongues.elsewhere(_question(self.own) or self.own, [self.transcript.language])
        return other if other in self._languages else self.transcript.language

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """Those that may be used: the interview's, any that the buyer went over to, and English where the flow has no
        words in the interview's."""
        own = self.transcript.language
        spoken = tongues.spoken((turn.text for turn in self.transcript.answers), own)
        worded = self._topic is None or own.lower().split("-")[0] in self._topic.wording
        return spoken if worded else (*spoken, "en")

    @property
    def overruled(self) -> tuple[str, ...]:
        """What a person has overruled for the topic or the probe, when these are its words."""
        topic = self._topic
        if topic is None:
            return ()
        asked = fold(_question(self.text))
        parts: tuple[Topic | ProbeHint, ...] = (topic, *topic.probes)
        for part in parts:
            if part.approved and any(asked == fold(_question(self._filled(text))) for text in _wordings(part)):
                return part.approved
        return ()

    @property
    def _topic(self) -> Topic | None:
        then = self.move.then if isinstance(self.move, Reply) else None
        asked = then.topic if then else self.move.topic
        return next((topic for topic in self.flow.topics if topic.id == asked), None)

    def _filled(self, text: str) -> str:
        context = self.transcript.context
        return text.replace("{product}", context.product or context.vendor).replace("{vendor}", context.vendor)

    def broken(self) -> Iterator[str]:
        if len(_MARK.findall(unquoted(self.text))) != self.asks:
            yield "one_question"
        if count(self.text) > MESSAGE_WORDS or count(_question(self.text)) > QUESTION_WORDS:
            yield "length"
        if isinstance(self.move, Close | Wait) or not self.asks:
            return
        if hooks.leads_elsewhere(self.text):
            yield "markup"
        if tongues.elsewhere(self.own, [self.transcript.language, self.language]):
            yield "wrong_language"
        if isinstance(self.move, Reply):
            yield from _form(_question(self.own), self.language, said=self.heard)
            return
        yield from _form(self.own, self.language, said=self.heard)
        rules, lexicon = _rules(self.language), words.lexicon(self.language)
        yield from Claims(self.text, self.own, self.heard, self._ours(), rules, lexicon).untrue()
        if isinstance(self.move, Probe) and misfit.misfits(self.text, self.move, self.flow, self.transcript):
            yield "misfit"
        if not isinstance(self.move, OneMore) and any(self._repeats(turn.text) for turn in self.transcript.questions):
            yield "repeat"

    def _repeats(self, earlier: str) -> bool:
        return repeats(self._nameless(self.text), self._nameless(earlier), self.language)

    def _nameless(self, text: str) -> str:
        """The text without the product's and the vendor's name, which are in many questions."""
        context = self.transcript.context
        for name in filter(None, (context.product, context.vendor)):
            text = re.sub(re.escape(name), GAP, text, flags=re.IGNORECASE)
        return text

    def _ours(self) -> str:
        """What the flow itself says on this topic, and what the invitation says."""
        context = self.transcript.context
        said = [context.vendor, context.product, context.outcome, context.role]
        if topic := self._topic:
            said += _wordings(topic)
            hint = self.move.hint if isinstance(self.move, Probe) else ""
            said += [text for probe in topic.probes if probe.id == hint for text in _wordings(probe)]
        return "\n".join(said)


def _rules(language: str) -> Rules:
    return words.rules().get(language.lower().split("-")[0], Rules())


def _read(text: str, language: str) -> likeness.Question:
    return likeness.Question.read(_question(text), _rules(language), words.lexicon(language))


def _form(text: str, language: str, said: Heard = _UNHEARD) -> Iterator[str]:
    """Rules on the shape and tone of a message; `said` is what the buyer said."""
    rules, lexicon = _rules(language), words.lexicon(language)
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
        if any(not said.says(_around(own_question, match)) for match in rules.rules[name].finditer(own_question)):
            yield name
    loaded = rules.rules.get("loaded")
    if loaded and any(not said.says(match.group()) for match in loaded.finditer(own_question)):
        yield "leading"
    if _asks_twice(question, rules, lexicon) or _joins(own_question, said.text, rules, lexicon):
        yield "double_barrelled"
    for name in _IN_MESSAGE:
        if rules.rules[name].search(own_text):
            yield name


def _question(text: str) -> str:
    """The sentence that asks, or nothing."""
    return next((sentence for sentence in reversed(sentences(text)) if _MARK.search(sentence)), "")


def _lows(sentence: str) -> list[list[str]]:
    """The words of each clause that has some."""
    return [found for part in clauses(sentence) if (found := [token.low for token in tokens(part)])]


def _is_open(question: str, rules: Rules) -> bool:
    """An open word leads the sentence or its last clause, and no yes-or-no word leads that clause."""
    found = _lows(question)
    if not found or any(_closes(clause, rules) for clause in (found[0], found[-1])):
        return False
    return any(_opening(clause, rules) for clause in found)


def _closes(clause: list[str], rules: Rules) -> bool:
    return clause[0] in rules.words["closed"] or rules.closed.match(" ".join(clause)) is not None


def _opening(clause: list[str], rules: Rules) -> str:
    """The open word that leads a clause, or nothing."""
    first = next((word for word in clause[:3] if word not in rules.words["lead"]), "")
    return first if first in rules.words["open"] else ""


def _asks_twice(question: str, rules: Rules, lexicon: Lexicon) -> bool:
    """Whether a second clause asks as well ("What happened, who was there?"): an open word, then a verb."""
    asking = rules.words.get("asks_again", frozenset())
    led = [clause for clause in _lows(question) if clause[0] in asking and len(clause) > 1]
    return sum(clause[1] in rules.words["closed"] or lexicon.is_in(clause[1], "verb") for clause in led) > 1


def _joins(question: str, said: str, rules: Rules, lexicon: Lexicon) -> bool:
    """Whether it asks for "this and that" where the buyer did not put the two together."""
    heard = _bare(said, rules, lexicon)
    pairs = {tuple(heard[at - 1 : at + 2]) for at, word in enumerate(heard) if word in rules.words["also"]}
    asked = _bare(question, rules, lexicon)
    return any(
        word in rules.words["also"] and tuple(asked[at - 1 : at + 2]) not in pairs
        for at, word in enumerate(asked)
        if at
    )


def _bare(text: str, rules: Rules, lexicon: Lexicon) -> list[str]:
    """The stems of a text, small words left out but for "and"."""
    kept = (rules.words["also"], rules.words["open"])
    return [
        token.low if token.low in kept[0] else likeness.stem(token.low, lexicon.language)
        for token in tokens(text)
        if any(token.low in group for group in kept) or not lexicon.is_in(token.low, "function")
    ]


def _around(text: str, match: re.Match[str]) -> str:
    """The match with the word on each side: enough to tell whether the buyer put it so."""
    before, after = tokens(text[: match.start()]), tokens(text[match.end() :])
    return " ".join([*(t.text for t in before[-1:]), match.group(), *(t.text for t in after[:1])])


def _wordings(part: Topic | ProbeHint) -> list[str]:
    other = part.rephrased if isinstance(part, Topic) else part.plain
    return [*part.wording.values(), *other.values()]
