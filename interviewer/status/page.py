"""The status page: the same facts for who runs the programme, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import __version__, dossier
from interviewer.confidentiality import Field, Seen, Viewer, see
from interviewer.deps import Deps
from interviewer.records.interviews import Failure, Status
from interviewer.records.status import Line, Part, Request, State, Wrong
from interviewer.status.facts import Facts, read
from interviewer.status.troubles import Trouble, ago, mail_words, troubles, words_of
from interviewer.store import deliveries, desk, jobs

Row = Line | None
_REPLIES = {False: "Replies in the last hour", True: "Replies in the flow’s own words, last hour"}
"""By whether there is no model."""
_NO_MAIL = (
    "No mail server is set up. Not mailed: sign-in links, copies of answers, and codes that open an interview on a "
    "second device"
)


async def look(deps: Deps, viewer: Viewer) -> Seen[State]:
    """How everything stands. Raises NotAllowed, Unavailable."""
    viewer.require(Field.INTERVIEW)
    facts = await read(deps.db, deps.settings, deps.now(), mails=deps.mail is not None)
    failures: tuple[Failure, ...] = ()
    async with deps.db.read() as tx:
        requests = _requests(await desk.asking_deletion(tx), await desk.open_calls(tx))
        if facts.work.number(jobs.FAILED):
            failures = tuple(dossier.failure(job, invitation) for job, invitation in await desk.failures(tx))
    wrong = troubles(facts)
    verdict, beneath = _verdict(missing := _missing(facts, scripted=deps.llm.scripted), requests)
    return see(
        viewer,
        State(
            verdict="" if wrong else verdict,
            beneath=beneath,
            well=not (wrong or missing or requests),
            requests=requests,
            troubles=tuple(Wrong(one.level, one.area, one.what, one.do) for one in wrong),
            parts=(
                _mail(facts, wrong),
                _model(facts, wrong, scripted=deps.llm.scripted),
                _work(facts, wrong),
                _calls(facts, wrong),
                _storage(facts, wrong),
            ),
            failures=failures,
            version=__version__,
            at=facts.now,
        ),
    )


def _missing(facts: Facts, *, scripted: bool) -> list[str]:
    """What is not set up, or was never done."""
    parts = (("mail", facts.mails), ("a model", not scripted), ("backups", facts.backup_at is not None))
    return [name for name, there in parts if not there]


def _requests(deletions: int, calls: int) -> tuple[Request, ...]:
    found = []
    if deletions:
        words = "1 buyer wants" if deletions == 1 else f"{deletions:,} buyers want"
        asked = f"{words} their answers deleted, or not used"
        found.append(Request(asked, f"/desk?status={Status.ASKED_DELETION}"))
    if calls:
        found.append(Request(f"{'1 buyer wants' if calls == 1 else f'{calls:,} buyers want'} a call", "/desk/calls"))
    return tuple(found)


def _verdict(missing: Sequence[str], requests: Sequence[Request]) -> tuple[str, str]:
    """The headline and what stands beneath, where nothing is wrong."""
    runs = "Interviews run, and nothing is stuck."
    if missing:
        names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        number = ("one thing is", "two things are", "three things are")[len(missing) - 1]
        return f"It runs; {number} not set up", f"{runs} Not set up: {names}."
    if requests:
        return "It runs, and buyers wait for an answer", runs
    return "All is well", "Interviews run, nothing is stuck, and nothing needs you."


def _part(title: str, wrong: Sequence[Trouble], areas: set[str], fine: str, *lines: Row, off: str = "") -> Part:
    """`fine` is its headline while nothing of these areas is wrong; `off` where there is no such thing."""
    mine = [one for one in wrong if one.area in areas]
    level = mine[0].level if mine else "off" if off else "ok"
    headline = {"fail": "Needs somebody now", "warn": "Needs a look"}.get(level, off or fine)
    return Part(title, level, headline, tuple(line for line in lines if line is not None))


def _mail(facts: Facts, wrong: Sequence[Trouble]) -> Part:
    mail, waiting = facts.mail, facts.mail.states.get(deliveries.WAITING, 0)
    return _part(
        "Mail",
        wrong,
        {"mail"},
        "Going out",
        Line("Last sent", "" if mail.sent_at else "none in the last 90 days", mail.sent_at),
        Line("Waiting", _number(waiting)),
        Line("Oldest that should be out", ago(facts.now - mail.overdue_since)) if mail.overdue_since else None,
        Line("Last one not taken", mail_words(mail.error).capitalize(), mail.failed_at) if mail.error else None,
        off="" if facts.mails else _NO_MAIL,
    )


def _model(facts: Facts, wrong: Sequence[Trouble], *, scripted: bool) -> Part:
    words = facts.words
    return _part(
        "Model",
        wrong,
        {"model", "budget"},
        "Answering" if words.get("model") else "Quiet: nobody needed it in the last hour",
        Line(_REPLIES[scripted], _number(sum(words.values()))),
        None if scripted else Line("In the model’s words", _number(words.get("model", 0))),
        None if scripted else Line("In our words, because it gave none", _number(words.get("fallback", 0))),
        Line("Last failure", words_of(facts.failure).capitalize(), facts.failed_at)
        if facts.failed_at and not scripted
        else None,
        off="No model is set up: interviews run in the flow’s own words" if scripted else "",
    )


def _work(facts: Facts, wrong: Sequence[Trouble]) -> Part:
    work = facts.work
    return _part(
        "Interviews and analysis",
        wrong,
        {"interviews", "background work"},
        "Nothing is stuck",
        Line("Buyers who wait for a reply", _number(facts.replies_due)),
        Line("Being worked on, or in the queue", _number(work.number(jobs.QUEUED, jobs.RUNNING))),
        Line("Gave up", _number(work.number(jobs.FAILED))),
        Line("Processes at work", _number(work.workers)),
    )


def _calls(facts: Facts, wrong: Sequence[Trouble]) -> Part:
    heard = [Line(f"Heard of {name.capitalize()}", "", at) for name, at in sorted(facts.webhooks.items())]
    return _part(
        "Calls",
        wrong,
        {"calendars"},
        "Calendars are read" if facts.calendars else "Your booking page tells of its calls",
        Line("Hosts’ calendars", _number(facts.calendars)),
        Line("Not read", _number(len(facts.unread))) if facts.unread else None,
        *heard,
        off="" if facts.calendars or heard else "No calendar is connected, and no booking page told of a call",
    )


def _storage(facts: Facts, wrong: Sequence[Trouble]) -> Part:
    return _part(
        "Storage",
        wrong,
        {"disk", "backup", "audit log"},
        "With room, and backed up",
        Line("Database", f"{'SQLite' if facts.sqlite else 'PostgreSQL'}, {_bytes(facts.size)}"),
        Line("Free disk", _bytes(facts.free)),
        Line("Last backup", "" if facts.backup_at else "none known", facts.backup_at),
        Line("Version", __version__),
        off="" if facts.backup_at else "With room, but no backup is known",
    )


def _number(count: int) -> str:
    return f"{count:,}" if count else "none"


def _bytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6)):,} MB"
