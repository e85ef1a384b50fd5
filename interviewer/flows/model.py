"""A flow as data: topics in the buyer's order of memory, with purpose, wording and probes (domain.md, "The framework").

`catalogue.py` parses and checks flow files into these; `engine.py` decides over them.
"""

from pydantic import BaseModel, ConfigDict, Field

Wording = dict[str, str]
"""Language code -> words. English ("en") is always there."""


HEAVY = 8
"""From this weight on a topic is worth a second probe, and clock and probes are kept for it."""

BROUGHT = 5
"""Words from which a vague answer to a follow-up brought something, and a second one may be asked."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProbeHint(_Data):
    """A follow-up that may be asked on a topic."""

    id: str
    fits: tuple[str, ...]
    """Signals of an answer under which it fits (see `reading.py`); "vague" fits any vague answer."""
    seeks: str
    """What to find out. The model words it; it is not text to show."""
    wording: Wording
    """Scripted words. `{hook}` stands for the buyer's own words where they name something, so the sentence must hold
    with any noun."""
    plain: Wording = {}
    """Words for when there is no hook, or none that suits. Without them such a wording waits for a hook."""
    quotes: bool = False
    """Whether the buyer's words are quoted before it ("You wrote “…”."): for a wording that calls them "that"."""
    approved: tuple[str, ...] = ()
    """Rules of the lint that a person has overruled for these words."""

    @property
    def needs_hook(self) -> bool:
        return not self.plain and any("{hook}" in text for text in self.wording.values())


class Topic(_Data):
    """One subject of the interview. Its id is permanent: rows and reports refer to it."""

    id: str
    label: Wording
    """How the buyer sees it on the check page ("What started the search")."""
    core: bool = True
    purpose: str
    listen_for: tuple[str, ...]
    wording: Wording
    rephrased: Wording
    weight: int = Field(ge=0, le=10)
    max_probes: int = Field(default=1, ge=0, le=2)
    probes: tuple[ProbeHint, ...] = ()
    told_by: str = ""
    """Name of the word list (`told` in `signals/`) by which an answer to another question tells this one as well.
    Empty: only an answer to its own question does."""
    approved: tuple[str, ...] = ()
    """Rules of the lint that a person has overruled for this topic's words."""

    def probe(self, probe_id: str) -> ProbeHint:
        """Raises KeyError for an id that the topic does not have."""
        for probe in self.probes:
            if probe.id == probe_id:
                return probe
        raise KeyError(probe_id)


class Budget(_Data):
    """The clock's limits, in seconds of active time (domain.md, rule 7)."""

    soft_s: int = 150
    hard_s: int = 210
    probes: int = Field(default=5, ge=0)
    """Probes in the whole interview."""


LIMITS = {"soft_s": (60, 600), "hard_s": (60, 900), "probes": (0, 10)}
"""What a flow file may set. Not a matter of the type: what an interview once ran with can always be read."""


class Invite(_Data):
    """Words on the landing page; `{product}` and `{vendor}` are filled in."""

    headline: Wording
    lead: Wording


class Flow(_Data):
    """One plan. An interview keeps the version that it ran with."""

    id: str
    version: int = Field(ge=1)
    name: str
    outcome: str
    """What is known beforehand, told to the model ("chose another vendor")."""
    invite: Invite
    budget: Budget = Budget()
    topics: tuple[Topic, ...]
    """Core topics in order, then the closing ones (`core = false`)."""

    @property
    def core(self) -> tuple[Topic, ...]:
        return tuple(topic for topic in self.topics if topic.core)

    def topic(self, topic_id: str) -> Topic:
        """Raises KeyError for an id that the flow does not have."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)
