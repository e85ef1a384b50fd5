"""What the interviewer can do next. `engine.py` chooses one; `wording.py` puts it into words."""

from dataclasses import dataclass
from enum import StrEnum


class ReplyTo(StrEnum):
    """Awkward moments that get an answer of their own before the interview goes on."""

    BOT = "bot"
    CONFIDENTIALITY = "confidentiality"
    PRODUCT = "product"
    REP = "rep"
    TIME = "time"
    PERSON = "person"
    DELETION = "deletion"
    CONFUSED = "confused"
    OFF_TOPIC = "off_topic"
    HOSTILE = "hostile"
    COLLEAGUES = "colleagues"
    ADDRESS = "address"
    GIFT = "gift"
    COPY = "copy"
    LANGUAGE = "language"
    DATA = "data"
    NAMED = "named"
    WHY = "why"
    GREETING = "greeting"
    LATER = "later"
    MISTAKEN = "mistaken"
    ANOTHER = "another"


ASKED_ABOUT = (
    ReplyTo.COLLEAGUES,
    ReplyTo.REP,
    ReplyTo.GIFT,
    ReplyTo.ADDRESS,
    ReplyTo.COPY,
    ReplyTo.LANGUAGE,
    ReplyTo.DATA,
    ReplyTo.NAMED,
    ReplyTo.WHY,
    ReplyTo.GREETING,
    ReplyTo.CONFIDENTIALITY,
    ReplyTo.BOT,
    ReplyTo.TIME,
    ReplyTo.PRODUCT,
)
"""What a question back can be about, the narrower before the wider."""

WAITS = frozenset({ReplyTo.PERSON, ReplyTo.DELETION, ReplyTo.LATER, ReplyTo.MISTAKEN})
"""Replies to who wants out: no question is pressed on them. The open one stays open."""


class CloseReason(StrEnum):
    DONE = "done"
    STOPPED = "stopped"
    CAPPED = "capped"


@dataclass(frozen=True)
class Ask:
    """Open a topic."""

    topic: str
    why: str = ""

    @property
    def key(self) -> str:
        return f"ask:{self.topic}"


@dataclass(frozen=True)
class Probe:
    """Follow up on the same topic."""

    topic: str
    hint: str
    hook: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        return f"probe:{self.topic}:{self.hint}"


@dataclass(frozen=True)
class Reply:
    """Answer an awkward moment, then go on with `then` in the same message (None: wait for the buyer)."""

    to: ReplyTo
    topic: str
    then: Ask | None = None
    why: str = ""

    @property
    def key(self) -> str:
        return f"reply:{self.to}:{self.then.topic if self.then else self.topic}"


@dataclass(frozen=True)
class OneMore:
    """At the hard limit: "finish here, or one more?" about `topic`."""

    topic: str
    why: str = ""

    @property
    def key(self) -> str:
        return f"one_more:{self.topic}"


@dataclass(frozen=True)
class Close:
    """Thank, and lead to the check page."""

    reason: CloseReason
    why: str = ""

    @property
    def topic(self) -> str:
        return ""

    @property
    def key(self) -> str:
        return f"close:{self.reason}"


@dataclass(frozen=True)
class Wait:
    """Nothing is due: the buyer has not answered the open question."""

    why: str = ""
    topic: str = ""

    @property
    def key(self) -> str:
        return "wait"


Move = Ask | Probe | Reply | OneMore | Close | Wait
