"""Words of the codebook that a reviewer chose for a tag, checked."""

from dataclasses import dataclass
from enum import StrEnum

from interviewer.analysis import codebook
from interviewer.analysis.codebook import CODEBOOK, Horizon, Polarity, Scope
from interviewer.errors import BadInput, Problem

LONGEST_SUBJECT = 60
LONGEST_SENTENCE = 280


@dataclass(frozen=True)
class Retag:
    """What a tag is to say. An empty scope or horizon is the theme's usual one."""

    theme: str
    subject: str = ""
    polarity: str = ""
    scope: str = ""
    horizon: str = ""


def checked(wanted: Retag) -> Retag:
    """The same in the codebook's spelling, with what is usual filled in. Raises BadInput with everything wrong."""
    theme = codebook.theme(wanted.theme)
    subject = " ".join(wanted.subject.split())
    problems = [] if theme else [Problem("theme", "is not in the codebook")]
    problems += [
        Problem(name, "is not a word of the codebook")
        for name, words in _WORDS.items()
        if getattr(wanted, name) and getattr(wanted, name) not in set(words)
    ]
    if len(subject) > LONGEST_SUBJECT:
        problems.append(Problem("subject", f"has more than {LONGEST_SUBJECT} characters"))
    if problems or theme is None:
        raise BadInput(problems)
    usual = CODEBOOK[theme]
    return Retag(
        theme=theme.value,
        subject=subject,
        polarity=wanted.polarity or Polarity.NEUTRAL.value,
        scope=wanted.scope or usual.scope.value,
        horizon=wanted.horizon or (usual.horizon.value if usual.horizon else ""),
    )


def sentence(text: str, where: str = "text") -> str:
    """One line of a person's own. Raises BadInput where there is nothing, or too much."""
    line = " ".join(text.replace("\x00", "").split())
    if not line:
        raise BadInput([Problem(where, "is empty")])
    if len(line) > LONGEST_SENTENCE:
        raise BadInput([Problem(where, f"has more than {LONGEST_SENTENCE} characters")])
    return line


def place(text: str, start: int, words: str) -> tuple[int, int]:
    """Where `words` stand in a text, as near to `start` as can be, without spaces around them. Raises BadInput."""
    words = words.replace("\r\n", "\n")
    stripped = words.strip()
    if not stripped:
        raise BadInput([Problem("words", "are empty")])
    start += len(words) - len(words.lstrip())
    places, at = [], text.find(stripped)
    while at >= 0:
        places.append(at)
        at = text.find(stripped, at + 1)
    if not places:
        raise BadInput([Problem("words", "are not in this answer")])
    nearest = min(places, key=lambda found: abs(found - start))
    return nearest, nearest + len(stripped)


_WORDS: dict[str, type[StrEnum]] = {"polarity": Polarity, "scope": Scope, "horizon": Horizon}
