"""The files that people deploy with name settings, options, paths and commands that there are."""

from __future__ import annotations

import re
import shlex
import stat
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.main import get_command

from interviewer.settings import Settings

ROOT = Path(__file__).parents[2]
OF_COMPOSE = {"DOMAIN", "POSTGRES_PASSWORD"}
"""What compose itself fills in."""


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables(text: str) -> list[str]:
    """Names that are set in a file of settings."""
    return re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(page("compose.yaml"))
    return read


@pytest.fixture(scope="module")
def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page("docs/settings.md"), re.MULTILINE))


def serve(words: list[str]) -> dict[str, Any]:
    """Options of `interviewer serve` as the command line takes them. Fails for one that it does not know."""
    from interviewer.cli.commands import app

    group = get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert words[0] == "serve"
    return group.commands["serve"].make_context("serve", words[1:]).params


def test_every_variable_is_a_setting(compose: dict[str, Any], documented: set[str]) -> None:
    example = variables(page("deploy/env.example"))
    assert set(example) - OF_COMPOSE <= documented and set(example) >= OF_COMPOSE
    given = set(compose["services"]["app"]["environment"])
    given |= set(re.findall(r"^Environment=([A-Z_]+)=", page("deploy/interviewer.service"), re.MULTILINE))
    given |= set(re.findall(r"^    (INTERVIEWER_[A-Z_]+)=", page("Dockerfile"), re.MULTILINE))
    assert given - OF_COMPOSE <= documented
    assert set(re.findall(r"\$\{([A-Z_]+)", page("compose.yaml"))) == OF_COMPOSE
    environment = compose["services"]["app"]["environment"]
    assert set(example) & set(environment) == OF_COMPOSE, "compose would win over others, unseen"
    assert not any(environment[name] for name in OF_COMPOSE), "the application has no use for them"


def test_the_example_leaves_out_nothing_that_is_needed_and_no_secret_is_filled_in() -> None:
    text = page("deploy/env.example")
    for name in ("SECRET_KEYS", "ORGANISATION", "PRODUCT", "ASKER"):
        assert f"INTERVIEWER_{name}" in variables(text)
    secret = re.findall(r"^(\w*(?:PASSWORD|KEY|KEYS|SECRET))=(.*)$", text, re.MULTILINE)
    assert secret and all(value == "" for _, value in secret)


def test_what_the_example_sets_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in re.findall(r"^([A-Z_]+)=(.*)$", page("deploy/env.example"), re.MULTILINE):
        monkeypatch.setenv(name, value)
    assert Settings().asker == "Mara Lindqvist"


