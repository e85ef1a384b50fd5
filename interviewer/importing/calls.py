"""A call that a person held, brought in at the desk: its facts and words first, then who its speakers are.

Nothing is kept between the two pages: the second carries what was filled in on the first.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from textwrap import wrap

from interviewer import invitees
from interviewer.confidentiality import AUDIENCES, Act, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.errors import BadInput
from interviewer.flows.tokens import count
from interviewer.importing import agreed, callnotes, files, imports, keeping, sheets
from interviewer.importing.callnotes import Talk
from interviewer.importing.imports import State
from interviewer.importing.keeping import HUMAN, Held
from interviewer.importing.turns import course
from interviewer.interchange import MAX_TEXT, MAX_TURNS, Buyer, Deal, Interview, Reading, Turn
from interviewer.records.forms import CallSheet, Carried, Choice, Said, SpeakerFound
from interviewer.store import deals
from interviewer.transcript import Act as TurnAct
from interviewer.transcript import Speaker

Given = Mapping[str, str]
Booked = Callable[[Deps, Viewer, Interview], Awaitable[str | None]]
"""Keeps a call that was booked here: the invitation's id, or None where it is none of those."""

_PREVIEWED, _LONGEST_LINE = 12, 160
_EMPTY = "has no words in it: choose a file, or paste what was said"
_TEAMS = {"product": "Product", "leadership": "Leadership", "revops": "Revenue operations", "sales": "Sales"}


class As(StrEnum):
    """How the words are taken, where it is not to be seen from them."""

    TRANSCRIPT = "transcript"
    NOTES = "notes"


class Part(StrEnum):
    """Whose words a speaker's are."""

    BUYER = "buyer"
    INTERVIEWER = "interviewer"
    NOBODY = "nobody"


async def blank(deps: Deps, viewer: Viewer) -> Seen[CallSheet]:
    """The empty form."""
    viewer.require(Act.IMPORT)
    values = {"conducted_by": viewer.name, "flow": "loss", "language": "en", "held_on": deps.now().date().isoformat()}
    return see(viewer, await _sheet(deps, values, {}))


async def read(deps: Deps, viewer: Viewer, given: Given, upload: bytes) -> Seen[CallSheet]:
    """The speakers in what was uploaded or pasted, to be assigned; the first page again where something is wrong."""
    viewer.require(Act.IMPORT)
    try:
        text = await asyncio.to_thread(files.text_of, upload) if upload else files.cleaned(given.get("text", ""))
    except BadInput as error:
        return see(viewer, await _sheet(deps, given, _problems(deps, given), words=error.problems[0].what))
    given = {**given, "text": text}
    talk = await asyncio.to_thread(_talk, given)
    wrong = _problems(deps, given)
    words = _nobody_speaks(given, talk) if talk.utterances else _EMPTY
    if wrong or words:
        return see(viewer, await _sheet(deps, given, wrong, words=words))
    return see(viewer, await _sheet(deps, given, wrong, talk=talk, unchecked=await _unchecked(deps, given, talk)))


async def _unchecked(deps: Deps, given: Given, talk: Talk) -> str:
    """What is to be said of a transcript without its buyer's address before it is kept, as nothing else tells whose
    call it was."""
    if not talk.speakers or given.get("email", "").strip():
        return ""
    words = talk.utterances[0].text[:MAX_TEXT]
    interview = _interview(deps, given, (Turn(speaker=Speaker.BUYER, text=words),))
    held = Held(interview, "", keeping.source(interview), course(interview, deps.now()))
    async with deps.db.read() as tx:
        checked = await agreed.check(tx, [held], deps.now())
    return checked.refused.get(held.source) or checked.unchecked.get(held.source, "")


