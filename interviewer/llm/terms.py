"""What a server accepts: the wish list of a request, and what is dropped when a 400 says that it is not known.

Servers that speak chat completions differ in their optional parameters. Each wish has rungs from the most wanted
form to none; a refusal that names it moves one rung down, for this server, for good.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

Format = Literal["json_schema", "json_object", "text"]

FORMATS: tuple[Format, ...] = ("json_schema", "json_object", "text")
MAX_TOKENS = 4096

_WISHES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "store": ({"store": False}, {}),
    "stream_options": ({"stream_options": {"include_usage": True}}, {}),
    # A buyer waits: models that think first are asked to think least.
    "reasoning_effort": ({"reasoning_effort": "minimal"}, {"reasoning_effort": "low"}, {}),
    "max_completion_tokens": ({"max_completion_tokens": MAX_TOKENS}, {"max_tokens": MAX_TOKENS}, {}),
}
_REFUSED = (
    r"un(?:known|supported|recogni[sz]ed|expected)|extra(?:_forbidden|\s(?:inputs?|fields?|param\w*|arg\w*|key\w*))"
    r"|not\s(?:supported|permitted|allowed|known|recogni[sz]ed)"
)
_BESIDE = r"api|arg\w*|body|field|in|input|is|key|loc|msg|name|option|param\w*|property|request|supplied|type"
"""Words that may stand between a refusal and the name."""
_FORMAT_NAMES = ("response_format", "json_schema", "json_object", "structured output", "structured_output")


@dataclass(frozen=True)
class Terms:
    """One request's form: what it asks for beyond model and messages."""

    format: Format
    rungs: Mapping[str, int]

    @property
    def arguments(self) -> dict[str, Any]:
        return {key: value for name, rung in self.rungs.items() for key, value in _WISHES[name][rung].items()}


@dataclass
class Accepted:
    """What one server is known to take. Shared by calls that run at once, so it only ever moves down."""

    _format: int = 0
    _rungs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WISHES, 0))

    @property
    def now(self) -> Terms:
        return Terms(FORMATS[self._format], dict(self._rungs))

    def refused(self, terms: Terms, param: str | None, said: str) -> bool:
        """Learn from a refusal of `terms`. False when it names nothing that could be left out.

        `param` is the parameter that the server blames; without one, `said` (its whole error) is searched for it.
        """
        blamed = param.split(".")[0].split("[")[0] if param else ""
        if _named(_FORMAT_NAMES, blamed, said) and self.lower_format(terms):
            return True
        for name, rung in terms.rungs.items():
            if _named(tuple(_WISHES[name][rung]), blamed, said):
                self._rungs[name] = max(self._rungs[name], rung + 1)
                return True
        return False

    def lower_format(self, terms: Terms) -> bool:
        """Step down from the format of `terms`; False when it was the last."""
        below = FORMATS.index(terms.format) + 1
        if below == len(FORMATS):
            return False
        self._format = max(self._format, below)
        return True


def _named(names: tuple[str, ...], blamed: str, said: str) -> bool:
    if blamed:
        return blamed in names
    return any(_refusal_of(name).search(said) for name in names)


@cache
def _refusal_of(name: str) -> re.Pattern[str]:
    """How an error that blames no parameter refuses this one.

    Servers may repeat a buyer's words in an error, so a name that is also an everyday word ("store") counts only
    right beside a word of refusal. The others nobody says in an interview: wherever they stand, they are meant.
    """
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    if "_" not in name and " " not in name:
        between = rf"[^\w.!?]+(?:(?:{_BESIDE})[^\w.!?]+){{0,4}}"
        whole = rf"\b(?:{_REFUSED}){between}{whole}|{whole}{between}(?:{_REFUSED})"
    return re.compile(whole, re.IGNORECASE)
