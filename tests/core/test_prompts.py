"""Prompt files: filled exactly, identified by their text, and called with the placeholders that they have."""

import ast
from pathlib import Path

import pytest

from interviewer import prompts, resources
from interviewer.prompts import Prompts

SHIPPED = prompts.from_folder(resources.folder("prompts"))
PACKAGE = Path(prompts.__file__).parent


def _loads() -> list[tuple[str, str, frozenset[str]]]:
    """Each `….prompts.load(name, key=…)` in the package: where, the prompt's name, the names given.

    The name is written there or is a constant of the module.
    """
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            name.id: line.value.value
            for line in tree.body
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
            for name in line.targets
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="prompts"), attr="load"), args=[name, *_]):
                    given = frozenset(word.arg or "**" for word in node.keywords)
                    told = name.value if isinstance(name, ast.Constant) else constants[ast.unparse(name)]
                    found.append((f"{file.name}:{node.lineno}", str(told), given))
    return found


def test_placeholders_are_filled_and_nothing_else_is_touched() -> None:
    filled = Prompts({"ask_it": 'As {"a": "$one"} for $$5, ${two}.'}).load("ask_it", one="$two {x}", two="B")
    assert filled.text == 'As {"a": "$two {x}"} for $5, B.'


def test_the_id_tells_the_file_not_what_was_filled_in() -> None:
    first, second = (Prompts({"ask_it": "Ask $who."}).load("ask_it", who=who) for who in ("Ann", "Bo"))
    changed = Prompts({"ask_it": "Ask $who!"}).load("ask_it", who="Ann")
    assert first.id == second.id != changed.id
    assert first.id.startswith("ask_it@")
    assert len(first.id) == len("ask_it@") + 8


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("ask_it", {}, "who is missing"),
        ("ask_it", {"who": "Ann", "why": "x"}, "why is not in it"),
        ("ask_them", {"who": "Ann"}, "no such file"),
    ],
)
def test_missing_and_unknown_names_fail(name: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Prompts({"ask_it": "Ask $who."}).load(name, **values)


def test_a_stray_dollar_fails_when_the_prompts_are_read() -> None:
    with pytest.raises(ValueError, match="ask_it"):
        Prompts({"ask_it": "Costs 5$ at most"})


@pytest.mark.parametrize(
    ("where", "name", "given"),
    _loads(),
    ids=lambda value: " ".join(sorted(value)) if isinstance(value, frozenset) else value,
)
def test_every_caller_gives_the_placeholders_of_its_prompt(where: str, name: str, given: frozenset[str]) -> None:
    """What a function gives by `**` is tested beside that function."""
    wanted = SHIPPED.placeholders(name)
    assert given - {"**"} <= wanted
    assert "**" in given or given == wanted


def test_every_prompt_is_used() -> None:
    assert {name for _, name, _ in _loads()} == set(SHIPPED.names)
