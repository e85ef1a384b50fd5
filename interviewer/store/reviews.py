"""Changes by people at the desk, kept so that they can be taken back (ux.md desk 4).

A `Ledger` makes a change row by row and writes down what each was before. Taking it back restores those that nobody
touched since. Every change of a tag or a statement raises its version, taking back included, so that who looked
before never overwrites what came after. Words of a buyer are not written down.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import func, inspect, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from interviewer.errors import NotFound, Overtaken
from interviewer.evidence import PERSON, Review
from interviewer.store import quotes, subjects
from interviewer.store.db import Tx
from interviewer.store.tables.analysis import CitationRow, QuoteRow, StatementRow, TagRow
from interviewer.store.tables.interviews import InterviewRow
from interviewer.store.tables.review import ChangeRow, RedactionRow, ReleaseRow, SubjectRow

MERGE = "merge"
"""The one verb whose change goes over several interviews: each has a row of its own, made at one moment."""
_TABLES: Mapping[str, type[SQLModel]] = MappingProxyType(
    {
        str(table.__tablename__): table
        for table in (TagRow, StatementRow, CitationRow, RedactionRow, ReleaseRow, SubjectRow, InterviewRow)
    }
)
Row = tuple[str | int, ...]
"""A table's name and the parts of a key in it."""
_MOMENTS = frozenset({"at", "reviewed_at"})
_R = TypeVar("_R", TagRow, StatementRow)


