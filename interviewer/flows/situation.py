"""Where an interview stands when an answer has come in, and the move that this leads to.

The order of thought: respect a wish to stop, answer what cannot wait, follow up what is vague and worth it, move on
through what is still open, and stop on time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile

from interviewer.flows import belated, reasons
from interviewer.flows.clock import Clock
from interviewer.flows.history import History
from interviewer.flows.model import BROUGHT, HEAVY, Flow, ProbeHint, Topic
from interviewer.flows.moves import ASKED_ABOUT, WAITS, Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo
from interviewer.flows.tokens import count
from interviewer.transcript import AnswerKind, Assessment

_PROBED = frozenset({AnswerKind.VAGUE, AnswerKind.NOTHING, AnswerKind.SPECIFIC})
THIN = frozenset({"bare_name"})
"""Signals of an answer that is clear and still leaves the point unsaid."""

_OF_KIND = frozenset({"vague", "second"})
"""What a probe may wait for that is no signal: the kind of the answer, and its place."""

_OVERRUN_S = 30.0
"""So long after the hard limit a light topic is still offered; a heavy one always is."""

_MANY = 9
"""Questions after which nobody is asked the closing ones, however quick the answers."""

_RESTATED = 2
"""Replies after which the question they interrupted is left for the next one."""

_REPLY_TO = {
    AnswerKind.WANTS_PERSON: ReplyTo.PERSON,
    AnswerKind.WANTS_DELETION: ReplyTo.DELETION,
    AnswerKind.CONFUSED: ReplyTo.CONFUSED,
    AnswerKind.OFF_TOPIC: ReplyTo.OFF_TOPIC,
    AnswerKind.HOSTILE: ReplyTo.HOSTILE,
    AnswerKind.NOT_NOW: ReplyTo.LATER,
    AnswerKind.MISTAKEN: ReplyTo.MISTAKEN,
}
_ABOUT = {str(to): to for to in ASKED_ABOUT}
_ONCE = frozenset({ReplyTo.CONFUSED, ReplyTo.OFF_TOPIC})


@dataclass(frozen=True)
class Situation:
    """Where the interview stands as the last answer came in."""

    flow: Flow
    history: History
    topic: Topic | None
    """What the last answer belongs to; None when the flow does not know it."""
    text: str
    clock: Clock
    exchange_s: float
    _told: dict[frozenset[str], Situation] = field(default_factory=dict, init=False, repr=False)
    """Itself with other topics told as well: `options` asks a hundred times, for a dozen."""

    def decide(self, told: Assessment | None) -> Move:
        """The move after an answer that was assessed as `told`; None for one that was skipped or removed."""
        kind = told.kind if told else AnswerKind.REFUSES
        now = self._covering(told.covers if told else ())
        if told and (reply := now._reply(told)):
            return reply
        if self.history.closed:
            return Close(CloseReason.DONE, "The interview had been closed already.")
        if kind is AnswerKind.STOPS:
            return Close(CloseReason.STOPPED, "The buyer wants to stop.")
        if told and self.topic and belated.SIGNAL in told.signals and not self._late:
            return Ask(self.topic.id, "That belonged to the question before; this one is still open.")
        if told and (probe := now._probe(told)):
            return probe
        return now._onward(reasons.left(kind, skipped=told is None), weary=kind is AnswerKind.REFUSES)

    def _covering(self, told: tuple[str, ...]) -> Situation:
        """The same with these topics told as well."""
        covered = self.history.covered | frozenset(told)
        if covered not in self._told:
            self._told[covered] = replace(self, history=replace(self.history, covered=covered))
        return self._told[covered]

    @property
    def _late(self) -> bool:
        return self.clock.spent_s >= self.clock.hard_s

    @cached_property
    def _core(self) -> tuple[Topic, ...]:
        return self.flow.core

    @cached_property
    def _open(self) -> tuple[Topic, ...]:
        """Core topics that are still to be asked."""
        return self.history.open(self._core)

    @cached_property
    def _heavy(self) -> tuple[Topic, ...]:
        return tuple(topic for topic in self._open if topic.weight >= HEAVY)

    def _room_for_a_detour(self) -> bool:
        """Whether every heavy topic still gets asked in time when one more question comes first."""
        return self.clock.spent_s + self.exchange_s * len(self._heavy) < self.clock.hard_s

    # Awkward moments

    def _reply(self, told: Assessment) -> Move | None:
        """The answer that an awkward moment needs before anything else, or None."""
        if told.kind is AnswerKind.ASKS_BACK:
            to = _ABOUT.get(told.about, ReplyTo.ANOTHER)
        elif told.kind in _REPLY_TO:
            to = _REPLY_TO[told.kind]
        else:
            return None
        here = self.topic.id if self.topic else ""
        why = reasons.REPLY[to]
        if to is ReplyTo.DELETION:  # however late it is, nothing is asked of who takes it back
            ends = self._late and self.history.last_move.startswith(f"reply:{to}")
            return Close(CloseReason.STOPPED, f"{why} Time is up.") if ends else Reply(to, here, None, why)
        if self.history.closed or self.history.one_more:
            return None if to in _ONCE or to is ReplyTo.HOSTILE else self._last_reply(to, here, why)
        if to in WAITS:
            return self._last_reply(to, here, why) if self._late else Reply(to, here, None, why)
        if to in _ONCE and self.history.replied(to, here):
            return None
        if to is ReplyTo.HOSTILE and self.history.last_move.startswith(f"reply:{to}"):
            return Close(CloseReason.STOPPED, "Hostile twice in a row: left in peace.")
        if self._late:
            return None if to in _ONCE else self._last_reply(to, here, why)
        again = self.topic is not None and self.history.replies_on(here) < _RESTATED
        if again and here not in self.history.covered and to is not ReplyTo.HOSTILE:
            return Reply(to, here, Ask(here, "The question is still open."), why)
        if to is ReplyTo.CONFUSED:
            return None  # about a follow-up: nothing is put another way by asking something else
        then = self._onward("")
        if isinstance(then, Ask):
            return Reply(to, then.topic, then, why)
        return None if to in _ONCE or to is ReplyTo.HOSTILE else self._last_reply(to, here, why)

    def _last_reply(self, to: ReplyTo, here: str, why: str) -> Reply | None:
        """A reply with no question after it; once in a row, so that the end is always reached."""
        return None if self.history.last_move.startswith("reply:") else Reply(to, here, None, why)

    # Probes

    def _probe(self, told: Assessment) -> Probe | None:
        topic = self.topic
        if topic is None or told.kind not in _PROBED or self.history.one_more:
            return None
        used = self.history.probes_on(topic.id)
        short = count(self.text) < BROUGHT
        if len(used) >= topic.max_probes or not _leaves_open(topic, told, again=bool(used), short=short):
            return None
        if not self._room_for_a_probe:
            return None
        hook = told.hook if told.hook and told.hook in self.text else ""
        hint = _fitting(topic, told, used, hook)
        return None if hint is None else Probe(topic.id, hint.id, hook, self._why_probe(topic, told.kind))

    @cached_property
    def _room_for_a_probe(self) -> bool:
        """Whether every heavy topic can still be asked, and followed up before the soft limit."""
        ahead = self._open
        heavy = [place for place, topic in enumerate(ahead) if topic.weight >= HEAVY]
        in_hand = self.flow.budget.probes - len(self.history.probed)
        if in_hand <= len(heavy) or self.clock.spent_s >= self.clock.soft_s:
            return False
        after = self.clock.spent_s + self.exchange_s
        if not heavy:
            return after + self.exchange_s * (len(ahead) - 1) < self.clock.hard_s
        before_the_last_probe = heavy[-1] + len(heavy)  # each question up to it, and the other heavy ones' probes
        return after + self.exchange_s * before_the_last_probe < self.clock.soft_s

    def _why_probe(self, topic: Topic, kind: AnswerKind) -> str:
        what = {
            AnswerKind.VAGUE: "Vague answer",
            AnswerKind.NOTHING: "No answer yet",
            AnswerKind.SPECIFIC: "Clear answer that leaves more to say",
        }[kind]
        most = max(other.weight for other in self.flow.topics)
        where = "the topic with most weight" if topic.weight == most else f"“{topic.label['en']}”"
        return f"{what} on {where}, {self.clock.left_s} s left."

    def _told_only(self, *, before: Topic | None) -> Probe | None:
        """A follow-up on a heavy topic that comes `before` the next open one and was told without being asked."""
        for topic in takewhile(lambda topic: topic is not before, self._core):
            if topic.weight >= HEAVY and topic.id in self.history.covered - self.history.asked:
                hint = next((probe for probe in topic.probes if "second" in probe.fits), None)
                if hint and self._room_for_a_probe:
                    return Probe(topic.id, hint.id, "", f"Told unasked, {self.clock.left_s} s left to go deeper.")
        return None

    # Moving on

    def _is_ahead(self, topic: Topic) -> bool:
        """Whether it comes after everything that was asked."""
        ids = [core.id for core in self._core]
        return all(ids.index(asked) < ids.index(topic.id) for asked in self.history.asked if asked in ids)

    def _onward(self, because: str, *, weary: bool = False) -> Move:
        """The next open question, in order and as far as the clock reaches, else the end. Who is `weary`, having just
        declined, is spared the closing questions."""
        core, heavy = self._open, self._heavy
        if self.history.one_more:
            return Close(CloseReason.CAPPED if core else CloseReason.DONE, "One more was asked; that was the last.")
        if self._late:
            if not core:
                return Close(CloseReason.DONE, "Every core topic is done and time is up.")
            overrun = self.clock.spent_s - self.clock.hard_s
            ahead = [t for t in core if t.weight >= HEAVY or (self._is_ahead(t) and overrun < _OVERRUN_S)]
            if not ahead:
                return Close(CloseReason.CAPPED, "Time is up; what is open would lead back, or is not worth it.")
            weightiest = max(ahead, key=lambda topic: topic.weight)
            return OneMore(weightiest.id, "Time is up; the weightiest open topic is offered once.")
        if told := self._told_only(before=core[0] if core else None):
            return told
        if core:
            if heavy and core[0] is not heavy[0] and not self._room_for_a_detour():
                return Ask(heavy[0].id, f"{self.clock.left_s} s left: the weightiest topics go first.")
            return Ask(core[0].id, f"{because} Next in the buyer's order of memory.".strip())
        many = len(self.history.asked) + len(self.history.probed) >= _MANY
        closing = () if weary or many else self.history.open(topic for topic in self.flow.topics if not topic.core)
        if closing and self.clock.spent_s + self.exchange_s < self.clock.soft_s:
            return Ask(closing[0].id, f"Every core topic is done, {self.clock.left_s} s left.")
        return Close(CloseReason.DONE, "Everything was asked." if not closing else "Every core topic is done.")


def _leaves_open(topic: Topic, told: Assessment, *, again: bool, short: bool) -> bool:
    """Whether a follow-up is worth its time: after a vague answer, and once more where the first one brought something
    (only the weightiest topics take two). Nothing to add, said twice, is an answer."""
    heavy = topic.weight >= HEAVY
    match told.kind:
        case AnswerKind.VAGUE:
            return not again or not short
        case AnswerKind.NOTHING:
            return heavy and not again and topic.id not in told.covers
        case _:
            return again or bool(THIN & set(told.signals))


def _fitting(topic: Topic, told: Assessment, used: tuple[str, ...], hook: str) -> ProbeHint | None:
    """The first unused probe that waits for a signal of the answer, else one for its kind. A second one asks for what
    was not on the first one's way: the other side, what nobody was told."""
    unused = [probe for probe in topic.probes if probe.id not in used and (hook or not probe.needs_hook)]
    if not hook:
        unused.sort(key=lambda probe: probe.quotes)  # with nothing to quote, "that" is less clear than a whole question
    heard = set(told.signals) - _OF_KIND
    if told.kind is AnswerKind.NOTHING and "unsure" not in heard:
        heard.add("nothing")
    wanted = ({"second"} if used else set(), heard, {"vague"} if told.kind is AnswerKind.VAGUE else set())
    return next((probe for fits in wanted for probe in unused if fits & set(probe.fits)), None)