def test_compose_believes_the_proxy_alone_and_shows_nothing_else(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]
    options = serve(services["app"]["command"])
    (subnet,) = networks["front"]["ipam"]["config"]
    assert ip_network(options["proxy"]) == ip_network(subnet["subnet"]) and networks["front"]["internal"]
    assert {name for name, service in services.items() if "front" in service["networks"]} == {"app", "proxy"}
    assert set(services["app"]["networks"]) & set(services["proxy"]["networks"]) == {"front"}
    assert set(services["db"]["networks"]) == {"back"} and networks["back"]["internal"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_compose_names_volumes_files_and_services_that_there_are(compose: dict[str, Any]) -> None:
    used = {name for service in compose["services"].values() for name in service.get("volumes", ())}
    for volume in used:
        source, _, _ = volume.partition(":")
        assert (ROOT / source).is_file() if source.startswith("./") else source in compose["volumes"], volume
    for service in compose["services"].values():
        for name, condition in service.get("depends_on", {}).items():
            waited_for = compose["services"][name]
            assert condition["condition"] == "service_healthy"
            assert "healthcheck" in waited_for or "HEALTHCHECK" in page("Dockerfile")
    app = compose["services"]["app"]
    assert app["read_only"] and app["cap_drop"] == ["ALL"]
    assert app["environment"]["INTERVIEWER_DATA_DIR"] in {volume.partition(":")[2] for volume in app["volumes"]}


def test_the_image_holds_what_the_package_needs_and_runs_as_nobody() -> None:
    text, ignored = page("Dockerfile"), page(".dockerignore").split()
    copied = {name for words in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in words.split()}
    assert {f"!{name}" for name in copied} == {line for line in ignored if line.startswith("!")}
    assert all((ROOT / name).exists() for name in copied)
    forced = re.search(r"force-include\]\n(.+?)\n\n", page("pyproject.toml"), re.DOTALL)
    assert forced and set(re.findall(r'^"(\w+)" =', forced[1], re.MULTILINE)) <= copied
    assert re.search(r"^USER interviewer$", text, re.MULTILINE)
    (words,) = re.findall(r"^CMD \[(.+)\]$", text, re.MULTILINE)
    assert serve([word.strip(' "') for word in words.split(",")])["workers"] == 2


def test_the_unit_starts_what_the_page_installs() -> None:
    unit, guide = page("deploy/interviewer.service"), page("docs/deploy.md")
    (start,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    program, *words = shlex.split(start)
    assert serve(words)["proxy"] == "127.0.0.1" and serve(words)["host"] == "127.0.0.1"
    folder = Path(program).parents[1]
    assert f"python3 -m venv {folder}" in guide and f"{folder}/bin/pip install" in guide
    (state,) = re.findall(r"^StateDirectory=(.+)$", unit, re.MULTILINE)
    assert f"/var/lib/{state}" in guide and f"Environment=INTERVIEWER_DATA_DIR=/var/lib/{state}" in unit


def test_a_stop_is_waited_for_longer_than_it_takes(compose: dict[str, Any]) -> None:
    from interviewer.cli.serve import GRACE_S
    from interviewer.web.buyer.replies import HAND_BACK_S

    unit, app = page("deploy/interviewer.service"), compose["services"]["app"]
    (patience,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    (start,) = re.findall(r"^ExecStart=\S+ (.+)$", unit, re.MULTILINE)
    drained_s, worked_s = 10, 20  # Replies.drain and Engine.stop, after the requests
    longest_s = GRACE_S + drained_s + HAND_BACK_S + worked_s
    assert f"at most {longest_s:.0f} seconds" in page("docs/operations.md")
    for seconds, words in (
        (int(patience), shlex.split(start)),
        (int(app["stop_grace_period"].rstrip("s")), app["command"]),
    ):
        assert seconds > serve(words)["drain"] + longest_s


def test_a_reload_starts_one_process_anew() -> None:
    """It ends by SIGTERM, which to systemd is no failure: `on-failure` would leave it ended."""
    unit = page("deploy/interviewer.service")
    assert re.search(r"^ExecReload=/bin/kill -HUP \$MAINPID$", unit, re.MULTILINE)
    assert re.search(r"^Restart=always$", unit, re.MULTILINE)


def test_the_image_can_be_built_by_the_docker_of_debian_12() -> None:
    """Which knows no `--start-interval`, and stops at it."""
    (given,) = re.findall(r"^HEALTHCHECK (.+) CMD", page("Dockerfile"), re.MULTILINE)
    assert set(re.findall(r"--([a-z-]+)=", given)) <= {"interval", "timeout", "start-period", "retries"}


def test_the_proxy_waits_longer_than_a_restart_takes() -> None:
    for name in ("deploy/Caddyfile", "docs/deploy.md"):
        (seconds,) = re.findall(r"lb_try_duration (\d+)s", page(name))
        assert int(seconds) >= 60, name


def test_so_many_processes_fit_beside_a_command_as_the_page_says() -> None:
    each = Settings.model_fields["database_connections"].default + 7  # of background work
    said = re.search(
        r"allows (\d+) unless told otherwise, (\d+) of them for its administrator: (\d+) processes fit",
        page("docs/deploy.md"),
    )
    assert said
    allowed, kept, processes = map(int, said.groups())
    assert (processes + 1) * each <= allowed - kept < (processes + 2) * each


def test_the_python_of_the_system_makes_what_the_service_runs() -> None:
    """Another one, in a home folder, is out of the unit's sight."""
    assert "\n/usr/bin/python3 -m venv /opt/interviewer/venv\n" in page("docs/deploy.md")


def test_logs_and_memory_have_an_end(compose: dict[str, Any]) -> None:
    assert all(service["logging"]["options"]["max-size"] for service in compose["services"].values())
    assert compose["services"]["app"]["mem_limit"]


def test_files_that_the_page_names_are_there() -> None:
    guide = page("docs/deploy.md")
    for name in re.findall(r"deploy/[\w.-]+", guide):
        assert (ROOT / name).is_file(), name
    assert (ROOT / "deploy/as-interviewer").stat().st_mode & stat.S_IXUSR
