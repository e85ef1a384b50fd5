"""The interviewer's small words by language: acknowledgements, replies to awkward moments, the close."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.errors import BadInput, Problem
from interviewer.flows.moves import CloseReason, ReplyTo

DEFAULT = "en"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(_Data):
    """What to say where no name is known."""

    product: str
    vendor: str


class Acknowledge(_Data):
    """A word or two before the next question, by what the answer was; empty for none. Each list is walked in turn."""

    answered: tuple[str, ...]
    told_more: tuple[str, ...]
    complaint: tuple[str, ...]
    left: tuple[str, ...]


class Phrases(_Data):
    """One language's words."""

    language: str
    quotes: tuple[str, str]
    bare_phrases: bool
    """Whether a noun phrase may stand in a question without quotation marks (not where nouns change their form)."""
    names: Names
    turned: dict[str, str] = {}
    """Possessives as they turn when the interviewer says the buyer's words ("our" -> "your")."""
    quoting: tuple[str, ...] = ("{words}.",)
    """What may stand before a question about the buyer's `{words}`, walked in turn."""
    acknowledge: Acknowledge
    reply: dict[ReplyTo, str]
    one_more: str
    close: dict[CloseReason, str]


class PhraseBook:
    """The phrases of every language."""

    def __init__(self, phrases: Mapping[str, Phrases]) -> None:
        self._phrases = dict(phrases)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._phrases))

    def get(self, language: str) -> Phrases:
        """The phrases of a language ("de", "de-AT"), or the English ones."""
        return self._phrases.get(language.lower().split("-")[0], self._phrases[DEFAULT])


def load(texts: Mapping[str, str]) -> PhraseBook:
    """Phrases from the text of each `<language>.toml`. Raises BadInput with every problem by file and key."""
    found: dict[str, Phrases] = {}
    problems: list[Problem] = []
    for file, text in texts.items():
        language = PurePath(file).stem
        try:
            phrases = Phrases.model_validate({"language": language, **tomllib.loads(text)})
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(file, f"is not valid TOML: {error}"))
        except ValidationError as error:
            problems += [Problem(f"{file}: {'.'.join(map(str, e['loc']))}", e["msg"]) for e in error.errors()]
        else:
            found[language] = phrases
            missing = [f"reply.{to}" for to in ReplyTo if to not in phrases.reply]
            missing += [f"close.{reason}" for reason in CloseReason if reason not in phrases.close]
            problems += [Problem(f"{file}: {key}", "is missing") for key in missing]
    if DEFAULT not in found and not problems:
        problems.append(Problem(f"{DEFAULT}.toml", "is missing"))
    if problems:
        raise BadInput(problems)
    return PhraseBook(found)
