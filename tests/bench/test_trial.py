"""`interviewer doctor --model`: what it says of servers that do the job, and of those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from click.testing import Result
from typer.testing import CliRunner

from interviewer import bootstrap
from interviewer.bench import answers, trial
from interviewer.cli.commands import app
from interviewer.settings import Settings
from tests.fakes.model_server import ModelServer

FLOWS = bootstrap.read_flows(Settings())


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def examined(server: ModelServer, monkeypatch: pytest.MonkeyPatch, model: str, *options: str) -> Result:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("INTERVIEWER_MODEL", model)
    return CliRunner().invoke(app, ["doctor", "--model", *options])


def line(result: Result, what: str) -> str:
    (found,) = [text for text in result.output.splitlines() if text[6:].startswith(f"{what} ")]
    return found


def test_no_held_out_answer_is_shown_to_a_model() -> None:
    chosen = trial.choose(answers.shipped(FLOWS))
    assert not any(label.held_out for label in chosen)
    kinds = Counter((label.language, label.next) for label in chosen)
    assert {language for language, _ in kinds} >= {"en", "de", "es", "fr", "pt", "id"}
    assert set(kinds.values()) == {trial.A_LANGUAGE // 2}


def test_a_server_that_does_the_job(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    result = examined(server, monkeypatch, "fake-1", "--price-in", "1", "--price-out", "2")
    assert result.exit_code == 0, result.output
    assert "by schema" in line(result, "format")
    assert "in pieces" in line(result, "streaming")
    assert "judged, not obeyed" in line(result, "orders")
    assert "by rules alone" in line(result, "choices")
    for language in ("de", "en", "es", "fr", "id", "pt"):
        assert f"{language} 4/4" in line(result, "languages")
    assert "at these prices" in line(result, "cost")
    asked = [request for request in server.requests if "interview" in request.said]
    assert len(asked) == len(trial.choose(answers.shipped(FLOWS))) + 1


@pytest.mark.parametrize(
    ("scenario", "what", "words"),
    [
        ("401", "model", "check the key"),
        ("500", "model", "try again"),
        ("leading", "words", "leading"),
        ("wrong_option", "words", "for another step"),
        ("foreign", "languages", "another model for"),
        ("whole", "model", "nothing came in the model's stream"),
    ],
)
def test_a_server_that_does_not(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, scenario: str, what: str, words: str
) -> None:
    result = examined(server, monkeypatch, f"fake:{scenario}")
    assert result.exit_code == 1
    assert line(result, what).startswith("fail")
    assert words in line(result, what)


@pytest.mark.parametrize(
    ("scenario", "what", "words"),
    [
        ("plain_only", "format", "plain text"),
        ("store_unknown", "terms", "look up what this server keeps"),
        ("uncounted", "counting", "estimated by length"),
        ("one_piece", "streaming", "in one piece"),
        ("obedient", "orders", "does what an answer tells it"),
    ],
)
def test_a_server_with_something_to_know(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, scenario: str, what: str, words: str
) -> None:
    result = examined(server, monkeypatch, f"fake:{scenario}")
    assert words in line(result, what)
    assert result.exit_code == 0, result.output


def test_a_server_that_refuses_grim_answers(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    result = examined(server, monkeypatch, "fake:squeamish")
    assert "the flow's own words stood in" in line(result, "refusals")
    assert result.exit_code == 0, result.output


def test_without_a_model_there_is_nothing_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_LLM", "scripted")
    result = CliRunner().invoke(app, ["doctor", "--model"])
    assert result.exit_code == 1
    assert "none is configured" in line(result, "model")
