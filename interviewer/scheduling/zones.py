"""Time zones: which there are, and how a moment reads on somebody's wall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

from interviewer.scheduling import dates

FALLBACK = "UTC"
WAKING = (time(8), time(20))
"""From when to when people are glad to talk, by their own wall."""

_APOSTROPHES = {"DumontDUrville": "Dumont d’Urville"}


@dataclass(frozen=True)
class Choice:
    """A zone to pick: its IANA name, and what to show within its region ('New York')."""

    name: str
    label: str


@dataclass(frozen=True)
class Region:
    """Zones of one part of the world ('America'), for an <optgroup>."""

    name: str
    zones: tuple[Choice, ...]


def known(name: str) -> bool:
    """Whether this is the IANA name of a zone, older spellings included."""
    return name in _known()


def current(name: str) -> str:
    """Today's spelling of an older name: browsers still say 'Asia/Calcutta' and 'Europe/Kiev'."""
    newer = _links().get(name, name)
    return newer if name not in _world() and newer in _world() else name


def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC for a name that nobody knows."""
    return ZoneInfo(name if known(name) else FALLBACK)


def place(name: str) -> str:
    """What a zone is called in a sentence: 'New York'; what nobody knows as it was typed."""
    return _spelt(name.rpartition("/")[2]) if known(name) else name


def said(moment: datetime, name: str, language: str) -> str:
    """'Tue 24 Nov, 2:30 pm' on the wall of the zone `name`; 'Di., 24. Nov., 14:30' in German."""
    return f"{dates.short(moment.astimezone(zone(name)), language)}, {clock(moment, name, language)}"


def day(moment: datetime, name: str, language: str) -> str:
    """'Tuesday 24 November': the heading of a day on the wall of the zone `name`."""
    return dates.long(moment.astimezone(zone(name)), language)


def clock(moment: datetime, name: str, language: str) -> str:
    """'2:30 pm', or '1:30 am (EST)' in an hour that the wall of the zone `name` shows twice."""
    wall = moment.astimezone(zone(name))
    shown = dates.clock(wall, language)
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return f"{shown} ({_letters(wall) or _offset(wall)})" if twice else shown


def abbreviation(moment: datetime, name: str) -> str:
    """'CET (UTC+1)'; 'UTC+5:45' where the zone has no letters; 'UTC'."""
    wall = moment.astimezone(zone(name))
    letters, offset = _letters(wall), _offset(wall)
    return letters if letters == FALLBACK else f"{letters} ({offset})" if letters else offset


def named(moment: datetime, name: str) -> str:
    """'London, GMT (UTC+0)' for 'Europe/London'; what is no zone's name as somebody typed it."""
    if name == FALLBACK or not known(name):
        return name
    return f"{_label(current(name)).rpartition(', ')[2]}, {abbreviation(moment, name)}"


def waking(moment: datetime, name: str) -> bool:
    """Whether people in the zone `name` are up and may be asked to talk: from 8 in the morning, before 8 at night."""
    return WAKING[0] <= moment.astimezone(zone(name)).time() < WAKING[1]


def offered(*also: str) -> list[Region]:
    """The zones of the world to choose from, by region and name, UTC last; `also` adds others (an older spelling)."""
    names = {*_world(), *(name for name in also if known(name))} - {FALLBACK}
    regions = [
        Region(region, tuple(Choice(name, _label(name)) for name in within))
        for region, within in groupby(sorted(names), lambda name: name.partition("/")[0])
    ]
    return [*regions, Region(FALLBACK, (Choice(FALLBACK, FALLBACK),))]


def _letters(wall: datetime) -> str:
    name = wall.tzname() or ""
    return name if name.isalpha() else ""


def _offset(wall: datetime) -> str:
    off = wall.utcoffset() or timedelta()
    hours, minutes = divmod(abs(off) // timedelta(minutes=1), 60)
    return f"UTC{'-' if off < timedelta() else '+'}{hours}{f':{minutes:02}' if minutes else ''}"


def _label(name: str) -> str:
    return ", ".join(_spelt(part) for part in (name.partition("/")[2] or name).split("/"))


def _spelt(part: str) -> str:
    """A part of a zone's name as people write it: the database has no spaces and no apostrophes."""
    return _APOSTROPHES.get(part, part.replace("_", " "))


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


@cache
def _links() -> Mapping[str, str]:
    """Older spellings, and what they stand for, as the time zone database links them."""
    lines = resources.files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text("ascii").splitlines()
    return {name: target for kind, target, name in (line.split() for line in lines if line.startswith("L "))}


@cache
def _world() -> Sequence[str]:
    """The zone of each country and region, as the time zone database lists them."""
    listed = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("ascii")
    names = (line.split("\t")[2] for line in listed.splitlines() if not line.startswith("#"))
    return tuple(name for name in names if known(name))