async def keep(deps: Deps, viewer: Viewer, given: Given, *, booked: Booked | None = None) -> str | Seen[CallSheet]:
    """Keep the call and have it analysed. Gives the invitation's id, or the page again with what is wrong.

    `booked` is asked first, and keeps it where the call was booked here.
    """
    viewer.require(Act.IMPORT)
    wrong = _problems(deps, given)
    try:
        given = {**given, "text": files.cleaned(given.get("text", ""))}
    except BadInput as error:
        return see(viewer, await _sheet(deps, given, wrong, words=error.problems[0].what))
    talk = await asyncio.to_thread(_talk, given)
    words = _nobody_speaks(given, talk) if talk.utterances else _EMPTY
    if wrong or words:
        return see(viewer, await _sheet(deps, given, wrong, words=words))
    turns = _turns(talk, given, _began(deps, given))
    if not any(turn.speaker is Speaker.BUYER for turn in turns):
        why = "Say which of them is the buyer: an interview without a word of the buyer's tells nothing."
        return see(viewer, await _sheet(deps, given, wrong, words=why, talk=talk))
    if len(turns) > MAX_TURNS:
        why = f"This comes to {len(turns):,} turns; the limit is {MAX_TURNS:,}. Bring it in in parts."
        return see(viewer, await _sheet(deps, given, wrong, words=why, talk=talk))
    held = _interview(deps, given, turns)
    try:
        if booked and (invitation_id := await booked(deps, viewer, held)):
            return invitation_id
        (taken,) = await imports.take(deps, Reading((held,), ("",)), by=viewer.user_id, days_only=True)
    except BadInput as error:
        return see(viewer, await _sheet(deps, given, wrong, words=str(error), talk=talk))
    if taken.state is State.LEFT_OUT:
        return see(viewer, await _sheet(deps, given, wrong, words=f"This call {taken.why}.", talk=talk))
    return taken.invitation_id


def _talk(given: Given) -> Talk:
    text = given["text"]
    if given.get("reading") == As.NOTES:
        return callnotes.notes(text)
    return callnotes.parse(text, speech=given.get("reading") == As.TRANSCRIPT)


def _nobody_speaks(given: Given, talk: Talk) -> str:
    """Why a text that should be a transcript is none, with what was seen in its place; else nothing."""
    if given.get("reading") != As.TRANSCRIPT or talk.speakers or not talk.utterances:
        return ""
    seen = _short(next(line for line in given["text"].splitlines() if line.strip()).strip())
    return (
        f"names no speakers that could be told: it begins “{seen}”. Put a name before what each says (“Jo: …”, or "
        "“Jo  0:12” on a line above it), or say that these are notes"
    )


def _problems(deps: Deps, given: Given) -> dict[str, str]:
    """What is wrong with the facts, by blank."""
    found = sheets.problems(given, deps.flows.ids)
    if not given.get("consent", "").strip():
        found["consent"] = "is missing: a call is kept only with the yes of everybody who was on it"
    elif len(given["consent"]) > invitees.MAX_PROSE:
        found["consent"] = f"is longer than {invitees.MAX_PROSE:,} characters"
    if not given.get("conducted_by", "").strip():
        found["conducted_by"] = "is missing"
    elif len(given["conducted_by"]) > invitees.MAX_CELL:
        found["conducted_by"] = f"is longer than {invitees.MAX_CELL} characters"
    if not given.get("flow"):
        found["flow"] = "is missing"
    held = _day(given)
    if held is None:
        found["held_on"] = "is not a day; write it as 2026-11-03"
    elif held > (deps.now() + timedelta(days=1)).date():
        found["held_on"] = "lies in the future"
    return found


def _day(given: Given) -> date | None:
    try:
        return invitees.day(given.get("held_on", ""))
    except ValueError:
        return None


def _began(deps: Deps, given: Given) -> datetime:
    """Noon of the day it was held, UTC: nobody asks for the minute; never in the future."""
    return min(datetime.combine(_day(given) or deps.now().date(), time(12), UTC), deps.now())


