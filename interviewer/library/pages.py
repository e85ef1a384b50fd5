"""One look into the library: what fits, by kind, and what it can be narrowed to (issue of search; ux.md desk 7-8).

Looking is audited like reading transcripts. What was found, who may see it and how it is shown are three things:
the store finds, `confidentiality.see` decides, the page shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from interviewer import searching
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.library import facets, questions, spelling
from interviewer.library.sifting import Check, Sifted, sift
from interviewer.library.wanted import ANYBODY, OUTCOMES, Wanted
from interviewer.marking import pieces
from interviewer.records import library as shown
from interviewer.searching import Query
from interviewer.store import audit, passages
from interviewer.store import library as shelves
from interviewer.store.db import Tx
from interviewer.store.library import Facts, Hit, Numbers, Tagged
from interviewer.store.search import ABOUT, KINDS, QUOTE

GROUP, PAGE = 5, 20
"""Hits of each kind at first, and of one kind on its own page."""
ANSWERED_BY = 10
"""Quotes that answer a question."""
EVERYWHERE = 5000
"""Hits above which words rank nothing any more: the latest come first."""
LABELS = {"quote": "Quotes", "statement": "Findings", "answer": "Transcripts", "about": "Interviews"}


@dataclass(frozen=True)
class Found:
    """What a search comes to, before it is made into a page."""

    wanted: Wanted
    query: Query
    tagged: Tagged
    everything: Sequence[Facts]
    sifted: Sifted
    words: Mapping[str, Numbers]
    """How much of each kind holds the words and rests on the tags, by interview."""

    @property
    def ids(self) -> list[str] | None:
        """Interviews that pass; None where the words and tags alone decide, which the store looks at by itself."""
        others = set(self.wanted.filters) - {"theme", "subject", "polarity"}
        return [one.id for one in self.sifted.passed] if others else None

    @cached_property
    def _numbers(self) -> Numbers:
        held = (self.words[one.id] for one in self.sifted.passed if one.id in self.words)
        return tuple(sum(numbers) for numbers in zip(*held, strict=True)) or (0,) * len(KINDS)

    def number(self, kind: str) -> int:
        """How much of a kind there is in all that passed."""
        return self._numbers[KINDS.index(kind)]

    def of(self, one: Facts, kind: str) -> int:
        """How much of a kind one interview has."""
        return self.words[one.id][KINDS.index(kind)] if one.id in self.words else 0


async def page(deps: Deps, viewer: Viewer, wanted: Wanted) -> Seen[shown.Page]:
    """What a search finds; a question in plain words is read as one. A page past the end is the last one."""
    viewer.require(Field.TRANSCRIPT)
    async with deps.db.read() as tx:
        every = await shelves.facts(tx)
        read = await understood(deps, tx, wanted, every)
        found = await find(tx, read.wanted, read.query, every)
        record = await _page(deps, tx, found, read)
        if not any(group.number for group in record.groups):
            record = await _with_meant(deps, tx, record, wanted, every)
    async with deps.db.write() as tx:
        audit.add(tx, viewer.user_id, "searched library", "library", deps.now())
    return see(viewer, record)


async def _with_meant(deps: Deps, tx: Tx, record: shown.Page, wanted: Wanted, every: Sequence[Facts]) -> shown.Page:
    """With the words that may have been meant, where they find something."""
    typed = record.asked or wanted.q
    ours = questions.spoken()
    said = spelling.meant(typed, await shelves.vocabulary(tx) | ours, ours) if typed else ""
    plain = replace(wanted if wanted.q == typed else Wanted(), q=said, page=1)
    for other in (plain, replace(plain, words="loose")) if said else ():
        read = await understood(deps, tx, other, every)
        if (await find(tx, read.wanted, read.query, every)).sifted.passed:
            return replace(record, meant=said, meant_query=other.query)
    return record


async def understood(deps: Deps, tx: Tx, wanted: Wanted, every: Sequence[Facts]) -> questions.Read:
    """What the words ask for: those of a question become filters and looser words."""
    if wanted.words == "loose":
        return questions.Read(wanted, questions.loosely(wanted.q))
    if wanted.words or not questions.is_question(wanted.q):
        return questions.Read(wanted, searching.parse(wanted.q))
    known = questions.Known(
        today=deps.now().date(),
        rivals=await shelves.named(tx),
        roles=frozenset(one.role for one in every),
        segments=frozenset(one.segment for one in every),
        languages=frozenset(one.language for one in every),
    )
    return questions.read(wanted, known)


async def find(tx: Tx, wanted: Wanted, query: Query, everything: Sequence[Facts]) -> Found:
    """Sift the interviews by what the filters, the words and the tags leave."""
    tagged = Tagged(wanted.theme, wanted.subject, wanted.polarity)
    more: dict[str, Check] = {}
    if wanted.competitor:
        opposed = await shelves.opposed(tx, wanted.competitor)
        more["competitor"] = lambda one: one.id in opposed
    if wanted.lost_to:
        more["lost_to"] = _lost(wanted.lost_to, await shelves.taken(tx, wanted.lost_to))
    nothing = bool(wanted.q) and not query and not wanted.filters
    words: Mapping[str, Numbers] = {}
    if query or tagged:
        words = await shelves.holding(tx, query, tagged)
    elif not nothing:
        words = {one.id: one.holds for one in everything}
    if tagged:
        more["tags"] = lambda one: one.id in words
    if query or nothing:
        loose = await shelves.holding(tx, query, Tagged()) if tagged else words
        more["words"] = lambda one: one.id in loose
    return Found(wanted, query, tagged, everything, sift(everything, wanted, more), words)


def _lost(rival: str, taken: Collection[str]) -> Check:
    """Deals that went to this rival, churn included; those to anybody hold every loss besides."""
    every = {"lost"} if rival == ANYBODY else set()
    return lambda one: (outcome := OUTCOMES.get(one.flow)) in every or (outcome != "won" and one.id in taken)


async def hits(tx: Tx, found: Found, kinds: Sequence[str], *, offset: int, limit: int) -> list[Hit]:
    """Of each kind: with words the best first, else those of the latest interviews."""
    listed = []
    for kind in kinds:
        if found.query:
            ranked = found.number(kind) <= EVERYWHERE
            among = (found.query, found.tagged, kind, found.ids)
            listed += await shelves.best(tx, *among, offset=offset, limit=limit, ranked=ranked)
        else:
            listed += await _latest(tx, found, kind, offset=offset, limit=limit)
    return listed


async def _latest(tx: Tx, found: Found, kind: str, *, offset: int, limit: int) -> list[Hit]:
    chosen: list[str] = []
    skipped = held = 0
    for one in found.sifted.passed:
        number = found.of(one, kind)
        if not chosen and skipped + number <= offset:
            skipped += number
        elif number:
            chosen.append(one.id)
            held += number
        if held >= offset - skipped + limit:
            break
    every = await shelves.of_interviews(tx, found.tagged, kind, chosen)
    return every[offset - skipped :][:limit]


async def _page(deps: Deps, tx: Tx, found: Found, read: questions.Read) -> shown.Page:
    wanted = found.wanted
    kinds = (wanted.kind,) if wanted.kind else tuple(kind for kind in KINDS if kind != ABOUT or found.query)
    numbers = {kind: found.number(kind) for kind in kinds}
    size = PAGE if wanted.kind else ANSWERED_BY if read.question else GROUP
    pages = max(1, ceil(numbers[wanted.kind] / PAGE)) if wanted.kind else 1
    at = min(wanted.page, pages)
    listed = await hits(tx, found, [kind for kind in kinds if numbers[kind]], offset=(at - 1) * size, limit=size)
    said = arranged(await passages.of(tx, listed), read)
    groups = []
    for kind in kinds:
        ours = [one for one in said if one.hit.kind == kind][: size if wanted.kind or kind == QUOTE else GROUP]
        shows = tuple(_hit(deps, one, found, number) for number, one in enumerate(ours, (at - 1) * size + 1))
        groups.append(shown.Group(kind, LABELS[kind], shows, numbers[kind], wanted.but(kind=kind).query))
    passed = found.sifted.passed
    parts = wanted.but(kind="").parts
    typed = {name: parts.pop(name, "") for name in ("least", "most", "since", "until")}
    return shown.Page(
        query=wanted.query,
        kept=tuple(shown.Kept(name, value) for name, value in parts.items() if name != "q"),
        words=wanted.q,
        range=shown.Range(**typed),
        groups=tuple(groups),
        facets=await facets.of(deps, tx, found.sifted, wanted, found.tagged, found.everything),
        filters=facets.chosen(deps, wanted, found.everything),
        interviews=len(passed),
        everything=len(found.everything),
        first=passed[-1].ended_at.date() if passed else None,
        last=passed[0].ended_at.date() if passed else None,
        human=sum(one.mode == "human" for one in passed),
        page=at,
        pages=pages,
        earlier=wanted.but(page=at - 1).query if at > 1 else "",
        later=wanted.but(page=at + 1).query if at < pages else "",
        asked=read.question,
        plain=Wanted(q=read.question, words="exact").query if read.question else "",
        by_who=read.by_who,
    )


def arranged(said: Sequence[passages.Passage], read: questions.Read) -> Sequence[passages.Passage]:
    """As they are shown: where somebody asked who, what one person said stands together."""
    if not read.by_who:
        return said
    first: dict[str, int] = {}
    for one in said:
        first.setdefault(one.hit.interview_id, len(first))
    return sorted(said, key=lambda one: first[one.hit.interview_id])


def _hit(deps: Deps, one: passages.Passage, found: Found, number: int) -> shown.Hit:
    ended = one.interview.completed_at or one.interview.abandoned_at or one.interview.last_active_at
    whole = one.hit.kind != "answer"
    place = f"#q{one.quote}" if one.quote else f"#t{one.turn}" if one.turn else ""
    return shown.Hit(
        kind=one.hit.kind,
        number=number,
        pieces=pieces(one.text, searching.hits(one.text, found.query), whole=whole),
        address=f"/desk/interviews/{one.invitation.id}{place}",
        language=one.interview.language if one.hit.kind != "statement" else "en",
        marks=tuple(facets.mark(found.wanted, *tag) for tag in one.tags),
        flow_name=facets.flow_name(deps, one.interview.flow),
        mode=one.interview.mode,
        noted=one.noted,
        at=ended,
        company=one.invitation.company,
        person=one.invitation.name,
        role=one.invitation.role,
    )
