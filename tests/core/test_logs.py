"""What is logged can be read: a library that says the same many times a second is heard now and then."""

from __future__ import annotations

import logging

from interviewer import logs
from interviewer.settings import Settings


def record(name: str, line: int) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "there.py", line, "cannot connect, try %d", (line,), None)


def test_a_library_that_repeats_itself_is_heard_once_a_minute() -> None:
    now = 0.0
    heard = logs.NowAndThen(lambda: now)
    assert [heard.filter(record("dbos", 7)) for _ in range(400)].count(True) == 1
    assert heard.filter(record("dbos", 9)), "something else that it says is not lost"
    assert all(heard.filter(record("interviewer.jobs", 7)) for _ in range(9)), "what we say is not counted"
    now = logs.EVERY_S
    assert heard.filter(record("dbos", 7)) and not heard.filter(record("dbos", 7))


def test_of_a_traceback_in_its_words_the_first_line_is_told() -> None:
    said = record("dbos", 7)
    said.msg, said.args = "cannot poll: Traceback (most recent call last):\n  File there\ncanary", ()
    assert logs.NowAndThen().filter(said) and said.getMessage() == "cannot poll:"


def test_it_is_how_a_server_logs(settings: Settings) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        logs.configure(settings)
        assert any(isinstance(one, logs.NowAndThen) for one in root.handlers[0].filters)
    finally:
        root.handlers = handlers
        root.setLevel(level)
