"""The step that says which options stood against the vendor, and in which role (domain.md, "Competitors by role").

An option gets points for where it is spoken of and for the words around it. What they had before and what they went
with is told in words ("before that it was …", "went with …"); the closest rival is the one with the most points. Where
no list knows the words, learned weights tell what they are likely to mean (`mentions.py`). Who is only named among the
options was in the running: that they went with it, or that it came closest, is for other words to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from interviewer.analysis import grounds, lists, mentions
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.hearing import About, Hearing
from interviewer.analysis.mentions import Place
from interviewer.analysis.rivals import MARK, Mention, Rivals
from interviewer.bodies import Competitor, CompetitorRole, key
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.flows.tokens import tokens
from interviewer.transcript import Turn

UNKNOWN, NOTHING, BUILD = "unknown", "nothing", "in-house build"
HIRED_BUILD = "custom build"
"""By somebody from outside."""
MOST_CONSIDERED = 6
_OF_TOPIC = {"decision": 3.5, "almost": 3.0, "alternatives": 1.5, "peer": 1.0, "trigger": 0.5}
_OTHER_TOPIC = 1.0
_OF_PLACE = {"selected": 5.0, "close": 3.0, "beside": 3.0, "out": -6.0}
_EARLY = 0.25
"""Of what is told as chosen in the story of how it began: that is what came before."""
_LISTED_LATER = 0.1
"""For each place down a list: who comes first to mind was closer."""
_SPOKEN_OF = 0.5
_HEARD = 1.5
"""For what learned weights make of the words around a mention: each point of log odds above these."""
_SURE = 0.5
_HEARD_AS_HAD = 0.0
"""Log odds from which they alone tell what was before."""
_TELLS_OF_BEFORE = frozenset({"trigger", "alternatives", "decision"})
_NEVER = -9.0
_HEARD_AT_ALL = 0.0
"""Log odds from which learned weights hear that a mention says what came instead."""
_LATE = frozenset({"decision", "almost", "close", "anything_else"})
"""Topics that tell how it ended."""
_IN_PASSING = 0.25
"""For the words of having had it where something else was asked: alone they are not enough."""
_LISTED_AS_HAD = 0.3
"""For "we had Acme" where the options are listed: that may be the list."""
_REACH = 48
_OF_A_THING = 3
"""Words among which one says that it is no thing that they had ("our safety review")."""
_BUILT = re.compile(r"\b(?:built|building|wrote|writing|developing)\b", re.IGNORECASE)
"""What says of a build of their own that it was, or is, made."""
_FULL_STOP = re.compile(r"[.!?\n;]")
_HABITS = (
    *("spreadsheet", "paper", "whiteboard", "planning board"),
    *("shared inbox", "shared drive", "email", "Outlook", "WhatsApp"),
)
"""Kinds that are had rather than bought."""
_UNNAMED_KINDS = frozenset({NOTHING, *_HABITS})
_PLAIN = {
    CompetitorRole.PRIMARY: "The closest rival was {}",
    CompetitorRole.INCUMBENT: "Before, they had {}",
    CompetitorRole.SELECTED: "They went with {}",
    CompetitorRole.CONSIDERED: "Also on the list was {}",
}
_LISTED = "In the running was {}"
"""Of the closest rival, where nothing says how close it came."""
_UNSAID = {
    CompetitorRole.PRIMARY: "They would not say who came closest",
    CompetitorRole.INCUMBENT: "They did not say what they had before",
    CompetitorRole.SELECTED: "They would not say whom they went with",
    CompetitorRole.CONSIDERED: "They would not name the others",
}
_KINDS = {
    "spreadsheet": "a spreadsheet",
    BUILD: "an in-house build",
    HIRED_BUILD: "a custom build",
    NOTHING: "doing nothing",
    "shared inbox": "a shared inbox",
    "shared drive": "a shared drive",
    "whiteboard": "a whiteboard",
    "planning board": "a planning board",
}


def by_rules(case: Case) -> Result:
    return Result(claims=tuple(_claims(Roles(Hearing(case)))))


def text_of(body: Competitor, *, listed: bool = False) -> str:
    """What it says, as a sentence. `listed`: the buyer named it among the options, and says no more of it."""
    if body.name == UNKNOWN:
        return f"{_UNSAID[body.role]}."
    if body.name == NOTHING and body.role is CompetitorRole.SELECTED:
        return "They bought nothing."
    plain = _LISTED if listed and body.role is CompetitorRole.PRIMARY else _PLAIN[body.role]
    return f"{plain.format(in_words(body.name))}."


def is_listed(claim: Claim) -> bool:
    """Whether a claim on the closest rival says no more than that it was in the running."""
    body = claim.body
    closest = isinstance(body, Competitor) and body.role is CompetitorRole.PRIMARY and body.name != UNKNOWN
    return closest and isinstance(body, Competitor) and claim.text == text_of(body, listed=True)


def in_words(name: str) -> str:
    """An option as it stands in a sentence: "a spreadsheet", "Acme"."""
    return _KINDS.get(name, name)


def claim_of(body: Competitor, spans: tuple[Span, ...], made_by: str = "rules", *, listed: bool = False) -> Claim:
    return Claim(StatementKind.COMPETITOR, text_of(body, listed=listed), spans, made_by, body, key(body))


def _claims(roles: "Roles") -> Iterator[Claim]:
    for role, name, places in roles.told():
        if spans := grounds.of(roles.hearing, places):
            yield claim_of(Competitor(name, role), spans, listed=roles.is_only_listed(name))


@dataclass
class Standing:
    """How one option stands: its points, and where its parts are told."""

    points: float = 0.0
    chosen: float = 0.0
    had: float = 0.0
    places: dict[str, list[Span]] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    """By part: the log odds of the mention that tells it most surely, by learned weights."""

    def seen(self, part: str, place: Span) -> None:
        self.places.setdefault(part, []).append(place)

    def at(self, *parts: str) -> list[Span]:
        """The places of the first of these parts that has some; of any mention, the last ones first."""
        return next((list(reversed(self.places[part])) for part in parts if self.places.get(part)), [])


@dataclass(frozen=True)
class Roles:
    """Who played which part in one interview."""

    hearing: Hearing

    @cached_property
    def rivals(self) -> Rivals:
        return Rivals(self.hearing)

    def told(self) -> Iterator[tuple[CompetitorRole, str, list[Span]]]:
        """Each role that is filled, with the option and where it is told."""
        taken = set[str]()
        for role, name, parts in (
            (CompetitorRole.PRIMARY, self.primary, ("close", "selected", "weighed", "spoken")),
            (CompetitorRole.INCUMBENT, self.incumbent, ("incumbent", "spoken")),
            (CompetitorRole.SELECTED, self.selected, ("selected", "weighed", "spoken")),
        ):
            if name:
                taken.add(name)
                yield role, name, self.standings[name].at(*parts) if name in self.standings else self._bare(name)
        for name in self._considered(taken):
            yield CompetitorRole.CONSIDERED, name, self.standings[name].at("spoken")

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """By option, in the order in which names came up."""
        found = {name: Standing() for name in self.rivals.options}
        for turn in self.rivals.turns:
            self._weigh(turn, found)
        for clause in self.hearing.clauses if len(self.rivals.names) == 1 else ():
            if clause.topic == "decision" and self.hearing.about(clause) in {About.THEM, About.BOTH}:
                found[self.rivals.names[0]].seen("weighed", clause.span)  # "they picked up at 4am, that was it"
        return {name: standing for name, standing in found.items() if standing.places}

    @cached_property
    def selected(self) -> str:
        """What they went with instead of the vendor; empty where that won, or nobody can tell."""
        case = self.hearing.case
        if case.outcome is Outcome.WON:
            return ""
        chosen = {name: standing.chosen for name, standing in self.standings.items() if standing.chosen > 0}
        if chosen:
            best = max(chosen, key=lambda name: chosen[name] + self.standings[name].heard.get("selected", 0.0))
            return NOTHING if self._merely_kept(best) else best
        if case.flow == "no_decision":
            kept = "" if self._went_on and self._merely_kept(self._went_on) else self._went_on
            return kept or (NOTHING if self._bare(NOTHING) else "")
        if case.outcome is Outcome.OPEN:
            return ""
        if best := self._closest():
            known = self.standings.get(best)
            return best if known is None or self._is_in_the_end(known) else ""
        return UNKNOWN if self._unsaid else ""

    def is_only_listed(self, name: str) -> bool:
        """Whether an option is named where options were asked for, or compared, and nothing else is said of it."""
        standing = self.standings.get(name)
        return standing is not None and not standing.at("close") and not self._is_in_the_end(standing)

    def _is_in_the_end(self, standing: Standing) -> bool:
        """Whether it is spoken of where they tell how it ended. A customer who left was asked what came instead: there
        that is said of the only one, or of one heard to have."""
        came = standing.heard.get("selected", _NEVER) > _HEARD_AT_ALL or len(self.rivals.names) == 1
        late = {turn.number for turn in self.rivals.turns if turn.topic in _LATE}
        told = any(place.turn_number in late for place in standing.at("selected", "weighed", "spoken"))
        return told or bool(standing.at("selected")) or (came and self.hearing.case.flow == "churn")

    def _merely_kept(self, name: str) -> bool:
        """Whether nothing was decided and they go on as before, with what nobody had weighed as an option."""
        weighed = {turn.number for turn in self.rivals.turns if turn.topic == "alternatives"}
        told = {place.turn_number for place in self.standings[name].at("spoken")}
        return self.hearing.case.flow == "no_decision" and name in _UNNAMED_KINDS and not weighed & told

    @cached_property
    def primary(self) -> str:
        """The rival that was closest in the end: of a lost deal the one that got it."""
        if self.hearing.case.flow in {"loss", "churn"} and self.selected:
            kept = self.hearing.case.flow == "churn" and self.selected in _UNNAMED_KINDS
            return "" if kept else self.selected
        if self.hearing.case.flow == "no_decision" and self.selected not in {"", NOTHING}:
            return self.selected
        if self.hearing.case.flow == "no_decision" and self.selected == NOTHING:
            return self._closest(above=0.0) or NOTHING
        return self._closest() or (UNKNOWN if self._unsaid and not self.rivals.names else "")

    @cached_property
    def incumbent(self) -> str:
        """What they had before, if it is told."""
        had = {name: standing.had for name, standing in self.standings.items() if standing.had >= _LISTED_AS_HAD}
        if had:
            return max(had, key=lambda name: had[name])
        return next(iter(self._things), "") or self._heard_as_had

    @cached_property
    def _heard_as_had(self) -> str:
        """What they had by learned weights alone, where no list hears anything."""
        heard = {name: standing.heard.get("incumbent", _NEVER) for name, standing in self.standings.items()}
        best = max((name for name in heard if name != NOTHING), key=lambda name: heard[name], default="")
        return best if best and heard[best] >= _HEARD_AS_HAD and best != self.selected else ""

    @cached_property
    def _went_on(self) -> str:
        """What they had and still speak of where they tell how it ended."""
        turns = {turn.number for turn in self.rivals.turns if turn.topic in _LATE}
        had = self.standings.get(self.incumbent)
        told = had is not None and any(place.turn_number in turns for place in had.at("spoken"))
        return self.incumbent if told else ""

    def _closest(self, *, above: float = _OF_PLACE["out"]) -> str:
        """Who has the most points, if more than that; what they had before only where the deal was lost to it."""
        lost = self.hearing.case.outcome is Outcome.LOST
        part = "selected" if lost else "closest"
        points = {
            name: standing.points + (self._heard_of(standing, part) if name in self.rivals.names else 0.0)
            for name, standing in self.standings.items()
            if name not in _UNNAMED_KINDS and (standing.had < 1 or (lost and standing.at("close", "beside", "weighed")))
        }
        best = max(points, key=lambda name: points[name], default="")
        if lost and best and points[best] < 0 and self.incumbent in self.rivals.names:
            return self.incumbent  # who was struck off did not win, and nobody else is named
        return best if best and points[best] > above else ""

    def _heard_of(self, standing: Standing, part: str) -> float:
        """Points for a part that learned weights are sure of."""
        return _HEARD * max(0.0, standing.heard.get(part, 0.0) - _SURE)

    def _considered(self, taken: set[str]) -> list[str]:
        """The others that were on the list."""
        found = [name for name in self.standings if name in self.rivals.names or name in {BUILD, HIRED_BUILD}]
        return [name for name in found if name not in taken][:MOST_CONSIDERED]

    def _weigh(self, turn: Turn, found: dict[str, Standing]) -> None:
        text, placed = self.rivals.marked(turn)
        options, seen = self.rivals.options, set[int]()
        for _, mention in placed:
            standing = found[options[mention.option]]
            if mention.pointed:
                continue
            self._hear(turn, mention, standing)
            standing.seen("spoken", mention.span)
            if turn.topic in {"decision", "almost"}:
                standing.seen("weighed", mention.span)
            if mention.option not in seen:
                standing.points += _OF_TOPIC.get(turn.topic, _OTHER_TOPIC) - _LISTED_LATER * len(seen)
                seen.add(mention.option)
            standing.had += self._had_as(turn, options[mention.option], len({mention.option for _, mention in placed}))
            if options[mention.option] == BUILD and turn.topic == "decision" and _BUILT.search(self._words(mention)):
                self._credit(turn, turn.text[: mention.span.start], "selected", standing, mention.span)
        for part in ("selected", "kept", "had", "done_in", "incumbent", "out", "close", "beside"):
            for match in lists.pattern("roles", self.rivals.language, part, slot=MARK).finditer(text):
                for group in range(1, len(match.groups()) + 1):
                    if match.group(group):
                        where = match.start(group) - 1
                        mention = next(mention for at, mention in placed if at == where)
                        option = options[mention.option]
                        if part == "done_in" and turn.topic != "trigger" and option not in _HABITS:
                            continue
                        self._credit(turn, text[: match.start()], part, found[option], mention.span)

    def _hear(self, turn: Turn, mention: Mention, standing: Standing) -> None:
        """Reckon with what the words around a mention tell by learned weights."""
        kind = mention.option >= len(self.rivals.names)
        span, flow = mention.span, self.hearing.case.flow
        place = Place(turn.text, span.start, span.end, turn.topic, flow, is_kind=kind)
        heard = mentions.roles(place, self.hearing.words.language)
        for part, odds in heard.items():
            after = self.hearing.case.flow == "churn" and turn.topic != "trigger"
            if part != "incumbent" or (turn.topic in _TELLS_OF_BEFORE and not after):
                standing.heard[part] = max(odds, standing.heard.get(part, _NEVER))

    def _words(self, mention: Mention) -> str:
        text = next(turn.text for turn in self.rivals.turns if turn.number == mention.span.turn_number)
        return text[mention.span.start : mention.span.end]

    def _had_as(self, turn: Turn, option: str, named: int) -> float:
        """How far a mention alone says that they had it: habits do where the start or the options are told, anything
        else that the start is told with and nothing beside it, except by somebody who tells what changed since."""
        listed = turn.topic == "alternatives" and self.hearing.case.flow != "churn"  # there it is what came after
        if option in _HABITS and (turn.topic == "trigger" or listed):
            return _SPOKEN_OF
        alone = turn.topic == "trigger" and named == 1 and option != NOTHING and not self._is_beside_us(turn)
        return _SPOKEN_OF if alone and self.hearing.case.flow != "churn" else 0.0

    def _is_beside_us(self, turn: Turn) -> bool:
        """Whether an answer names the vendor too: then it tells who was compared."""
        names = self.hearing.case.own_names
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", turn.text, re.IGNORECASE) for name in names)

    def _credit(self, turn: Turn, before: str, part: str, standing: Standing, place: Span) -> None:
        if part == "kept":
            self._credit(turn, before, "incumbent", standing, place)
            standing.had += _SPOKEN_OF
            if turn.topic in {"trigger", "alternatives"} and self.hearing.case.flow != "no_decision":
                return
            part = "selected"
        if part == "had":
            standing.had += {"alternatives": _LISTED_AS_HAD, "trigger": 1.0}.get(turn.topic, _IN_PASSING)
            standing.seen("incumbent", place)
            return
        if part in {"incumbent", "done_in"}:
            standing.had += 1.0 if turn.topic in {"trigger", "alternatives"} else _IN_PASSING
            standing.seen("incumbent", place)
            return
        near = _FULL_STOP.split(before)[-1][-_REACH:]
        unreal = lists.pattern("roles", self.rivals.language, "unreal").search(" ".join(near.split()[-4:]))
        if part == "selected" and unreal:
            part = "close"
        early = _EARLY if part == "selected" and turn.topic == "trigger" else 1.0
        standing.points += _OF_PLACE[part] * early
        standing.seen(part, place)
        if part == "selected":
            standing.chosen += _OF_PLACE[part] * early + turn.number / 100

    @cached_property
    def _unsaid(self) -> list[Span]:
        """Where the buyer would not or could not say."""
        unsaid = lists.pattern("roles", self.rivals.language, "unsaid")
        return [
            Span(turn.number, *match.span())
            for turn in self.rivals.turns
            if turn.topic in {"alternatives", "decision"}
            for match in unsaid.finditer(turn.text)
        ]

    @cached_property
    def _things(self) -> dict[str, list[Span]]:
        """What they had by a name of its own ("tapes"), where the answer on the options says so."""
        found: dict[str, list[Span]] = {}
        no_things = set(lists.table("roles", self.rivals.language).get("not_things", "").split())
        for turn in self.rivals.turns:
            if turn.topic not in {"alternatives", "trigger"}:
                continue
            for match in lists.pattern("roles", self.rivals.language, "thing").finditer(turn.text):
                near = tokens(turn.text[match.end() : match.end() + _REACH])[:_OF_A_THING]
                word = next(iter(near), None)
                if no_things.intersection(token.low for token in near) or "'s" in (word.low if word else ""):
                    continue
                if word and word.start == 1 and word.low not in self.hearing.words.function_words:
                    start = match.end() + word.start
                    found.setdefault(word.text, []).append(Span(turn.number, start, start + len(word.text)))
        return found

    def _bare(self, name: str) -> list[Span]:
        """Where an option without a mention of its own is told."""
        if name in self._things:
            return self._things[name]
        if name == UNKNOWN:
            return self._unsaid
        ends = [turn for turn in self.rivals.turns if turn.topic in {"decision", "almost"}]
        return [part.span for part in self.hearing.clauses if ends and part.turn == ends[-1]][-1:]
