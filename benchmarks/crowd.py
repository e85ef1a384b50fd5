"""A database with thousands of interviews: the demo's buyers, played once, copied with other names, words and days.

Everything is made on this machine: the words from lists here, the conversations by the demo's own script.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Table, create_engine, make_url
from sqlmodel import SQLModel

from interviewer import bootstrap
from interviewer.demo import cast, history
from interviewer.searching import tokens
from interviewer.settings import Settings
from interviewer.store import migrate

KEY = "a-key-for-benchmarks-that-is-long-enough"
Rows = list[dict[str, Any]]
_OF_NOBODY = ("flow_versions", "notices")
_OF_ONE = (
    "invitations",
    "call_requests",
    "deals",
    "interviews",
    "turns",
    "analysis_steps",
    "quotes",
    "tags",
    "statements",
    "citations",
    "mentions",
    "rivals",
    "holdings",
    "documents",
)
"""In an order in which each finds those it points at."""
_STANDS_FOR = {"answer": "turns", "quote": "quotes", "statement": "statements", "about": "interviews"}
_CHUNK = 5000
_FIRST = [
    "Amber",
    "Birch",
    "Cedar",
    "Delta",
    "Elm",
    "Falcon",
    "Garnet",
    "Harbour",
    "Indigo",
    "Juniper",
    "Kestrel",
    "Linden",
    "Maple",
    "North",
    "Opal",
    "Pine",
]
_SECOND = [
    "Logistics",
    "Pools",
    "Foods",
    "Clinics",
    "Systems",
    "Retail",
    "Energy",
    "Schools",
    "Freight",
    "Labs",
    "Hotels",
    "Transit",
    "Textiles",
    "Media",
]
_ROLES = ("champion", "economic buyer", "evaluator", "detractor", "IT lead", "operations manager")
_SEGMENTS = ("Leisure", "Manufacturing", "Public sector", "Retail", "Health")
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ke",
    "li",
    "mo",
    "nu",
    "pa",
    "re",
    "si",
    "to",
    "vu",
    "wa",
    "ze",
    "lor",
    "min",
    "tan",
    "ser",
    "pol",
    "gre",
]
_PHRASES = (
    "the migration took longer than planned",
    "support picked up within a minute",
    "our finance lead wanted a lower list price",
    "the demo did not show reporting",
    "single sign-on was a must for security",
    "training went well for the night shift",
    "the contract had a notice period nobody liked",
    "the dashboard was easy to read",
    "we had an outage in the trial",
    "implementation was the doubt until the end",
)


def template(folder: Path) -> dict[str, Rows]:
    """Every row of a demo that was played and analysed by rules, by table."""
    settings = Settings(data_dir=folder, secret_keys=(KEY,), organisation="Tidewater", product="Tidewater Flow")
    asyncio.run(_play(settings))
    engine = create_engine(make_url(settings.url).set(drivername="sqlite"))
    with engine.connect() as connection:
        rows = {name: _read(connection, _table(name)) for name in (*_OF_NOBODY, *_OF_ONE)}
    engine.dispose()
    return rows


def fill(url: str, rows: Mapping[str, Rows], interviews: int) -> dict[str, int]:
    """Migrate the database at `url` and fill it with so many interviews that ended. Gives the rows of each table."""
    migrate.upgrade(url)
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed)
    counted: dict[str, int] = defaultdict(int)
    ended = sum(bool(row["first_answer_at"] and not row["deleted_at"]) for row in rows["interviews"])
    with engine.begin() as connection:
        for name in _OF_NOBODY:
            connection.execute(_table(name).insert(), rows[name])
        waiting: dict[str, Rows] = defaultdict(list)
        for copy in range(-(-interviews // ended)):
            for name, made in _copied(rows, copy).items():
                waiting[name] += made
                counted[name] += len(made)
            if sum(map(len, waiting.values())) > _CHUNK:
                _insert(connection, waiting)
        _insert(connection, waiting)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            for name in _OF_ONE:  # explicit ids leave the counters behind
                if "id" in _table(name).c and isinstance(_table(name).c.id.type, sqlalchemy.Integer):
                    counter = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                    connection.execute(sqlalchemy.text(counter))
            connection.execute(sqlalchemy.text("VACUUM ANALYZE"))  # a server does it by itself, sooner or later
    engine.dispose()
    return counted


def documents(url: str) -> int:
    """How many documents are in a database already; 0 for one without a schema."""
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed)
    try:
        with engine.connect() as connection:
            if not sqlalchemy.inspect(connection).has_table("documents"):
                return 0
            query = sqlalchemy.select(sqlalchemy.func.count()).select_from(_table("documents"))
            counted: int = connection.execute(query).scalar_one()
            return counted
    finally:
        engine.dispose()


async def _play(settings: Settings) -> None:
    migrate.upgrade(settings.url)
    deps = bootstrap.build(settings)
    try:
        await history.play(deps, cast.load())
    finally:
        await deps.db.close()


def _copied(rows: Mapping[str, Rows], copy: int) -> dict[str, Rows]:
    """One more of everybody, as somebody else."""
    chance = random.Random(copy)
    ids: dict[str, dict[Any, Any]] = defaultdict(dict)
    people = {row["id"]: _Person(chance, copy) for row in rows["invitations"]}
    owner = {row["id"]: row["invitation_id"] for row in rows["interviews"]}
    made: dict[str, Rows] = {}
    for name in _OF_ONE:
        table = _table(name)
        whole = {column.name for column in table.c if isinstance(column.type, sqlalchemy.Integer)}
        highest = max((row["id"] for row in rows[name] if "id" in row and "id" in whole), default=0)
        made[name] = []
        for row in rows[name]:
            invitation = row.get("invitation_id") or owner.get(row.get("interview_id", ""), row.get("id"))
            person = people.get(invitation)
            fresh = {key: person.at(value) if person else value for key, value in row.items()}
            for column in table.c:
                for link in column.foreign_keys:
                    target = link.column.table.name
                    if target in ids and row[column.name] is not None:
                        fresh[column.name] = ids[target][row[column.name]]
            if "id" in row:
                fresh["id"] = row["id"] + copy * highest if "id" in whole else f"{row['id']}-{copy}"
                ids[name][row["id"]] = fresh["id"]
            made[name].append(fresh)
    _vary(made, rows, ids, people, chance)
    return made


class _Person:
    """Who somebody else is, and how long ago."""

    def __init__(self, chance: random.Random, copy: int) -> None:
        self.company = f"{chance.choice(_FIRST)} {chance.choice(_SYLLABLES).title()} {chance.choice(_SECOND)}"
        self.email = f"b{copy}-{chance.randrange(10**9)}@crowd.example"
        self.role, self.segment = chance.choice(_ROLES), chance.choice(_SEGMENTS)
        self.amount = round(chance.lognormvariate(10, 1))
        self.ago = timedelta(hours=chance.randrange(24 * 700))

    def at(self, value: Any) -> Any:
        return value - self.ago if isinstance(value, datetime) else value


def _vary(
    made: Mapping[str, Rows],
    rows: Mapping[str, Rows],
    ids: Mapping[str, Mapping[Any, Any]],
    people: Mapping[str, _Person],
    chance: random.Random,
) -> None:
    who = {ids["invitations"][old]: person for old, person in people.items()}
    for row in made["invitations"]:
        person = who[row["id"]]
        row |= {"company": person.company, "email": person.email, "role": person.role, "segment": person.segment}
    for row in made["deals"]:
        row |= {"amount": who[row["invitation_id"]].amount, "company": who[row["invitation_id"]].company}
    for row in made["interviews"]:
        row["mode"] = "human" if chance.random() < 0.1 else "ai"
        row["reviewed_at"] = row["completed_at"] if chance.random() < 0.6 else None
    said: dict[str, str] = {}
    for row in made["turns"]:
        if row["speaker"] == "buyer" and row["text"]:
            row["text"] += f" And {chance.choice(_PHRASES)}, {_mumbled(chance)}."  # spans of quotes stay
            said[str(row["id"])] = row["text"]
    owner = {row["id"]: row["invitation_id"] for row in made["interviews"]}
    for row in made["documents"]:
        kind = row["kind"]
        old = {str(key): new for key, new in ids[_STANDS_FOR[kind]].items()}
        row["ref"] = str(old[row["ref"]])
        if kind == "answer":
            row["search_text"] = " ".join(tokens(said[row["ref"]]))
        elif kind == "about":
            person = who[owner[row["interview_id"]]]
            row["search_text"] = " ".join(tokens(f"{person.company} {person.email} {person.role} {person.segment}"))


def _mumbled(chance: random.Random) -> str:
    """Some rare words, as names and typing slips are."""
    return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(4))


def _insert(connection: Connection, waiting: dict[str, Rows]) -> None:
    for name in _OF_ONE:
        for chunk in _chunks(waiting.pop(name, [])):
            connection.execute(_table(name).insert(), chunk)


def _chunks(rows: Rows) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _read(connection: Connection, table: Table) -> Rows:
    return [dict(row) for row in connection.execute(sqlalchemy.select(table)).mappings()]


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
