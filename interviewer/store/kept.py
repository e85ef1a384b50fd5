"""All that is kept of several interviews at once, in a number of queries that does not grow with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.evidence import Quote, Statement
from interviewer.flows.model import Flow
from interviewer.store import (
    agreement,
    deals,
    desk,
    jobs,
    quotes,
    redactions,
    releases,
    statements,
    translations,
    turns,
    users,
)
from interviewer.store.db import Tx
from interviewer.store.redactions import Hidden
from interviewer.store.tables.analysis import AnalysisStepRow
from interviewer.store.tables.deals import DealRow
from interviewer.store.tables.interviews import TurnRow
from interviewer.store.tables.review import ReleaseRow


@dataclass(frozen=True)
class Kept:
    """What is kept of one interview; what was turned down is among it. Empty for an invitation that nobody used; of
    who no longer agrees what was said, and nothing that was made of it."""

    turns: Sequence[TurnRow] = ()
    flow: Flow | None = None
    quotes: Sequence[Quote] = ()
    statements: Sequence[Statement] = ()
    releases: Mapping[int, Sequence[ReleaseRow]] = field(default_factory=dict)
    steps: Sequence[AnalysisStepRow] = ()
    hidden: Hidden = field(default_factory=Hidden)
    translations: Mapping[int, str] = field(default_factory=dict)
    deal: DealRow | None = None
    job: str = ""
    """Where the background work on its analysis stands."""
    reviewer: str = ""
    """Name of who went through it."""


async def of(tx: Tx, lines: Sequence[desk.Line], language: str) -> list[Kept]:
    """What is kept of each line, with translations into `language`."""
    begun = [line.interview for line in lines if line.interview]
    ids = [row.id for row in begun]
    logged = await deals.of(tx, [line.invitation.id for line in lines])
    if not begun:
        return [Kept(deal=logged.get(line.invitation.id)) for line in lines]
    standing = [row.id for row in begun if agreement.stands(row)]
    said = await turns.among(tx, ids)
    flows = await desk.flow_versions(tx, {row.flow_digest for row in begun})
    marked = await quotes.among(tx, standing, rejected=True)
    stated = await statements.among(tx, marked, rejected=True)
    released = await releases.among(tx, standing)
    steps, at_work = await desk.steps(tx, standing), await jobs.by_key(tx, "analyse", standing)
    hidden = await redactions.among(tx, ids)
    translated = await translations.among(tx, ids, language)
    names = await users.names(tx, {row.reviewed_by for row in begun if row.reviewed_by})
    kept = {
        row.id: Kept(
            turns=said[row.id],
            flow=flows.get(row.flow_digest),
            quotes=marked.get(row.id, ()),
            statements=stated.get(row.id, ()),
            releases=released,
            steps=steps.get(row.id, ()),
            hidden=hidden[row.id],
            translations=translated[row.id],
            deal=logged.get(row.invitation_id),
            job=at_work.get(row.id, ""),
            reviewer=names.get(row.reviewed_by, ""),
        )
        for row in begun
    }
    return [kept[line.interview.id] if line.interview else Kept(deal=logged.get(line.invitation.id)) for line in lines]