def _turns(talk: Talk, given: Given, began: datetime) -> tuple[Turn, ...]:
    """One turn for each time that the buyer's side or the interviewer speaks; of notes, one for each point."""
    names = talk.speakers
    parts = {name: given.get(_field(index), "") for index, name in enumerate(names)}
    turns: list[Turn] = []
    for one in talk.utterances:
        if names and parts[one.speaker] not in set(Speaker):
            continue
        speaker = Speaker(parts[one.speaker]) if names else Speaker.BUYER
        last = turns[-1] if turns and names else None
        if last and last.speaker is speaker and len(last.text) + len(one.text) < MAX_TEXT:
            turns[-1] = last.model_copy(update={"text": f"{last.text}\n{one.text}"})
            continue
        at = began + timedelta(seconds=one.at_s) if one.at_s is not None else None
        kind = "" if names else TurnAct.NOTED.value
        turns += [Turn(speaker=speaker, text=piece, at=at, kind=kind) for piece in wrap(one.text, MAX_TEXT)]
    return tuple(turns)


def _interview(deps: Deps, given: Given, turns: tuple[Turn, ...]) -> Interview:
    said = partial(sheets.typed, given)
    return Interview(
        flow=said("flow"),
        language=said("language") or "en",
        turns=turns,
        mode=HUMAN,
        conducted_by=said("conducted_by"),
        consent=said("consent"),
        started_at=_began(deps, given),
        audiences=tuple(role.value for role in AUDIENCES if given.get(f"to_{role.value}")),
        buyer=Buyer(name=said("name"), email=said("email"), role=said("role"), company=said("company")),
        product=said("product"),
        segment=said("segment"),
        deal=Deal.model_validate(sheets.facts(given)),
        crm_consent=True if given.get("crm_consent") else None,
    )


async def _sheet(
    deps: Deps,
    given: Given,
    wrong: Mapping[str, str],
    *,
    words: str = "",
    talk: Talk | None = None,
    unchecked: str = "",
) -> CallSheet:
    async with deps.db.read() as tx:
        rivals = await deals.rivals(tx)
    groups = sheets.call_groups(
        given,
        wrong,
        flows=[Choice(flow.id, flow.name) for flow in deps.flows],
        audiences=[Choice(role.value, _TEAMS[role.value]) for role in AUDIENCES],
        rivals=rivals,
    )
    said = talk.utterances if talk else ()
    return CallSheet(
        stage="speakers" if talk else "facts",
        groups=groups,
        text=given.get("text", ""),
        reading=given.get("reading", ""),
        problem=words,
        problems=len(wrong) + bool(words),
        speakers=_speakers(talk, given) if talk else (),
        preview=tuple(Said(one.speaker, _short(one.text)) for one in said[:_PREVIEWED]),
        stretches=len(said),
        carried=tuple(Carried(blank.name, blank.value) for group in groups for blank in group.blanks if blank.value),
        unchecked=unchecked,
    )


def _speakers(talk: Talk, given: Given) -> tuple[SpeakerFound, ...]:
    times = Counter(one.speaker for one in talk.utterances)
    guessed = _guessed(talk, given)
    return tuple(
        SpeakerFound(
            name=name,
            field=_field(index),
            times=times[name],
            words=sum(count(one.text) for one in talk.utterances if one.speaker == name),
            part=given.get(_field(index)) or guessed[name],
            first=_short(next(one.text for one in talk.utterances if one.speaker == name)),
        )
        for index, name in enumerate(talk.speakers)
    )


def _guessed(talk: Talk, given: Given) -> dict[str, Part]:
    """Who is who: by the names that were given, else the one who asks most is the interviewer."""
    asked = Counter(one.speaker for one in talk.utterances for _ in range(one.text.count("?")))
    own = [name for name in talk.speakers if _alike(name, given.get("conducted_by", "")) or _alike(name, "interviewer")]
    theirs = {name for name in talk.speakers if _alike(name, given.get("name", "")) or _alike(name, "buyer")}
    most = [name for name, _ in asked.most_common() if name not in theirs][:1]
    host = set(own or (most if len(talk.speakers) > 1 else ()))
    return {name: Part.INTERVIEWER if name in host - theirs else Part.BUYER for name in talk.speakers}


def _alike(name: str, other: str) -> bool:
    """Whether two names share a part: a tool may know the first name only."""
    return bool(set(name.casefold().split()) & set(other.casefold().split()))


def _field(index: int) -> str:
    return f"speaker_{index}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE].rsplit(' ', 1)[0]}…"
