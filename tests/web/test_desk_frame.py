"""The frame around the desk's pages names who is signed in, whomever and whatever the page is about."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, meta, nodes

from interviewer import people
from interviewer.deps import Deps
from tests.web.desk_scene import Browser, path_of

FRAME = "desk/_layout.html"
TEMPLATES = Environment(loader=PackageLoader("interviewer.web", "templates"), autoescape=True)


def parsed(template: str) -> nodes.Template:
    return TEMPLATES.parse(TEMPLATES.loader.get_source(TEMPLATES, template)[0])  # type: ignore[union-attr]


def names_set(inside: nodes.Node) -> Iterator[str]:
    """What a page sets outside its blocks: the frame that it extends sees that, and nothing of what is set in them."""
    for node in inside.iter_child_nodes():
        match node:
            case nodes.Block() | nodes.For() | nodes.With() | nodes.CallBlock():
                continue
            case nodes.Macro():
                yield node.name
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (name if isinstance(name, str) else name[1] for name in node.names)
            case nodes.Assign() | nodes.AssignBlock():
                yield from (name.name for name in node.find_all(nodes.Name) if name.ctx == "store")
            case nodes.If():
                yield from names_set(node)


PAGES = [
    name
    for name in TEMPLATES.list_templates(extensions=["html"])
    if any(isinstance(node.template, nodes.Const) and node.template.value == FRAME
           for node in parsed(name).find_all(nodes.Extends))
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_page_sets_what_the_frame_reads(page: str) -> None:
    assert not set(names_set(parsed(page))) & meta.find_undeclared_variables(parsed(FRAME))


def test_the_pages_are_found() -> None:
    assert {"desk/colleague.html", "desk/library.html", "desk/interview.html"} <= set(PAGES)
    assert "who" in meta.find_undeclared_variables(parsed(FRAME))


async def test_a_colleagues_page_names_its_reader_at_the_side(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        otto = await people.add_user(sqlite_deps, "otto@tidewater.example", "sales", name="Otto Seller")
        text = (await browser.get(f"/desk/people/{otto}")).text
    assert "<h1>Otto Seller</h1>" in text and "Disable Otto Seller" in text
    assert '<div class="account"><b>Admin</b>' in text


async def test_a_team_is_called_alike_on_every_page(app: FastAPI, sqlite_deps: Deps) -> None:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, "admin")
        rita = await people.add_user(sqlite_deps, "rita@tidewater.example", "revops", name="Rita")
        for page in ("/desk/people", f"/desk/people/{rita}", "/desk/keys"):
            text = (await browser.get(page)).text
            assert "evenue operations" in text and ">revops<" not in text, page
        await browser.post("/desk/sign-out")
        await browser.post(path_of(await people.make_link(sqlite_deps, "rita@tidewater.example")))
        assert ">revenue operations<" in (await browser.get("/desk/released")).text
