"""What somebody wrote down of a call, read as a talk: who said what, and when, as far as the text says. Pure.

Subtitles (WebVTT, SRT) and the transcripts that call tools hand out are read by their times and names; a text that
names nobody is a list of notes.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from interviewer.analysis.candidates import is_ordinary

MOST_SPEAKERS = 30
_LATE_S = 15 * 60
"""No recording begins with so long a silence."""

_TIME = r"(?:\d{1,2}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,6})?"
_CUE = re.compile(rf"\s*(?P<at>{_TIME})\s*-->\s*{_TIME}")
_NAME = r"[^\W\d_](?:[\w.'’&/()-]|[^\S\n](?=\S)){0,59}?"
_MOMENT = rf"[\[(]?(?P<at>{_TIME})(?:\s?[AaPp][Mm])?[\])]?"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\[(?P<name>{_NAME})\]\s*[-–—|]?\s*{_MOMENT}(?:(?:\s*:|\s)\s*(?P<text>.*))?",  # [Kim] 14:02:11, of Zoom
        rf"{_MOMENT}\s*[-–—|]?\s*(?P<name>{_NAME})\s*:\s*(?P<text>.*)",  # [00:12] Kim: text
        rf"(?P<name>{_NAME})\s*[-–—|]?\s*{_MOMENT}\s*(?::\s*(?P<text>.*))?",  # Kim  0:12, text below or behind
        rf"{_MOMENT}\s*[-–—|]?\s*(?P<name>{_NAME})(?P<text>)",  # 0:12 Kim
    )
)
_LABEL = re.compile(rf"(?P<name>{_NAME})[^\S\n]?:(?!//)\s*(?P<text>.*)")
_NAMED_LINE = re.compile(_NAME)
_TIME_LINE = re.compile(_MOMENT)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,80})?[ \t](?P<name>[^<>]{1,200})>")
_MARKUP = re.compile(r"</?(?:[a-z][^<>]{0,200}|\d[\d:.]*)>", re.IGNORECASE)
_STRESS = re.compile(r"^\s*(\*\*|__)(?P<label>[^*_\n]{1,80}?)\1")
_BULLET = re.compile(r"^\s*(?:[-*•–—·▪‣◦]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_ROLES = frozenset(
    {"interviewer", "host", "moderator", "researcher", "pmm", "q", "me", "speaker"}
    | {"interviewee", "buyer", "guest", "customer", "client", "prospect", "participant", "respondent", "a"}
)
"""Labels that are a speaker's even where they stand but once."""


@dataclass(frozen=True)
class Utterance:
    """One stretch of somebody's words; `speaker` is empty in notes, `at_s` counts from the beginning of the call."""

    speaker: str
    text: str
    at_s: float | None = None


