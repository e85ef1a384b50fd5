"""What one browser may see of an interview, and where it stands (trust.md 7).

The browser that typed the first answer sees all. Another one with the same link sees what it wrote itself, and a
neutral form of the open question: a pending probe could repeat what somebody else said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviewer import interviews, store
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.flows import engine, plain
from interviewer.flows.moves import ReplyTo
from interviewer.personal import Hint, hints
from interviewer.store.tables.interviews import InterviewRow, TurnRow
from interviewer.store.tables.invitations import InvitationRow
from interviewer.transcript import Act, AnswerKind, Speaker

_OFFERS: Mapping[str, tuple[str, ...]] = {
    f"reply:{ReplyTo.PERSON}": ("call",),
    f"reply:{ReplyTo.MISTAKEN}": ("call",),
    f"reply:{ReplyTo.DELETION}": ("withdraw", "delete"),
}
_ASIDE = frozenset(
    {
        AnswerKind.ASKS_BACK,
        AnswerKind.CONFUSED,
        AnswerKind.MISTAKEN,
        AnswerKind.NOT_NOW,
        AnswerKind.STOPS,
        AnswerKind.WANTS_DELETION,
        AnswerKind.WANTS_PERSON,
    }
)
"""What was written to the interviewer rather than in answer to it."""


class Stage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"  # the last question is behind; checking and sending remain
    SENT = "sent"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"  # the buyer no longer agrees, and lets what was said be kept


@dataclass(frozen=True)
class Line:
    """One message as the page shows it."""

    number: int
    speaker: Speaker
    text: str
    topic: str = ""
    key: str = ""
    skipped: bool = False
    removed: bool = False
    offers: tuple[str, ...] = ()
    """The pages that the message speaks of: `call`, or `withdraw` and `delete`."""


@dataclass(frozen=True)
class Thread:
    interview_id: str
    stage: Stage
    language: str
    lines: tuple[Line, ...]
    proved: bool
    hidden: int
    """Answers that this browser may not read."""
    number: int
    """Of the next answer; of the reply that is due while `pending`."""
    pending: bool
    question: int
    total: int
    """Core topics: the buyer is at question `question` of about `total`."""
    nearly: bool
    """Only closing questions are left."""
    answered: int
    """Core topics with an answer: those behind, and the open one once a probe follows up what was said to it."""
    answered_elsewhere: bool
    """Whether the open question, which this browser sees in its neutral form, has an answer that it may not read."""
    key: str
    """A fresh client key for the next answer."""

    def since(self, number: int) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.number >= number)


async def thread(deps: Deps, interview_id: str, *, browser: str) -> Thread:
    """The interview as `browser` may see it. Raises NotFound."""
    async with deps.db.read() as tx:
        found = await store.interviews.with_invitation(tx, interview_id)
        if found is None:
            raise NotFound
        row, invitation = found
        flow = await store.interviews.flow(tx, row)
        turns = await store.turns.rows(tx, interview_id)
        proved = not row.first_answer_at or await store.interviews.is_proved(tx, row, browser)
    spoken = [turn for turn in turns if not turn.pending]
    done, total = engine.progress(flow, store.turns.as_transcript(spoken, language=row.language))
    last = turns[-1] if turns else None
    pending = last is not None and last.pending
    stage = _stage(row, invitation, spoken)
    visible = [turn for turn in spoken if proved or turn.browser == browser or _follows_own(turn, spoken, browser)]
    lines = [_line(turn) for turn in visible]
    probing = last is not None and not pending and last.move.startswith("probe:")
    if not proved and stage is Stage.OPEN and not pending and last is not None and last not in visible:
        context, phrases = interviews.known_to(deps, flow, invitation), deps.phrases.get(row.language)
        words = plain.topic_question(flow, last.topic, context, phrases)
        lines.append(Line(last.number, Speaker.INTERVIEWER, words, topic=last.topic))
    return Thread(
        interview_id=interview_id,
        stage=stage,
        language=row.language,
        lines=tuple(lines),
        proved=proved,
        hidden=sum(1 for turn in spoken if turn.speaker == Speaker.BUYER and turn.text and turn not in visible),
        number=(last.number if pending else last.number + 1) if last is not None else 0,
        pending=pending,
        question=min(done + 1, total),
        total=total,
        nearly=done >= total,
        answered=min(done + probing, total),
        answered_elsewhere=probing and last not in visible,
        key=deps.new_id(),
    )


def _stage(row: InterviewRow, invitation: InvitationRow, spoken: list[TurnRow]) -> Stage:
    if row.deleted_at or invitation.erased_at:
        return Stage.DELETED
    if row.withdrawn_at:
        return Stage.STOPPED
    if row.completed_by == "buyer":
        return Stage.SENT
    if invitation.revoked_at:
        return Stage.WITHDRAWN
    return Stage.CLOSED if spoken and spoken[-1].move.startswith("close:") else Stage.OPEN


def _follows_own(turn: TurnRow, spoken: list[TurnRow], browser: str) -> bool:
    """Whether an interviewer's turn replies to this browser's own answer."""
    return turn.speaker == Speaker.INTERVIEWER and any(
        said.number == turn.reply_to and said.browser == browser for said in spoken
    )


def _line(turn: TurnRow) -> Line:
    return Line(
        number=turn.number,
        speaker=Speaker(turn.speaker),
        text=turn.text,
        topic=turn.topic,
        key=turn.client_key or "",
        skipped=turn.act == Act.SKIP,
        removed=turn.removed,
        offers=_OFFERS.get(turn.move.rpartition(":")[0], ()) if turn.speaker == Speaker.INTERVIEWER else (),
    )


@dataclass(frozen=True)
class Checked:
    """One answer on the check page."""

    number: int
    text: str
    removed: bool
    hint: Hint | None
    question: str
    """What it answers, where that is not plain from the topic's name."""
    takes_back: bool
    """Whether it asks for deletion, or says that the buyer no longer agrees."""


