"""What the documentation says is there, is there; and what is there is documented."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from interviewer.flows import words
from interviewer.invitees import COLUMNS
from interviewer.llm import PROVIDERS
from interviewer.schedulers import SCHEDULERS
from interviewer.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("interviewer/**/*.py")]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OF_OTHERS = {"OPENAI_API_KEY", "OPENAI_BASE_URL"}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documented() -> dict[str, str]:
    """Variables in the tables of docs/settings.md, with their defaults."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", page("docs/settings.md"), re.MULTILINE))


def read_by_code() -> set[str]:
    """Variables that the code reads: those of Settings, and those that registry members read by name."""
    names = {f"INTERVIEWER_{field.upper()}" for field in Settings.model_fields} | OF_OTHERS
    smtp = page("interviewer/notify/smtp.py")
    oidc = page("interviewer/identity/__init__.py")
    names |= {f"INTERVIEWER_OIDC_{name}" for name in re.findall(r"(?:_read|_flag)\(env, \"([A-Z_]+)\"", oidc)}
    for path in ROOT.glob("interviewer/schedulers/*.py"):
        names |= set(re.findall(r"read_secret\(\"([A-Z_]+)\"", path.read_text(encoding="utf-8")))
    return names | {f"INTERVIEWER_SMTP_{name}" for name in re.findall(r"(?:_read|_flag)\(env, \"([A-Z]+)\"", smtp)}


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    assert set(documented()) == read_by_code()


@pytest.mark.parametrize("field", Settings.model_fields)
def test_documented_defaults_are_the_defaults(field: str) -> None:
    default = Settings.model_fields[field].default
    said = documented()[f"INTERVIEWER_{field.upper()}"]
    if default in ("", None, ()):
        assert not said.startswith("`") or field == "llm"
    else:
        assert said == f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_setting_describes_itself() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_no_variable_is_named_that_nobody_reads() -> None:
    named = {
        (path.name, name)
        for path in [*PAGES, *SOURCES]
        if path.is_file()
        for name in re.findall(r"\b(?:INTERVIEWER|OPENAI)_[A-Z_]+[A-Z]\b(?!\*)", path.read_text(encoding="utf-8"))
    }
    known = read_by_code() | {"INTERVIEWER_SMTP", "INTERVIEWER_OIDC"}
    assert {(where, name) for where, name in named if name not in known} == set()


def commands(command: typer.core.TyperGroup, prefix: str = "interviewer") -> dict[str, set[str]]:
    """Every command of the command line with its options."""
    found = {}
    for name, sub in command.commands.items():
        if isinstance(sub, typer.core.TyperGroup):
            found |= commands(sub, f"{prefix} {name}")
        else:
            found[f"{prefix} {name}"] = {option for parameter in sub.params for option in parameter.opts}
    return found


@pytest.fixture(scope="module")
def existing() -> dict[str, set[str]]:
    from interviewer.cli.commands import app

    command = get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    return commands(command)


def test_every_command_and_option_is_documented(existing: dict[str, set[str]]) -> None:
    text = page("docs/command-line.md")
    for command, options in existing.items():
        assert f"`{command}" in text, command
        missing = {option for option in options if option.startswith("--") and f"`{option}`" not in text}
        assert not missing - {"--help"}, command


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_documented_commands_exist(path: Path, existing: dict[str, set[str]]) -> None:
    named = re.findall(r"(?:^|`)(interviewer [a-z][^`\n#|<>]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    for line in named:
        command = next(
            (name for name in sorted(existing, key=len, reverse=True) if f"{line} ".startswith(f"{name} ")), ""
        )
        groups = {name.rpartition(" ")[0] for name in existing}
        assert command or line.strip() in groups, line
        assert set(re.findall(r"--[a-z-]+", line)) <= existing.get(command, set()) | {"--help"}, line


def test_the_columns_of_the_invitations_file_are_documented() -> None:
    text = page("docs/command-line.md")
    assert [column for column in COLUMNS if f"`{column}`" not in text] == []


def test_the_flow_page_knows_the_word_lists_and_the_flows() -> None:
    text = page("docs/flows.md")
    assert {name for name in (*words.signals(), *words.told()) if f"`{name}`" not in text} == set()
    shipped = {path.stem for path in (ROOT / "interviewer/flows").glob("*.toml")}
    assert {name for name in shipped if f"| `{name}` |" not in text} == set()


def test_the_providers_are_documented() -> None:
    assert [name for name in PROVIDERS if f"`{name}`" not in page("docs/settings.md")] == []


def test_the_schedulers_are_documented() -> None:
    assert [name for name in SCHEDULERS if f"`{name}`" not in page("docs/settings.md")] == []


def test_the_lock_names_versions_and_nothing_of_the_machine_it_was_made_on() -> None:
    lines = [line for line in page("requirements.lock").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line) for line in lines)
    pinned = {line.partition("==")[0] for line in lines}
    wanted = re.findall(r"^  \"([a-z0-9-]+)", page("pyproject.toml"), re.MULTILINE)
    assert {name for name in wanted if name not in pinned} == set()
