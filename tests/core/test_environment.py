"""`.env` can be read anew: what came out of it is told from what was set, also by processes that inherit both."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from interviewer import bootstrap, environment, suppression
from interviewer.errors import BadInput
from interviewer.links import Links, Purpose
from interviewer.settings import Settings
from tests.core import test_docs

KEY, FRESH = "a-key-for-tests-that-is-long-enough-000", "another-key-for-tests-that-is-long-enough"
NAMES = "INTERVIEWER_ORGANISATION={}\nINTERVIEWER_PRODUCT=Flow\nINTERVIEWER_ASKER=Mara\nINTERVIEWER_SECRET_KEYS={}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A `.env` that can work."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / ".env"
    path.write_text(NAMES.format("Tidewater", KEY))
    yield path
    os.environ.clear()
    os.environ.update(before)


def keys() -> list[str]:
    return [key.get_secret_value() for key in bootstrap.inherited_settings().secret_keys]


def test_what_the_file_says_now_counts_and_what_it_says_no_more_is_gone(file: Path) -> None:
    assert bootstrap.load_settings().organisation == "Tidewater"
    file.write_text("INTERVIEWER_PRODUCT=Weir\nOPENAI_API_KEY=new\n")
    settings = bootstrap.load_settings()
    assert (settings.organisation, settings.product) == ("", "Weir")
    assert os.environ["OPENAI_API_KEY"] == "new", "members read it there"
    file.unlink()
    assert bootstrap.load_settings().product == "" and "OPENAI_API_KEY" not in os.environ


def test_what_was_set_wins_also_after_the_file_was_read(file: Path) -> None:
    os.environ["INTERVIEWER_PRODUCT"] = "Sluice"
    assert bootstrap.load_settings().product == "Sluice"
    os.environ["INTERVIEWER_ORGANISATION"] = "Harbour"
    settings = bootstrap.load_settings()
    assert (settings.organisation, settings.product) == ("Harbour", "Sluice")


def test_a_process_that_is_started_reads_it_anew_too(file: Path) -> None:
    bootstrap.load_settings()
    file.write_text(NAMES.format("Harbour", f"{KEY},{FRESH}"))
    code = "from interviewer import bootstrap; print(bootstrap.load_settings().organisation)"
    root = str(Path(environment.__file__).parents[1])
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "Harbour"


def test_a_reload_takes_all_or_nothing_and_says_why(file: Path) -> None:
    bootstrap.load_settings()
    file.write_text(NAMES.format("Harbour", f"{KEY},{FRESH}"))
    assert keys() == [KEY], "who is started meanwhile is set up as the others are"
    assert bootstrap.reload() and keys() == [KEY, FRESH]
    for wrong, name in (
        (NAMES.format("", "short"), "INTERVIEWER_ORGANISATION"),
        (NAMES.format("Weir", KEY) + "INTERVIEWER_LINK_DAYS=ever\n", "INTERVIEWER_LINK_DAYS"),
        (NAMES.format("Weir", KEY) + "INTERVIEWER_SMTP_HOST=mail\n", "INTERVIEWER_SMTP_FROM"),
        (NAMES.format("Weir", KEY) + "INTERVIEWER_FLOWS_DIR=nowhere\n", "INTERVIEWER_FLOWS_DIR"),
        (NAMES.format("Weir", KEY) + "OPENAI_BASE_URL=nowhere\n", "OPENAI_BASE_URL"),
    ):
        file.write_text(wrong)
        with capture_logs() as logged:
            assert not bootstrap.reload()
        assert any(line["problem"].startswith(name) for line in logged), wrong
        assert keys() == [KEY, FRESH] and bootstrap.inherited_settings().organisation == "Harbour"
    file.write_bytes(b"INTERVIEWER_ORGANISATION=\xff\xfe\n")
    with capture_logs() as logged:
        assert not bootstrap.reload()
    assert "plain text" in logged[0]["problem"] and keys() == [KEY, FRESH]


def test_a_key_can_be_learned_before_it_signs(file: Path) -> None:
    """As docs/settings.md has it: what is last signs, all verify, and people are kept under the first."""
    old, learning = Links([KEY], "https://x"), Links([KEY, FRESH, KEY], "https://x")
    bootstrap.check_keys(Settings(secret_keys=(KEY, FRESH, KEY)))
    fresh = Links([KEY, FRESH], "https://x")
    assert old.read(Purpose.BROWSER, learning.sign(Purpose.BROWSER, "a")) == "a"
    assert learning.read(Purpose.BROWSER, fresh.sign(Purpose.BROWSER, "b")) == "b"
    assert len({suppression.mark(links.keys, "kim@buyer.example") for links in (old, learning, fresh)}) == 1


def test_names_that_nobody_reads_are_told_with_the_one_that_is_meant(file: Path) -> None:
    env = dict.fromkeys(("INTERVIEWER_ORGANIZATION", "INTERVIEWER_ZZ", "INTERVIEWER_PRODUCT", "interviewer_asker"), "x")
    assert environment.unknown(env) == {"INTERVIEWER_ORGANIZATION": "INTERVIEWER_ORGANISATION", "INTERVIEWER_ZZ": ""}
    assert environment.unknown(dict.fromkeys(test_docs.read_by_code(), "x")) == {}
    with file.open("a") as more:
        more.write("INTERVIEWER_CONTACTS=x\n")
    with capture_logs() as logged:
        assert bootstrap.reload()
    assert [(line["name"], line["meant"]) for line in logged] == [("INTERVIEWER_CONTACTS", "INTERVIEWER_CONTACT")]


def test_what_members_read_is_known() -> None:
    fields = {f"INTERVIEWER_{field.upper()}" for field in bootstrap.Settings.model_fields}
    assert set(environment.OF_MEMBERS) == test_docs.read_by_code() - test_docs.OF_OTHERS - fields


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("METRICS_TOKEN", "canary", "cannot be used. Token that /metrics is read with, at least 16 characters"),
        ("LINK_DAYS", "900", "'900' cannot be used: input should be less than or equal to 730. Days that"),
        ("DATABASE_URL", "mysql://me:canary@db/x", "cannot be used. SQLite or PostgreSQL URL"),
        ("ACCENT", "red", "'red' cannot be used. Accent colour"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_words(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"INTERVIEWER_{name}", value)
    with pytest.raises(BadInput) as caught:
        bootstrap.inherited_settings()
    (problem,) = caught.value.problems
    assert problem.where == f"INTERVIEWER_{name}" and problem.what.startswith(told)
    assert "canary" not in str(problem), "secrets are not repeated"
