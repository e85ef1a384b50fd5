"""No template brings code of its own: no styles, handlers or scripts in it, and nothing unescaped (trust.md 21)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "interviewer"
TEMPLATES = sorted(PACKAGE.rglob("*.html"))
STYLED = {"web/templates/buyer/_layout.html", "notify/templates/layout.html"}
"""One element each: ours by its hash, and that of mails, where there is no other way."""
MADE_SAFE = {"web/templating.py": 1}
"""Where code says that a text is markup, and how often: the buyers' style, which is a file of ours."""

NEVER = {
    "a style of its own": r"\sstyle\s*=",
    "a handler": r"\son[a-z]+\s*=",
    "htmx's handlers": r"hx-on",
    "htmx that evaluates": r"hx-vals\s*=\s*[\"']?js:|hx-(?:trigger|vars)\s*=\s*[\"'][^\"']*\[|hx-vars",
    "an inline script": r"<script(?![^>]*\bsrc=)|<script[^>]*>\s*[^<\s]",
    "a script of elsewhere": r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)\s*=\s*[\"']?(?:https?:|//)",
    "an address that is code": r"javascript:",
}


def found(text: str) -> list[str]:
    """What a template must not have and has."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    markup = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    told = [name for name, pattern in NEVER.items() if re.search(pattern, markup, re.IGNORECASE)]
    return told + ["unescaped"] * bool(re.search(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_brings_no_code(template: Path) -> None:
    text = template.read_text("utf-8")
    assert found(text) == []
    assert len(re.findall(r"<style", text)) == (template.relative_to(PACKAGE).as_posix() in STYLED)


def test_all_of_them_are_looked_at() -> None:
    assert len(TEMPLATES) > 100
    assert {path.relative_to(PACKAGE).as_posix() for path in TEMPLATES} >= STYLED


def test_code_calls_nothing_markup_that_is_not_ours() -> None:
    told = {
        path.relative_to(PACKAGE).as_posix(): len(re.findall(r"\bMarkup\(", path.read_text("utf-8")))
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: number for name, number in told.items() if number} == MADE_SAFE


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        '<p class=x\n  onclick="go()">',
        "<a {% if x %} onmouseover=y{% endif %}>",
        '<button hx-on:click="go()">',
        "{{ answer|safe }}",
        "{{ answer | safe }}",
        "{% autoescape false %}",
        "<script>go()</script>",
        '<script defer>go("src=")</script>',
        '<script src="x.js">go()</script>',
        '<script src="https://evil.example/x.js"></script>',
        '<link rel=stylesheet href="//evil.example/x.css">',
        '<a href="javascript:go()">',
        "<p hx-vals='js:{a: go()}'>",
    ],
)
def test_the_look_finds_what_it_is_for(text: str) -> None:
    assert found(text)
