"""Flow files read and checked: what is wrong is said by file and key, and nothing half-right is ever asked."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from interviewer.errors import BadInput, NotFound, Problem
from interviewer.flows import lint, wordings, words
from interviewer.flows.model import LIMITS, Flow, ProbeHint, Topic, Wording

CORE = ("trigger", "alternatives", "almost", "decision", "peer")
"""The buyer's order of memory (domain.md, "The framework")."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACE = re.compile(r"topics\[(?P<topic>\d+)\](?:\.probes\[(?P<probe>\d+)\])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SLOT = re.compile(r"\{([^{}]*)\}")
_QUOTING = re.compile(r"^[^.!?]*\{words\}[^.!?]*[.!]\s*")
_NAMES = frozenset({"product", "vendor"})
_HOOKS = frozenset({"hook"})


class Catalogue:
    """The flows that can be run, by id."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._flows = {flow.id: flow for flow in flows}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._flows)

    def get(self, flow_id: str) -> Flow:
        """Raises NotFound for an id that no file gave."""
        try:
            return self._flows[flow_id]
        except KeyError:
            raise NotFound(f"no flow {flow_id!r}") from None

    def __iter__(self) -> Iterator[Flow]:
        return iter(self._flows.values())


def load(texts: Mapping[str, str]) -> Catalogue:
    """A catalogue from the text of each file. Raises BadInput with every problem of every file."""
    flows: list[Flow] = []
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for file, source in texts.items():
        try:
            flow = parse(source, file)
        except BadInput as error:
            problems += error.problems
            continue
        if flow.id in files:
            problems.append(Problem(f"{file}: id", f"{flow.id!r} is taken by {files[flow.id]}"))
        files[flow.id] = file
        flows.append(flow)
    if problems:
        raise BadInput(problems)
    return Catalogue(flows)


def parse(source: str, file: str) -> Flow:
    """One flow file. Raises BadInput; each problem names the file, the key and what it belongs to ("loss.toml:
    topics[2].weight (topic `almost`)")."""
    try:
        body = wordings.translated(_with_quotes(tomllib.loads(source)))
    except tomllib.TOMLDecodeError as error:
        raise BadInput([Problem(file, f"is not valid TOML: {error}")]) from error
    problems: list[Problem] = []
    flow = None
    try:
        flow = Flow.model_validate(body)
    except ValidationError as error:
        problems += [Problem(_key(detail["loc"]), _plain(detail)) for detail in error.errors()]
    problems += _check(flow) if flow else _check_what_reads(body)
    if problems or flow is None:
        named = ((f"{file}: {problem.where}{_called(problem.where, body)}", problem.what) for problem in problems)
        raise BadInput([Problem(where, what) for where, what in named])
    return flow


def digest(flow: Flow) -> str:
    """Identifies exactly this version of the flow; the same content gives the same digest."""
    body = json.dumps(flow.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()[:24]


def from_body(body: dict[str, Any]) -> Flow:
    """The flow of an earlier `model_dump(mode="json")`: an interview keeps the version that it ran with."""
    return Flow.model_validate(_with_quotes(body))


def _with_quotes(body: dict[str, Any]) -> dict[str, Any]:
    """The body with "You wrote {words}. …" of earlier flows told by `quotes`, which has taken its place."""
    topics = body.get("topics")
    if not isinstance(topics, list) or not all(isinstance(topic, dict) for topic in topics):
        return body
    return {**body, "topics": [{**topic, **_probes_with_quotes(topic)} for topic in topics]}


def _probes_with_quotes(topic: dict[str, Any]) -> dict[str, Any]:
    probes = topic.get("probes")
    if not isinstance(probes, list):
        return {}
    return {"probes": [_probe_with_quotes(probe) if isinstance(probe, dict) else probe for probe in probes]}


def _probe_with_quotes(probe: dict[str, Any]) -> dict[str, Any]:
    wording = probe.get("wording")
    if not isinstance(wording, dict) or not any("{words}" in str(text) for text in wording.values()):
        return probe
    rest = {language: _QUOTING.sub("", str(text)) for language, text in wording.items()}
    return {**probe, "wording": rest, "plain": {}, "quotes": True}


def _key(place: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _called(key: str, body: Mapping[str, Any]) -> str:
    """The topic and the probe that a key is of, by their ids: nobody counts to `topics[4]`."""
    place = _PLACE.match(key)
    if place is None:
        return ""
    found: Any = body
    named = []
    for kind, name in (("topic", "topics"), ("probe", "probes")):
        if place[kind] is None:
            break
        found = found[name][int(place[kind])]
        if isinstance(found, dict) and found.get("id"):
            named.append(f"{kind} `{found['id']}`")
    return f" ({', '.join(named)})" if named else ""


def _plain(detail: Any) -> str:
    """What a checker of types found, in plain words."""
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a key that flows have"
        case "greater_than_equal":
            return f"is {detail['input']}; it must be at least {detail['ctx']['ge']}"
        case "less_than_equal":
            return f"is {detail['input']}; it may be at most {detail['ctx']['le']}"
        case _:
            return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _check_what_reads(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Checks of those topics that are well-formed, so that a broken one does not hide the rest."""
    topics = body.get("topics")
    for position, raw in enumerate(topics if isinstance(topics, list) else []):
        try:
            topic = Topic.model_validate(raw)
        except ValidationError:
            continue
        yield from _check_topic(f"topics[{position}]", topic)


def _check(flow: Flow) -> Iterator[Problem]:
    if not _ID.fullmatch(flow.id):
        yield Problem("id", f"{flow.id!r} must be small letters, digits and underscores, a letter first")
    for name, (least, most) in LIMITS.items():
        if not least <= (value := getattr(flow.budget, name)) <= most:
            yield Problem(f"budget.{name}", f"is {value}; it must be between {least} and {most}")
    if flow.budget.soft_s > flow.budget.hard_s:
        yield Problem("budget", "soft_s is later than hard_s")
    for name, wording in (("headline", flow.invite.headline), ("lead", flow.invite.lead)):
        yield from _check_wording(f"invite.{name}", wording, slots=_NAMES)
    if tuple(topic.id for topic in flow.core) != CORE:
        yield Problem("topics", f"the core topics must be {', '.join(CORE)}, in this order")
    if any(late.core and not early.core for early, late in zip(flow.topics, flow.topics[1:], strict=False)):
        yield Problem("topics", "closing topics (core = false) come last")
    for topic_id, times in Counter(topic.id for topic in flow.topics).items():
        if times > 1:
            yield Problem("topics", f"{topic_id!r} is used {times} times")
    for position, topic in enumerate(flow.topics):
        yield from _check_topic(f"topics[{position}]", topic)


def _check_topic(where: str, topic: Topic) -> Iterator[Problem]:
    if not _ID.fullmatch(topic.id):
        yield Problem(f"{where}.id", f"{topic.id!r} must be small letters, digits and underscores, a letter first")
    if topic.core and not topic.weight:
        yield Problem(f"{where}.weight", "a core topic weighs at least 1")
    if topic.core and not topic.listen_for:
        yield Problem(f"{where}.listen_for", "is empty")
    if topic.max_probes and topic.core and not topic.probes:
        yield Problem(f"{where}.probes", "max_probes allows a probe and there is none")
    if topic.told_by and topic.told_by not in words.told():
        yield Problem(f"{where}.told_by", f"{topic.told_by!r} is not one of {', '.join(sorted(words.told()))}")
    yield from _check_wording(f"{where}.label", topic.label)
    yield from _check_question(f"{where}.wording", topic.wording, topic.approved)
    yield from _check_question(f"{where}.rephrased", topic.rephrased, topic.approved)
    yield from _check_rules(f"{where}.approved", topic.approved)
    for hint_id, times in Counter(probe.id for probe in topic.probes).items():
        if times > 1:
            yield Problem(f"{where}.probes", f"{hint_id!r} is used {times} times")
    for position, probe in enumerate(topic.probes):
        yield from _check_probe(f"{where}.probes[{position}]", probe)


def _check_probe(where: str, probe: ProbeHint) -> Iterator[Problem]:
    if not _ID.fullmatch(probe.id):
        yield Problem(f"{where}.id", f"{probe.id!r} must be small letters, digits and underscores, a letter first")
    if not probe.fits:
        yield Problem(f"{where}.fits", "is empty: the probe would never be asked")
    for signal in probe.fits:
        if signal not in words.signals():
            known = ", ".join(sorted(words.signals()))
            yield Problem(f"{where}.fits", f"{signal!r} is not a signal; known are {known}")
    yield from _check_question(f"{where}.wording", probe.wording, probe.approved, slots=_NAMES | _HOOKS)
    if probe.plain:
        yield from _check_question(f"{where}.plain", probe.plain, probe.approved)
    if len({not _HOOKS.isdisjoint(_SLOT.findall(text)) for text in probe.wording.values()}) > 1:
        yield Problem(f"{where}.wording", "picks up the buyer's words in one language and not in another")
    yield from _check_rules(f"{where}.approved", probe.approved)


def _check_rules(where: str, approved: Iterable[str]) -> Iterator[Problem]:
    for name in approved:
        if name not in lint.RULES:
            yield Problem(where, f"{name!r} is not a rule of the lint; known are {', '.join(sorted(lint.RULES))}")


def _check_question(
    where: str, wording: Wording, approved: Iterable[str], slots: frozenset[str] = _NAMES
) -> Iterator[Problem]:
    yield from _check_wording(where, wording, slots)
    for language, text in wording.items():
        for rule in lint.check_wording(_SLOT.sub("“Words”", text), language):
            if rule not in approved:
                yield Problem(f"{where}.{language}", f"breaks the rule {rule!r} ({lint.RULES[rule]})")


def _check_wording(where: str, wording: Wording, slots: frozenset[str] = frozenset()) -> Iterator[Problem]:
    if not wording.get("en", "").strip():
        yield Problem(where, "English is missing")
    for language, text in wording.items():
        if not _LANGUAGE.fullmatch(language):
            yield Problem(f"{where}.{language}", "is not a language code")
        if not text.strip() and language != "en":
            yield Problem(f"{where}.{language}", "is empty")
        for slot in _SLOT.findall(text):
            if slot not in slots:
                known = ", ".join(f"{{{name}}}" for name in sorted(slots)) or "none"
                yield Problem(f"{where}.{language}", f"{{{slot}}} is not filled in here; known are {known}")
