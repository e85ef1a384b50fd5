"""The acts of the audit log: kinds to choose from, and single ones in words.

The log keeps short verbs of its own, which never change; what people read of them stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NOTED_FIRST = "noted setting"

BY_BUYER = "by the buyer"
"""How the verbs end of what a buyer did."""


class Kind(NamedTuple):
    label: str
    verbs: tuple[str, ...]
    """How the verbs begin that belong to it."""


ACTS: Mapping[str, Kind] = {
    "looked": Kind("Looked at or searched", ("viewed", "searched", "asked", "read released")),
    "exported": Kind("Exported", ("exported",)),
    "reviewed": Kind("Reviewed", ("review: ",)),
    "deleted": Kind("Deleted, or agreed no longer", ("deleted", "no longer agreed")),
    "requests": Kind("Answered a person’s request", ("exported for the", "looked up for the", "deleted on the person")),
    "signed": Kind("Signed in or out", ("signed ", "ended ", "made a sign-in link", "came ")),
    "people": Kind("Changed who works here", ("added as", "set to", "disabled", "enabled", "corrected", "forgot the")),
    "keys": Kind("Made or revoked a key", ("made a key", "revoked a key")),
    "calls": Kind(
        "Handled calls", ("handled", "handed", "reopened call", "marked call", "booked", "made interview", "kept ")
    ),
    "analysed": Kind("Brought in or analysed", ("imported", "reran", "retried")),
    "settings": Kind("Changed settings", ("changed ", NOTED_FIRST)),
    "server": Kind("Kept the log and backups", ("checked the log", "dropped", "backed up", "restored")),
}
"""To choose from, by the word in the address."""

REQUESTS = ACTS["requests"].verbs

_REVIEW = {
    "finish": "marked as reviewed",
    "unfinish": "opened for review again",
    "confirm": "accepted",
    "reject": "turned down",
    "reopen": "made a suggestion again",
    "retag": "retagged",
    "mark": "tagged words",
    "merge": "merged two subjects",
    "reword": "reworded",
    "redact": "put words under a bar",
    "release": "released a quote",
    "withdraw": "took a release back",
}


def words(verb: str) -> str:
    """What was done, as the log is read."""
    act = verb.removeprefix("review: ")
    if act == verb:
        if verb.startswith("set to "):
            return f"gave the role {verb.removeprefix('set to ')}"
        return verb.removesuffix(BY_BUYER).rstrip(" ,")
    if act.startswith("undo "):
        return f"took back: {_REVIEW.get(act.removeprefix('undo '), act.removeprefix('undo '))}"
    return _REVIEW.get(act, act)
