"""The step that traces how it went: what started the search, where it stood still, and how the buyer sounds.

Events are those of `events.toml`; whether one fits is for the team to say (the setting `target_triggers`). A tone is
told with the words that show it, and with the answer in which it turned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interviewer.analysis import classifier, grounds, lists
from interviewer.analysis.case import Case, Outcome, Result
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.hearing import Clause, Hearing
from interviewer.analysis.phrasing import quoted
from interviewer.bodies import Fit, Mood, Stalled, Tone, Trigger
from interviewer.evidence import Claim, Span, StatementKind
from interviewer.flows.tokens import count

EVENTS: Mapping[str, str] = lists.table("events", "meanings")
"""Ids of events that start a search, with what they mean."""
_STARTS = {"trigger": 2, "alternatives": 1}
"""Topics on which the start is told."""
_WEIGHS = ("angry", "frustrated", "disappointed", "pleased")
_BLAME = ("disappointed", "frustrated", "angry")
_SHORT = 4
"""Words of an answer that says as little as it can."""
_EVASIVE = 3
_SEVERAL = 2
"""Words that show a mood, from which it is one."""
_HARSH = 2.0
"""How far what is said against the vendor outweighs the rest, where one angry word is enough."""
_CURT = 0.35
"""Part of the answers that are short, from which they are kept so on purpose."""
_SHOUTED = 4
"""Letters of a word in capitals that is no abbreviation."""
_MOODS = {
    Mood.CALM: "They tell it calmly",
    Mood.PLEASED: "They sound pleased",
    Mood.DISAPPOINTED: "They sound disappointed",
    Mood.FRUSTRATED: "They sound frustrated",
    Mood.ANGRY: "They sound angry",
    Mood.MIXED: "They sound of two minds",
    Mood.EVASIVE: "They keep their answers back",
}


def by_rules(case: Case) -> Result:
    hearing = Hearing(case)
    found = (_trigger(hearing), _stalled(hearing), _tone(hearing))
    return Result(claims=tuple(claim for claim in found if claim))


def fit(case: Case, event: str) -> Fit:
    """Whether an event is one that the team aims at; unknown where it does not say, or the event is none of ours."""
    if not event or not case.target_triggers:
        return Fit.UNKNOWN
    return Fit.YES if event in case.target_triggers else Fit.NO


def text_of(body: Trigger | Stalled | Tone) -> str:
    """What it says, as a sentence."""
    match body:
        case Trigger(event=event):
            return f"What started it: {EVENTS.get(event, 'something of their own')}."
        case Stalled(at=at):
            return f"It stood still at: {at}."
        case Tone(mood=mood, turned_at=turned_at):
            turned = ", and it turned on the way" if turned_at else ""
            return f"{_MOODS[mood]}{turned}."


def _trigger(hearing: Hearing) -> Claim | None:
    """The event that the start is told with, of several the one with the most words for it."""
    told = [clause for clause in hearing.clauses if clause.turn.topic in _STARTS]
    first = [clause for clause in told if clause.turn.topic == "trigger"]
    events = [(event, clause) for clause in first or told if (event := _event(hearing, clause))]
    if events:
        event = events[0][0]
        body = Trigger(event, fit(hearing.case, event))
        spans = grounds.of(hearing, [clause.span for name, clause in events if name == event])
        return Claim(StatementKind.TRIGGER, text_of(body), spans, "rules", body)
    if not first:
        return None
    best = max(first, key=lambda clause: hearing.content(clause.text))
    text = f"What started it: {quoted(best.text)}"
    spans = grounds.of(hearing, [best.span])
    return Claim(StatementKind.TRIGGER, text, spans, "rules", Trigger("", Fit.UNKNOWN)) if spans else None


def _event(hearing: Hearing, clause: Clause) -> str:
    heard = lists.labelled("events", hearing.words.language, "events")
    hits = {event: len(pattern.findall(clause.text)) for event, pattern in heard}
    return max(hits, key=lambda event: hits[event], default="") if any(hits.values()) else ""


def _stalled(hearing: Hearing) -> Claim | None:
    """Where it stood still: the place named with the words for that, or just before them."""
    still = lists.pattern("story", hearing.words.language, "still")
    for place, clause in enumerate(hearing.clauses):
        if clause.topic in {"trigger", "alternatives", "peer"}:
            continue
        if not (still.search(clause.text) or hearing.words.hears(Theme.STALLED_AT, clause.text)):
            continue
        before = [other for other in hearing.clauses[max(0, place - 2) : place] if other.turn == clause.turn]
        at = next((name for part in (clause, *reversed(before)) if (name := _place(hearing, part))), "")
        if at:
            body = Stalled(at)
            spans = grounds.of(hearing, [clause.span])
            return Claim(StatementKind.STALLED, text_of(body), spans, "rules", body)
    return None


def _place(hearing: Hearing, clause: Clause) -> str:
    """The name for where a clause says that it was, the first one said."""
    places = lists.labelled("story", hearing.words.language, "places")
    found = [(match.start(), name) for name, pattern in places if (match := pattern.search(clause.text))]
    return min(found, default=(0, ""))[1]


@dataclass(frozen=True)
class Heard:
    """The words that show a mood."""

    mood: str
    span: Span
    topic: str


def _tone(hearing: Hearing) -> Claim | None:
    """How they sound, with the words that show it; nothing where none do."""
    heard = tuple(_moods(hearing))
    mood = _mood(hearing, heard)
    shown = [one.span for one in heard if one.mood in _shows(mood)]
    if mood is Mood.CALM or not (shown or _is_judged(hearing, mood)):
        return None
    if not shown:
        shown = [clause.span for clause in _towards_us(hearing) if any(hearing.tone(clause))][:1]
    body = Tone(mood, _turned(hearing) if mood in {Mood.ANGRY, Mood.FRUSTRATED, Mood.DISAPPOINTED, Mood.MIXED} else 0)
    spans = grounds.of(hearing, shown)
    return Claim(StatementKind.TONE, text_of(body), spans, "rules", body) if spans else None


def _is_judged(hearing: Hearing, mood: Mood) -> bool:
    """Whether praise and blame tell a mood that no word for one shows."""
    good, bad = (sum(hearing.tone(clause)[side] for clause in _towards_us(hearing)) for side in (0, 1))
    match mood:
        case Mood.MIXED:
            up, down = _leaning(hearing)
            return bool(good and (bad or down > up))
        case Mood.PLEASED:
            return good > bad
        case _:
            return "!" in hearing.case.said


def _shows(mood: Mood) -> tuple[str, ...]:
    if mood is Mood.MIXED:
        return _WEIGHS
    return _BLAME if mood in {Mood.FRUSTRATED, Mood.DISAPPOINTED} else (mood.value,)


def _moods(hearing: Hearing) -> Iterator[Heard]:
    """Each word that shows a mood, those shouted among them. An answer that refuses shows one as well."""
    for turn in hearing.case.transcript.answers:
        if turn.topic == "trigger" and hearing.case.flow != "churn":
            continue  # what was bad before is nothing that they hold against anybody here
        for mood, pattern in lists.labelled("story", hearing.words.language, "moods"):
            for match in pattern.finditer(turn.text):
                before = " ".join(turn.text[: match.start()].split()[-2:])
                if not hearing.words.negations.search(before):
                    yield Heard(mood, Span(turn.number, *match.span()), turn.topic)
        for start, end in _shouted(turn.text):
            yield Heard("angry", Span(turn.number, start, end), turn.topic)


def _shouted(text: str) -> Iterator[tuple[int, int]]:
    """Words in capitals among others that are not."""
    found = [(at, word) for at, word in _words(text) if len(word) > _SHOUTED and word.isupper() and word.isalpha()]
    if any(character.islower() for character in text):
        yield from ((at, at + len(word)) for at, word in found)


def _words(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in text.split():
        at = text.index(word, at)
        bare = word.strip(".,;:!?\"'“”()")
        yield at + word.index(bare) if bare else at, bare
        at += len(word)


def _mood(hearing: Hearing, heard: Sequence[Heard]) -> Mood:
    """The mood with the most words; calm, which is not told, where there are few."""
    case = hearing.case
    times = {mood: float(sum(one.mood == mood for one in heard)) for mood in (*_WEIGHS, "evasive")}
    answers = case.transcript.answers
    curt = sum(count(turn.text) <= _SHORT for turn in answers) / max(len(answers), 1)
    if times["evasive"] >= _EVASIVE or (times["evasive"] >= 2 and curt >= _CURT):
        return Mood.EVASIVE
    return _of_won(hearing, times) if case.outcome is Outcome.WON else _of_lost(hearing, times)


def _of_won(hearing: Hearing, times: Mapping[str, float]) -> Mood:
    """Somebody who bought is pleased where they say so. Of what they work with they tell the good and the bad."""
    good, bad = (sum(hearing.tone(clause)[side] for clause in _towards_us(hearing)) for side in (0, 1))
    blame = times["angry"] + times["frustrated"] + times["disappointed"]
    if blame >= _SEVERAL:
        return Mood.MIXED if good or times["pleased"] else Mood.FRUSTRATED
    if hearing.case.flow == "midpoint":
        return Mood.PLEASED if times["pleased"] >= _SEVERAL and not bad + blame else Mood.MIXED
    if bad > good and times["frustrated"]:
        return Mood.MIXED
    up, down = _leaning(hearing)
    pleased = times["pleased"] >= _SEVERAL or (times["pleased"] and good >= bad) or up > down
    return Mood.PLEASED if pleased else Mood.CALM


def _of_lost(hearing: Hearing, times: Mapping[str, float]) -> Mood:
    """A loss that is told matter-of-factly is told calmly. Who still speaks warmly is disappointed, not angry."""
    up, down = _leaning(hearing)
    if times["angry"] >= _SEVERAL or (times["angry"] and down >= _HARSH * up):
        return Mood.ANGRY
    friction = sum(Theme.PROCESS_FRICTION in hearing.themes(clause) for clause in hearing.clauses)
    chased = times["frustrated"] + times["angry"]
    if chased >= _SEVERAL or (chased and friction >= _SEVERAL):
        return Mood.DISAPPOINTED if times["pleased"] >= _SEVERAL else Mood.FRUSTRATED
    if times["disappointed"] or hearing.case.said.count("!") >= _SEVERAL:
        return Mood.DISAPPOINTED
    return Mood.MIXED if times["pleased"] and times["frustrated"] else Mood.CALM


def _towards_us(hearing: Hearing) -> list[Clause]:
    return [clause for clause in hearing.clauses if clause.topic != "trigger" or hearing.case.flow == "churn"]


def _leaning(hearing: Hearing) -> tuple[float, float]:
    """How far all clauses together speak for the vendor, and against it; nothing in languages that are not learnt."""
    heard = [classifier.polarity(clause.text, hearing.words.language) for clause in _towards_us(hearing)]
    return (
        sum(one.get(Polarity.POSITIVE, 0.0) for one in heard),
        sum(one.get(Polarity.NEGATIVE, 0.0) for one in heard),
    )


def _turned(hearing: Hearing) -> int:
    """The first answer with more blame than praise, after one that had not; 0 where it was so from the start."""
    before = False
    for turn in hearing.case.telling:
        if turn.topic == "trigger" and hearing.case.flow != "churn":
            continue
        tones = [hearing.tone(clause) for clause in hearing.clauses if clause.turn == turn]
        good, bad = sum(tone[0] for tone in tones), sum(tone[1] for tone in tones)
        if bad > good and before:
            return turn.number
        before = before or good >= bad
    return 0
