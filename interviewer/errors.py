"""What can go wrong, said in the product's own words and carrying data. Only `web/errors.py` knows statuses."""

from dataclasses import dataclass, field
from datetime import datetime


class InterviewerError(Exception):
    """Base of every error that a person may be told about."""


class LinkInvalid(InterviewerError):
    """A link is altered, expired, revoked or of another purpose. Never says which."""


class NotFound(InterviewerError):
    """The thing asked for is not there, or not for this person: the two look the same."""


class NotAllowed(InterviewerError):
    """The signed-in person's role does not reach this."""


class SignInRequired(InterviewerError):
    """The desk needs a session and there is none."""


class KeyNeeded(InterviewerError):
    """The API was asked without a key that works. Never says what is wrong with the one given."""


class LinkNeeded(InterviewerError):
    """An interview's page was asked for by a browser that has not opened its link."""


class InterviewClosed(InterviewerError):
    """The interview was sent, deleted or its invitation withdrawn; nothing can be added."""


class KeyReused(InterviewerError):
    """A client key came back with another text. The kept text stands."""


@dataclass
class OutOfTurn(InterviewerError):
    """The buyer answered a turn that is no longer the open one (another tab, another device)."""

    expected: int


@dataclass
class TooLong(InterviewerError):
    """A message over the limit; it is refused, and the text stays with the buyer."""

    length: int
    limit: int


class FormTooLarge(InterviewerError):
    """A form beyond anything a person writes; it was not read to its end."""


class Overtaken(InterviewerError):
    """Somebody changed it since it was looked at. What they left stands."""


class NoLongerAgrees(InterviewerError):
    """The buyer took back that they agreed: what was said is kept and read, and nothing more is made of it."""


@dataclass
class Taken(InterviewerError):
    """The time is not free any more, or never was; `others` are, the soonest first. Nothing was changed."""

    others: tuple[datetime, ...] = ()


class Unsigned(InterviewerError):
    """A message from another service whose signature does not hold, or that is too old. Never says which."""


@dataclass
class NotFetched(InterviewerError):
    """An address elsewhere could not be read, or must not be. `reason` repeats nothing of it or of its answer."""

    reason: str


class EmptyAnswer(InterviewerError):
    """A message with nothing in it."""


class Unavailable(InterviewerError):
    """The database cannot be reached now (locked, away). Trying again later may help."""


class NotSaved(Unavailable):
    """The database could not keep it (locked, disk full). The text is still with the buyer."""


class NotSent(InterviewerError):
    """A mail could not be sent now."""


@dataclass
class ProviderAway(InterviewerError):
    """The company's sign-in cannot be reached, or does not answer as it should. `reason` holds nothing that it said."""

    reason: str


@dataclass
class NotLetIn(InterviewerError):
    """Somebody came from the company's sign-in and may not come in. `why` is for the page, `detail` for the log."""

    why: str
    detail: str = ""


@dataclass
class TooMany(InterviewerError):
    """Too many tries; `until` says when to come back."""

    until: datetime | None = None


class TooFast(TooMany):
    """More was sent than a person sends; nothing of it was kept, and the text is still with the buyer."""


@dataclass
class CodeWrong(InterviewerError):
    """A mailed code did not match; `tries_left` may be zero."""

    tries_left: int = 0


@dataclass
class LLMUnavailable(InterviewerError):
    """The model gave no usable answer. `permanent` when trying again cannot help (bad key, unknown model).

    `reason` never holds what was said; `calls` counts the requests made before giving up, and the tokens are theirs.
    """

    reason: str
    permanent: bool = False
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass
class MailFailed(InterviewerError):
    """A mail was not taken. `permanent` for a 5xx, which suppresses the address."""

    reason: str
    permanent: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where it is, what it is, and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class BadInput(InterviewerError):
    """An import, flow file or setting that cannot be taken, with every problem found."""

    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
