"""What is wrong, in plain words, and what to do about it. Nothing here is said while all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from interviewer.deps import Deps
from interviewer.llm.watched import Watched
from interviewer.status.facts import LATELY, MODEL, Facts
from interviewer.store import deliveries, jobs, operations

LOW_DISK = 500_000_000
NO_DISK = 50_000_000
MAIL_LATE = timedelta(minutes=15)
WORK_LATE = timedelta(minutes=10)
BACKUP_OLD = timedelta(days=3)

FAILURES: Mapping[str, str] = {
    "timeout": "it did not answer in time",
    "connection": "it could not be reached",
    "busy": "it said that too many ask at once",
    "quota": "the account with its vendor has nothing left",
    "refused_key": "it did not take the key",
    "server": "its server reported an error",
    "request": "it refused the request",
    "stream": "its answer broke off",
    "unusable": "its answer could not be used",
}
"""By kind of failure, as `llm.watched` tells it."""


@dataclass(frozen=True)
class Trouble:
    level: str
    """`warn`: it works, with something to know; `fail`: something does not."""
    area: str
    what: str
    do: str


def troubles(facts: Facts) -> tuple[Trouble, ...]:
    """All that is wrong, the worst first."""
    found = [*_mail(facts), *_model(facts), *_work(facts), *_calls(facts), *_people(facts), *_storage(facts)]
    return tuple(sorted(found, key=lambda trouble: trouble.level != "fail"))


def words_of(kind: str) -> str:
    """A failure of the model's in words."""
    return FAILURES.get(kind, "it gave no answer")


def mail_words(error: str) -> str:
    """What a mail server said, by its code; the text that it sent is kept nowhere."""
    kind, _, code = error.partition(" ")
    if code[:1] == "5":
        return f"the server refused it for good ({code})"
    if code[:1] == "4":
        return f"the server put it off ({code})"
    if "Auth" in kind:
        return "the server did not take our name and password"
    if error == "outcome unknown":
        return "the server stopped answering while it was sent"
    return "the server could not be reached"


def ago(span: timedelta) -> str:
    """A length of time as people say it."""
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours = round(minutes / 60)
    if hours < 48:
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{round(hours / 24)} days"


async def note_trouble(deps: Deps) -> int:
    """Keep the model's last failure in this process, for every process to tell of. Returns 0: nothing is due."""
    failed = deps.llm.failed if isinstance(deps.llm, Watched) else None
    if failed is not None:
        async with deps.db.write() as tx:
            await operations.note_trouble(tx, MODEL, failed.kind, failed.at)
    return 0


def _mail(facts: Facts) -> Iterator[Trouble]:
    late = facts.mail.overdue_since
    number = facts.mail.states.get(deliveries.WAITING, 0)
    if not facts.mails:
        if number:
            yield Trouble("warn", "mail", f"{number} {_mails(number)} and there is no mail server.",
                          "Set INTERVIEWER_SMTP_HOST and INTERVIEWER_SMTP_FROM on the server.")  # fmt: skip
        return
    if late is not None and facts.now - late > MAIL_LATE:
        why = f", because {mail_words(facts.mail.error)}" if facts.mail.error else ""
        yield Trouble("fail", "mail", f"Mail is not going out: the oldest waits for {ago(facts.now - late)}{why}.",
                      "Run `interviewer doctor` on the server: it tries the mail server and says what is wrong. What "
                      "waits is tried again for three days.")  # fmt: skip


def _mails(number: int) -> str:
    return "mail waits" if number == 1 else "mails wait"


def _model(facts: Facts) -> Iterator[Trouble]:
    own, by_model = facts.words.get("fallback", 0), facts.words.get("model", 0)
    if facts.used_up:
        yield Trouble("warn", "budget", "Today’s budget for the model is used up; interviews go on in the flow’s own "
                      "words until midnight UTC.", "INTERVIEWER_MODEL_DAILY_TOKENS sets more.")  # fmt: skip
    failed = facts.failed_at is not None and facts.now - facts.failed_at < LATELY
    if failed and own >= max(1, by_model):
        yield Trouble("fail", "model", f"The model hardly answers: {words_of(facts.failure)}. In the last hour "
                      f"{own} of {own + by_model} replies were the flow’s own words; no buyer noticed.",
                      "Run `interviewer doctor` on the server: it asks the model and says what is wrong.")  # fmt: skip


def _work(facts: Facts) -> Iterator[Trouble]:
    if facts.replies_due:
        number = facts.replies_due
        yield Trouble("fail", "interviews", f"{number} {'buyer waits' if number == 1 else 'buyers wait'} for a reply "
                      "for minutes. Every answer is saved.",
                      "Start the server again; replies are then taken up by themselves.")  # fmt: skip
    oldest, open_ = facts.work.oldest, facts.work.number(jobs.QUEUED, jobs.RUNNING)
    if oldest is not None and facts.now - oldest > WORK_LATE:
        since = f"{open_} {'piece' if open_ == 1 else 'pieces'} of background work, the oldest for "
        since += ago(facts.now - oldest)
        if not facts.work.workers:
            yield Trouble("fail", "background work", f"Nobody works in the background: {since}.",
                          "Start `interviewer serve`; what waits is then done.")  # fmt: skip
        elif facts.now - oldest > 6 * WORK_LATE:
            yield Trouble("warn", "background work", f"Work piles up: {since}.",
                          "It goes on by itself; if it does not, start the server again.")  # fmt: skip
    if failed := facts.work.number(jobs.FAILED):
        yield Trouble("warn", "background work", f"{failed} {'piece' if failed == 1 else 'pieces'} of background work "
                      "did not finish after several tries.", "Press “Try again” on the status page.")  # fmt: skip


def _calls(facts: Facts) -> Iterator[Trouble]:
    for name, error in facts.unread:
        yield Trouble("warn", "calendars", f"{name}’s calendar could not be read, so what was known last counts and "
                      f"times that are taken may be offered. {error}",
                      "They can give another address under Calls at the desk.")  # fmt: skip


def _people(facts: Facts) -> Iterator[Trouble]:
    for name in facts.kept_admins:
        yield Trouble("warn", "people", f"The company’s groups no longer make {name} an admin. They stay one, because "
                      "there was no other.",
                      "Make somebody else an admin, under People at the desk or in the company’s groups; the groups "
                      "count again when they next sign in.")  # fmt: skip


def _storage(facts: Facts) -> Iterator[Trouble]:
    if facts.log_wrong:
        yield Trouble("fail", "audit log", "The audit log is not what was written, so nothing of it goes when its "
                      f"time is over. {facts.log_wrong}",
                      "Run `interviewer audit verify` on the server, compare with a backup, and find out who can write "
                      "to the database.")  # fmt: skip
    free = f"{facts.free // 1_000_000} MB are free where data is kept"
    if facts.free < NO_DISK:
        yield Trouble("fail", "disk", f"{free}; answers could not be kept.", "Make room.")
    elif facts.free < LOW_DISK:
        yield Trouble("warn", "disk", f"{free}.", "Make room soon.")
    if facts.demo or not facts.invited:
        return
    if facts.backup_at is None:
        yield Trouble("warn", "backup", "No backup was made with `interviewer backup`.",
                      "Have it run every night; if backups are made in another way, nothing is to do.")  # fmt: skip
    elif facts.now - facts.backup_at > BACKUP_OLD:
        yield Trouble("warn", "backup", f"The last backup is {ago(facts.now - facts.backup_at)} old.",
                      "Look at what runs `interviewer backup`, and run it.")  # fmt: skip
