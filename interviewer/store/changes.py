"""What running a step again changed: for the desk to show, kept with the step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Changes:
    """Entries that came, entries that went, and how many a person had decided on, which stay.

    An entry is a list: turn, start, end, theme of a tag; kind, text of a statement.
    """

    added: tuple[list[Any], ...] = ()
    gone: tuple[list[Any], ...] = ()
    kept: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.added + other.added, self.gone + other.gone, self.kept + other.kept)

    def then(self, later: "Changes") -> "Changes":
        """Both runs as one: what came and went again, or went and came back, is no change."""
        came = [entry for entry in self.added if entry not in later.gone]
        went = [entry for entry in self.gone if entry not in later.added]
        came += [entry for entry in later.added if entry not in self.gone]
        went += [entry for entry in later.gone if entry not in self.added]
        return Changes(tuple(came), tuple(went), later.kept)

    def as_values(self) -> dict[str, Any]:
        return {"added": list(self.added), "gone": list(self.gone), "kept": self.kept}


def from_values(values: Mapping[str, Any] | None) -> Changes:
    values = values or {}
    return Changes(tuple(values.get("added", ())), tuple(values.get("gone", ())), int(values.get("kept", 0)))
