"""The gate's account finds each thing that must not be: a ledger and a conversation that agree, and one bug planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks import pages
from benchmarks.gate import account
from benchmarks.gate.account import Account, Job, Kept, Stored
from benchmarks.gate.ledger import Ledger

Talk = list[Stored]
Bug = Callable[[Ledger, Talk], None]


def ledger() -> Ledger:
    """Two answers shown as saved, one skipped, and one of another tab that nobody took."""
    one = Ledger(interview="i1", finished=True)
    for key, text in (("k2", "second"), ("other", "of the other tab"), ("k4", ""), ("k6", "third")):
        one.send(key, text)
    one.seen("GET page", 200, "", {"k2": 2, "k4": 4, "k6": 6}, way_on=True)
    one.forged.append("forged")
    return one


def talk() -> Talk:
    said = {2: ("k2", "second"), 4: ("k4", ""), 6: ("k6", "third")}
    asked = [Stored("i1", number, "interviewer", reply_to=number - 1 or None, source="flow") for number in (1, 3, 5, 7)]
    answers = [Stored("i1", number, "buyer", text=text, key=key) for number, (key, text) in said.items()]
    return sorted([*asked, *answers], key=lambda turn: turn.number)


DONE = (Job("analyse", "i1", "done"), Job("deliver", "d1", "failed"))


def judged(
    one: Ledger, turns: Talk, completed: tuple[str, ...] = ("i1",), jobs: tuple[Job, ...] = DONE, log: str = ""
) -> Account:
    return account.judge([one], Kept(turns, completed, jobs), log)


def test_what_agrees_passes() -> None:
    found = judged(ledger(), talk())
    assert found.passed and not found.wrong
    assert (found.sent, found.acknowledged, found.stored, found.completed) == (4, 3, 3, 1)


def _swap(turns: Talk, at: int, **changes: object) -> None:
    turns[at] = replace(turns[at], **changes)  # type: ignore[arg-type]


BUGS: dict[str, tuple[str, Bug]] = {
    "an acknowledged answer is gone": ("lost", lambda _, turns: turns.pop(5)),  # type: ignore[dict-item]
    "a skipped question is gone": ("lost", lambda _, turns: turns.pop(3)),  # type: ignore[dict-item]
    "an answer is there twice": ("duplicated", lambda _, turns: turns.append(replace(turns[1], number=8))),
    "under another key": ("duplicated", lambda _, turns: turns.append(replace(turns[1], number=8, key="k8"))),
    "two replies to one answer": ("duplicated", lambda _, turns: _swap(turns, 4, reply_to=2)),
    "a number twice": ("duplicated", lambda _, turns: _swap(turns, 4, number=3)),
    "other words": ("altered", lambda _, turns: _swap(turns, 1, text="secnd")),
    "forged words": ("altered", lambda _, turns: _swap(turns, 1, text="forged")),
    "a forged answer was confirmed": ("altered", lambda one, _: setattr(one, "forged_taken", 1)),
    "nobody sent it": ("invented", lambda _, turns: _swap(turns, 1, key="nobody's")),
    "a gap": ("out_of_order", lambda _, turns: _swap(turns, 6, number=8)),
    "a speaker twice": ("out_of_order", lambda _, turns: _swap(turns, 2, speaker="buyer", key="k2")),
    "shown elsewhere": ("out_of_order", lambda one, _: setattr(one.sent["k6"], "saved_at", 4)),
    "a page moved it": ("out_of_order", lambda one, _: one.seen("", 200, "", {"k6": 8}, way_on=True)),
    "sent later, kept before": ("out_of_order", lambda one, _: one.sent.update(k2=one.sent.pop("k2"))),
    "still due": ("unanswered", lambda _, turns: _swap(turns, 6, pending=True)),
    "a status 500": ("traces", lambda one, _: one.seen("", 500, "", {}, way_on=True)),
    "a stack trace": ("traces", lambda one, _: one.seen("", 200, "Traceback (most recent call last)", {}, way_on=True)),
    "a page with no way on": ("dead_ends", lambda one, _: one.seen("", 503, "Sorry.", {}, way_on=False)),
}


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str) -> None:
    kind, bug = BUGS[name]
    one, turns = ledger(), talk()
    bug(one, turns)
    found = judged(one, turns)
    assert getattr(found, kind) > 0 and not found.passed
    assert any(line.startswith(f"{kind.replace('_', ' ')}:") for line in found.wrong)


@pytest.mark.parametrize("jobs", [(), DONE[1:], (replace(DONE[0], state="running"),), (*DONE, Job("a", "b", "queued"))])
def test_work_that_nobody_did_is_found(jobs: tuple[Job, ...]) -> None:
    found = judged(ledger(), talk(), jobs=jobs)
    assert found.jobs_lost == 1 and not found.passed


def test_work_that_is_put_off_is_lost_only_for_those_who_waited() -> None:
    kept = Kept(talk(), ("i1",), (Job("analyse", "i1", "put off"),))
    assert account.judge([ledger()], kept).jobs_lost == 1
    assert account.judge([ledger()], kept, patient=False).passed


def test_work_that_two_did_is_found() -> None:
    """By what a worker writes that ends a job which is another's: tests/contract/test_jobs_workers.py."""
    told = "2026-11-22T10:00:00Z [warning  ] job was done twice             job=analyse key=i1 run=1\n"
    found = judged(ledger(), talk(), log=told)
    assert found.jobs_done_twice == 1 and not found.passed


def test_the_account_can_be_read() -> None:
    one = ledger()
    one.answers.update({200: 3, 303: 3})
    lines = judged(one, talk(), completed=()).lines()
    assert "acknowledged          3" in lines
    assert "lost                  0   as it must be" in lines
    assert "completed             0   WRONG: must be all" in lines
    assert "jobs            analyse done 1, deliver failed 1" in lines
    assert max(map(len, account.listed("met", {f"thing {number}": 1 for number in range(40)}))) <= 100


def test_who_did_not_get_to_the_end_is_told_of() -> None:
    assert not judged(ledger(), talk(), completed=()).passed
    one = ledger()
    one.finished = False
    assert not judged(one, talk()).passed


@pytest.mark.parametrize(
    ("page", "on"),
    [
        ("<p>Sorry.</p>", False),
        ('<form method="post"><button>Again</button></form>', True),
        ('<a class="btn" href="/i/x">Back</a>', True),
        ('<div id="tail" class="dots" data-pending></div>', True),
        ("<script src='/static/a.js'></script><a name='top'>Up</a>", False),
    ],
)
def test_a_way_on_is_something_to_press_or_something_that_happens(page: str, on: bool) -> None:
    assert pages.has_way_on(page) is on