class Ledger:
    """One change to one interview's evidence, as it is made."""

    def __init__(self, tx: Tx, entries: Iterable[dict[str, Any]] = ()) -> None:
        self.tx = tx
        self.entries = list(entries)

    def change(self, row: SQLModel, *, secret: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Give a row new values. `secret` ones are not written down: `undo` knows how to find them again."""
        before = {name: _plain(getattr(row, name)) for name in values}
        for name, value in {**values, **(secret or {})}.items():
            setattr(row, name, value)
        _raise_version(row)
        self.tx.add(row)
        self._note(row, before, {name: _plain(value) for name, value in values.items()})

    async def add(self, row: SQLModel) -> None:
        self.tx.add(row)
        await self.tx.flush()
        self._note(row, None, _values(row))

    async def remove(self, row: SQLModel) -> None:
        self._note(row, {**_values(row), **_version(row)}, None)
        await self.tx.delete(row)
        await self.tx.flush()

    def renamed(self, tag_id: int, was: str, subject: str) -> None:
        """Write down what `subjects.rename` does to a tag."""
        before, after = {"subject": was}, {"subject": subject}
        self.entries.append({"table": TagRow.__tablename__, "id": [tag_id], "before": before, "after": after})

    async def close(self, interview_id: str, user_id: str, verb: str, at: datetime) -> int:
        """Keep what was done as one change, and give its id."""
        change = ChangeRow(interview_id=interview_id, user_id=user_id, at=at, verb=verb, rows=self.entries)
        self.tx.add(change)
        await self.tx.flush()
        assert change.id is not None
        return change.id

    def _note(self, row: SQLModel, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
        entry = {"table": str(type(row).__tablename__), "id": _key(row), "before": before, "after": after}
        self.entries.append(entry)


async def tag(tx: Tx, interview_id: str, tag_id: int, version: int | None = None) -> TagRow:
    """A tag of this interview, held against other writers. Raises NotFound, or Overtaken for another version."""
    query = (
        select(TagRow)
        .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
        .where(TagRow.id == tag_id, QuoteRow.interview_id == interview_id)
    )
    return _of_version((await tx.exec(query.with_for_update(of=TagRow))).first(), version)


async def statement(tx: Tx, interview_id: str, statement_id: int, version: int | None = None) -> StatementRow:
    """A statement of this interview, held against other writers. Raises NotFound, or Overtaken."""
    query = select(StatementRow).where(StatementRow.id == statement_id, StatementRow.interview_id == interview_id)
    return _of_version((await tx.exec(query.with_for_update())).first(), version)


async def decided(tx: Tx, interview_id: str, ref: int, *, of_tag: bool) -> tuple[str, int]:
    """The id of who decided on a tag or a statement of this interview, empty where nobody did, and its version."""
    query = select(StatementRow.reviewed_by, StatementRow.version).where(
        StatementRow.id == ref, StatementRow.interview_id == interview_id
    )
    if of_tag:
        query = (
            select(TagRow.reviewed_by, TagRow.version)
            .join(QuoteRow, col(QuoteRow.id) == col(TagRow.quote_id))
            .where(TagRow.id == ref, QuoteRow.interview_id == interview_id)
        )
    return (await tx.exec(query)).first() or ("", 0)


async def touched(tx: Tx, interview_id: str, rows: Collection[Row], since: ChangeRow | None = None) -> str:
    """The id of who changed one of these rows last, or took such a change back; with `since`, after that change."""
    at = func.coalesce(col(ChangeRow.undone_at), col(ChangeRow.at))
    query = (
        select(ChangeRow).where(ChangeRow.interview_id == interview_id).order_by(at.desc(), col(ChangeRow.id).desc())
    )
    if since:
        query = query.where(or_(col(ChangeRow.id) > since.id, col(ChangeRow.undone_at) >= since.at))
    found = (change.user_id for change in await tx.exec(query) if not named(change).isdisjoint(rows))
    return next(found, "")


def named(change: ChangeRow) -> set[Row]:
    """The rows that a change was made to."""
    return {(entry["table"], *entry["id"]) for entry in change.rows}


async def merger(tx: Tx, alias: str) -> str:
    """The id of who merged a name, folded, into another; empty where nobody did."""
    return (await tx.exec(select(SubjectRow.user_id).where(SubjectRow.alias == alias))).first() or ""


async def twin(tx: Tx, quote_id: int, theme: str) -> TagRow | None:
    """The tag with this theme on a quote, rejected or not."""
    query = select(TagRow).where(TagRow.quote_id == quote_id, TagRow.theme == theme)
    return (await tx.exec(query.with_for_update())).first()


async def citations(tx: Tx, statement_id: int) -> list[CitationRow]:
    query = select(CitationRow).where(CitationRow.statement_id == statement_id).order_by(col(CitationRow.quote_id))
    return list((await tx.exec(query)).all())


async def beside(tx: Tx, row: StatementRow) -> list[StatementRow]:
    """The other statements of its kind that nobody turned down."""
    query = select(StatementRow).where(
        StatementRow.interview_id == row.interview_id,
        StatementRow.kind == row.kind,
        StatementRow.id != row.id,
        StatementRow.review != Review.REJECTED,
    )
    return list((await tx.exec(query.with_for_update())).all())


async def change(tx: Tx, change_id: int) -> ChangeRow | None:
    return await tx.get(ChangeRow, change_id)


async def together(tx: Tx, made: ChangeRow, *, lock: bool = False) -> list[ChangeRow]:
    """The rows of one change that are not taken back yet: several for a merge. `lock` holds them."""
    query = select(ChangeRow).where(col(ChangeRow.undone_at).is_(None))
    if made.verb == MERGE:
        query = query.where(ChangeRow.verb == MERGE, ChangeRow.user_id == made.user_id, ChangeRow.at == made.at)
    else:
        query = query.where(ChangeRow.id == made.id)
    query = query.order_by(col(ChangeRow.id))
    return list((await tx.exec(query.with_for_update() if lock else query)).all())


async def last(tx: Tx, interview_id: str, user_id: str) -> ChangeRow | None:
    """The latest change by this person that was not taken back."""
    query = (
        select(ChangeRow)
        .where(
            ChangeRow.interview_id == interview_id,
            ChangeRow.user_id == user_id,
            col(ChangeRow.undone_at).is_(None),
        )
        .order_by(col(ChangeRow.id).desc())
    )
    return (await tx.exec(query.limit(1))).first()


async def undo(tx: Tx, made: ChangeRow, now: datetime) -> None:
    """Restore the rows of a change. Raises Overtaken where one of them is not as the change left it."""
    try:
        for entry in reversed(made.rows):
            await _restore(tx, entry)
            await tx.flush()
    except IntegrityError as error:  # what it hung on is gone
        raise Overtaken from error
    made.undone_at = now
    tx.add(made)
    await quotes.sweep(tx, made.interview_id)


async def part(tx: Tx, rows: Sequence[ChangeRow], now: datetime) -> None:
    """Undo a merge, whose rows these are. Raises Overtaken where its subject was merged again; tags that say something
    else by now stay as they are."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        for entry in row.rows:
            if entry["table"] == TagRow.__tablename__:
                named[entry["after"]["subject"], entry["before"]["subject"]] += entry["id"]
        row.undone_at = now
        tx.add(row)
    for entry in reversed(rows[0].rows):
        if entry["table"] == SubjectRow.__tablename__:
            await _restore(tx, entry)
            await tx.flush()
    for (subject, was), tag_ids in named.items():
        await subjects.rename(tx, tag_ids, subject, was)
    await subjects.index(tx, [row.interview_id for row in rows])


async def _restore(tx: Tx, entry: Mapping[str, Any]) -> None:
    table, before, after = _TABLES[entry["table"]], entry["before"], entry["after"]
    row = await tx.get(table, tuple(entry["id"]), with_for_update=True, populate_existing=True)
    if not _is(row, after):
        raise Overtaken
    if row is None:
        tx.add(table(**_decoded(before)))
    elif before is None:
        await tx.delete(row)
    else:
        for name, value in _decoded(before).items():
            setattr(row, name, value)
        if isinstance(row, StatementRow) and row.machine_text and row.made_by != PERSON:
            row.text, row.machine_text = row.machine_text, ""
        _raise_version(row)
        tx.add(row)


def _is(row: SQLModel | None, values: Mapping[str, Any] | None) -> bool:
    if row is None or values is None:
        return row is None and values is None
    return all(_plain(getattr(row, name)) == value for name, value in values.items())


def _of_version(row: _R | None, version: int | None) -> _R:
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Overtaken
    return row


def _raise_version(row: SQLModel) -> None:
    if isinstance(row, TagRow | StatementRow):
        row.version += 1


def _version(row: SQLModel) -> Mapping[str, int]:
    return {"version": row.version} if isinstance(row, TagRow | StatementRow) else {}


def _key(row: SQLModel) -> list[Any]:
    return [getattr(row, column.name) for column in inspect(type(row)).primary_key]


def _values(row: SQLModel) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in type(row).model_fields if name != "version"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _decoded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value for name, value in values.items()
    }