@dataclass(frozen=True)
class CheckedTopic:
    """Answers under one heading; an empty `id` holds what was written to the interviewer in passing."""

    id: str
    label: str
    answers: tuple[Checked, ...]


async def answers_to_check(deps: Deps, interview_id: str, *, browser: str) -> tuple[CheckedTopic, ...]:
    """What this browser may change before sending, by topic in the flow's order; skipped topics are left out."""
    async with deps.db.read() as tx:
        row = await store.interviews.get(tx, interview_id)
        if row is None or row.deleted_at:
            raise NotFound
        flow = await store.interviews.flow(tx, row)
        turns = await store.turns.rows(tx, interview_id)
        proved = await store.interviews.is_proved(tx, row, browser)
    mine = [
        turn
        for turn in turns
        if turn.speaker == Speaker.BUYER and turn.act == Act.ANSWER and (proved or turn.browser == browser)
    ]
    asked = {turn.number: turn.text for turn in turns if turn.speaker == Speaker.INTERVIEWER} if proved else {}
    found = []
    for topic in flow.topics:
        said = [turn for turn in mine if turn.topic == topic.id and not _is_aside(turn)]
        if said:
            label = topic.label.get(row.language) or topic.label["en"]
            found.append(CheckedTopic(topic.id, label, _checked(said, asked)))
    if asides := [turn for turn in mine if _is_aside(turn)]:
        found.append(CheckedTopic("", "", _checked(asides, {})))
    return tuple(found)


def _checked(said: Sequence[TurnRow], asked: Mapping[int, str]) -> tuple[Checked, ...]:
    return tuple(
        Checked(
            number=turn.number,
            text=turn.text,
            removed=turn.removed,
            hint=hints(turn.text),
            question=asked.get(turn.number - 1, "") if position else "",
            takes_back=_kind(turn) is AnswerKind.WANTS_DELETION,
        )
        for position, turn in enumerate(said)
    )


def _is_aside(turn: TurnRow) -> bool:
    return _kind(turn) in _ASIDE


def _kind(turn: TurnRow) -> AnswerKind | None:
    return AnswerKind(turn.assessment["kind"]) if turn.assessment is not None else None