@dataclass(frozen=True)
class Talk:
    utterances: tuple[Utterance, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names in the order in which they begin to speak; none for notes."""
        return tuple(dict.fromkeys(one.speaker for one in self.utterances if one.speaker))


def parse(text: str, *, speech: bool = False) -> Talk:
    """The talk in `text`, whatever form it has; without names it is notes.

    With `speech` it is known to be a transcript: then whoever stands before a colon speaks, be it but once.
    """
    lines = text.split("\n")
    cued = any(_CUE.match(line) for line in lines)
    found = _cues(lines) if cued else _from_zero(_written(lines, speech=speech))
    named = [one for one in found if one.speaker]
    if not named or len({one.speaker for one in named}) > MOST_SPEAKERS:
        return notes(_plain(found) if found and cued else text)
    return Talk(tuple(_joined(found)))


def notes(text: str) -> Talk:
    """Each point a stretch of its own, its bullet taken off; lines that go on under a bullet belong to it."""
    points: list[str] = []
    open_point = False
    for line in text.split("\n"):
        words = _HEADING.sub("", _BULLET.sub("", line)).strip()
        if not words:
            open_point = False
        elif open_point and not _BULLET.match(line):
            points[-1] += f" {words}"
        else:
            points.append(words)
            open_point = _BULLET.match(line) is not None
    return Talk(tuple(Utterance("", point) for point in points))


def _cues(lines: Sequence[str]) -> list[Utterance]:
    """The cues of subtitles; what stands outside of them (numbers, notes, styles) is no speech."""
    cues: list[tuple[float, list[str]]] = []
    inside = False
    for line in lines:
        if cue := _CUE.match(line):
            if inside and cues[-1][1] and cues[-1][1][-1].strip().isdecimal():
                cues[-1][1].pop()  # the number of this cue, where no empty line came before it
            cues.append((_seconds(cue["at"]), []))
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            cues[-1][1].append(line.strip())
    cues = [(at, spoken) for at, spoken in cues if spoken]
    if _names_stand_first(cues):
        return [Utterance(spoken[0].rstrip(":"), _bare(" ".join(spoken[1:])), at) for at, spoken in cues if spoken[1:]]
    found = [one for at, spoken in cues for one in _spoken(" ".join(spoken), at)]
    labels = [_label(one.text) for one in found if not one.speaker]
    known = _labels(labels) or {label[0] for label in labels if label and None not in labels}
    return [one if one.speaker else _labelled(one, known) for one in found]


def _labelled(one: Utterance, known: Collection[str]) -> Utterance:
    label = _label(one.text)
    return replace(one, speaker=label[0], text=label[1]) if label and label[0] in known and label[1] else one


def _names_stand_first(cues: Sequence[tuple[float, list[str]]]) -> bool:
    """Whether each cue's first line is its speaker: few of them, and again and again."""
    first = [spoken[0] for _, spoken in cues if len(spoken) > 1]
    if len(first) < max(2, 0.8 * len(cues)) or any(_VOICE.search(line) or ":" in line[:-1] for line in first):
        return False
    return len(set(first)) <= max(2, len(first) // 3) and all(_NAMED_LINE.fullmatch(line.rstrip(":")) for line in first)


def _spoken(payload: str, at: float) -> Iterator[Utterance]:
    """The stretches of one cue: by voice, or nobody's."""
    voices = list(_VOICE.finditer(payload))
    ends = [*(voice.start() for voice in voices[1:]), len(payload)]
    for voice, end in zip(voices, ends, strict=False):
        if words := _bare(payload[voice.end() : end]):
            yield Utterance(_bare(voice["name"]), words, at)
    if not voices and (words := _bare(payload)):
        yield Utterance("", words, at)


def _written(lines: Sequence[str], *, speech: bool) -> list[Utterance]:
    """A transcript as text: by lines that give a name and a time, else by names before a colon. Empty: neither."""
    lines = list(_paired([_STRESS.sub(lambda stress: stress["label"], line).strip() for line in lines]))
    heads = [_head(line) for line in lines]
    known = {head[0] for head in heads if head}
    if sum(head is not None for head in heads) < 2:
        spoken = [line for line in lines if line and not _TIME_LINE.fullmatch(line)]
        labels = [_label(line) for line in spoken]
        named = {label[0] for label in labels if label} if speech or _by_turns(labels) else _labels(labels)
        if named or not speech:
            lines, heads, known = spoken, labels, named
    found: list[Utterance] = []
    for line, head in zip(lines, heads, strict=True):
        if head and head[0] in known:
            found.append(Utterance(*head))
        elif line and found:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {line}".strip())
    return [one for one in found if one.text]


def _paired(lines: Sequence[str]) -> Iterator[str]:
    """A name on a line of its own with the time below it, as one line."""
    left = iter(enumerate(lines))
    for index, line in left:
        below = lines[index + 1] if index + 1 < len(lines) else ""
        if _TIME_LINE.fullmatch(below) and _NAMED_LINE.fullmatch(line) and len(line.split()) <= 6:
            next(left)
            yield f"{line}  {below}"
        else:
            yield line


def _head(line: str) -> tuple[str, str, float | None] | None:
    """Name, words and time of a line that says who speaks when."""
    for head in _HEADS:
        if (match := head.fullmatch(line)) and len(match["name"].split()) <= 6:
            return match["name"].strip(), match["text"] or "", _seconds(match["at"])
    return None


def _label(line: str) -> tuple[str, str, float | None] | None:
    match = _LABEL.fullmatch(line)
    if match is None or len(match["name"].split()) > 5 or _BULLET.match(line):
        return None
    return match["name"].strip(), match["text"], None


def _labels(heads: Iterable[tuple[str, str, float | None] | None]) -> set[str]:
    """Which labels are speakers: those that come again, or say what part they play. Headings of notes are neither."""
    times = Counter(head[0] for head in heads if head)
    parts = {name for name in times if re.sub(r"[\W\d_]+", " ", name).strip().casefold() in _ROLES}
    again = {name for name, number in times.items() if number > 1}
    if not parts and len(again) < 2:
        return set()
    if len(parts | again) > 1:
        return parts | again
    return parts | again | {name for name in times if name[0].isupper() and len(name.split()) <= 3}


def _by_turns(labels: Sequence[tuple[str, str, float | None] | None]) -> bool:
    """Whether people speak one after another, be it once each: most lines are labelled, and no label is a word of the
    language, as headings of notes are."""
    said = [label for label in labels if label]
    names = {name for name, _, _ in said}
    return len(names) > 1 and 2 * len(said) > len(labels) and not any(map(_is_heading, names))


def _is_heading(name: str) -> bool:
    return name.islower() or is_ordinary(name)


def _joined(found: Iterable[Utterance]) -> list[Utterance]:
    """Neighbouring stretches of one speaker as one; nobody's words belong to who spoke before."""
    joined: list[Utterance] = []
    for one in found:
        if joined and one.speaker in ("", joined[-1].speaker):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {one.text}")
        elif one.speaker:
            joined.append(one)
    return joined


def _from_zero(found: Sequence[Utterance]) -> list[Utterance]:
    """Times counted from the first one where they are times of day, as some tools give them."""
    first = next((one.at_s for one in found if one.at_s is not None), 0.0)
    if first < _LATE_S:
        return list(found)
    return [replace(one, at_s=max(0.0, one.at_s - first)) if one.at_s is not None else one for one in found]


def _plain(found: Iterable[Utterance]) -> str:
    """Subtitles that name nobody, as notes: a line for each sentence."""
    return re.sub(r"(?<=[.!?])\s+", "\n", " ".join(one.text for one in found))


def _bare(text: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub("", text)).split())


def _seconds(at: str) -> float:
    total = 0.0
    for part in at.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
