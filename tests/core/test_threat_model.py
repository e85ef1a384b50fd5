"""The threat model and its neighbours say what is there: tests, modules, lines and pages."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/threat-model.md", "docs/privacy.md", "docs/legitimate-interest.md", "SECURITY.md")
MODEL = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
LINES = dict(re.findall(r"^\| T(\d+) \| (.+) \|$", MODEL, re.MULTILINE))


def test_every_line_of_trust_stands_in_it_once() -> None:
    found = re.findall(r"^\| T(\d+) \|", MODEL, re.MULTILINE)
    assert [int(number) for number in found] == list(range(1, 49))
    for first, last in re.findall(r"\bT(\d+)(?:-T(\d+))?", MODEL):
        assert 1 <= int(first) <= int(last or first) <= 48


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_held_by_tests_that_are_there(line: str) -> None:
    held_by = LINES[line].split(" | ")[-1]
    named = re.findall(r"`(tests/\w+/test_\w+\.py)::(test_\w+)`", held_by)
    assert named and ", ".join(f"`{file}::{test}`" for file, test in named) == held_by
    assert [(file, test) for file, test in named if not _runs(file, test)] == []


def _runs(file: str, test: str) -> bool:
    """Whether the file is there and has this test at its top, with something in it."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    found = [node for node in tree.body if isinstance(node, _FUNCTIONS) and node.name == test]
    return len(found) == 1 and any(isinstance(node, ast.Assert | ast.With | ast.Call) for node in ast.walk(found[0]))


def test_what_browsers_keep_is_told() -> None:
    sources = [*(ROOT / "interviewer/web").glob("*.py"), *(ROOT / "interviewer/web/desk").glob("*.py")]
    sources += [path for path in (ROOT / "static").glob("*.js") if path.name != "htmx.min.js"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = set(re.findall(r"[\"`](?:__Host-)?(interviewer-[a-z]+)\b", text)) | set(
        re.findall(r'"(desk-[a-z]+)"', text)
    )
    assert len(names) >= 6
    privacy = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in privacy} == set()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:\w+/)*\w+(?:\.py|/))`", text):
        assert (ROOT / "interviewer" / name).exists() or (ROOT / name).exists(), name
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert ((ROOT / page).parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES)
def test_links_into_pages_have_a_heading_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", text):
        target = ((ROOT / page).parent / name).read_text(encoding="utf-8") if name else text
        headings = re.findall(r"^#+ (.+)$", target, re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
