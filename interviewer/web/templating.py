"""Pages and fragments from templates. A fragment is a named block inside its page."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from interviewer.errors import BadInput, Problem
from interviewer.languages import names
from interviewer.settings import Settings
from interviewer.web.static import Static
from interviewer.web.theme import Theme, from_accent

_LOGO_LIMIT = 100 * 1024
_LOGO_TYPES = (".png", ".jpg", ".jpeg", ".webp")


class Templates:
    """The templates with what all of them share: static addresses, the theme, the organisation's mark."""

    def __init__(self, settings: Settings, static: Static) -> None:
        theme = from_accent(settings.accent)
        static.add("theme.css", theme.css.encode())
        self.buyer_style = theme.css + packed(static.text("buyer.css"))
        self.environment = Environment(
            loader=PackageLoader("interviewer.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(
            static=static.url,
            theme_url=static.url("theme.css"),
            buyer_style=Markup(self.buyer_style),  # noqa: S704 our own file and checked colours
            organisation=settings.organisation,
            asker=settings.asker,
            asker_role=settings.asker_role,
            initial=(settings.organisation or "?")[0].upper(),
            logo_url=_logo(settings.logo, static),
            icon_url=_icon(settings, theme),
            language_name=names.name,
        )

    def render(self, template: str, context: dict[str, Any], *, block: str = "") -> str:
        found = self.environment.get_template(template)
        if not block:
            return found.render(context)
        return "".join(found.blocks[block](found.new_context(context)))


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """The whole page."""
    templates: Templates = request.app.state.templates
    return HTMLResponse(
        templates.render(template, {"request": request, **context}), status, headers={"Vary": "HX-Request"}
    )


def fragment(
    request: Request, template: str, block: str, *, otherwise: str, status: int = 200, **context: Any
) -> Response:
    """The block for htmx. Others get a 303 to `otherwise`, or with an error status the whole page."""
    if not is_htmx(request):
        if status < 400:
            return RedirectResponse(otherwise, 303)
        return page(request, template, status=status, **context)
    templates: Templates = request.app.state.templates
    body = templates.render(template, {"request": request, **context}, block=block)
    return HTMLResponse(body, status, headers={"Vary": "HX-Request"})


def is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def packed(style: str) -> str:
    """A style sheet without comments and idle space, for inlining."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    return re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", style)).replace(";}", "}").strip()


def _logo(path: Path | None, static: Static) -> str:
    """The address of the organisation's logo, or empty. Raises BadInput for a file that cannot be one."""
    if path is None:
        return ""
    problem = (
        "is not there"
        if not path.is_file()
        else "is not a PNG, JPEG or WebP file"
        if path.suffix.lower() not in _LOGO_TYPES
        else "is larger than 100 kB"
        if path.stat().st_size > _LOGO_LIMIT
        else ""
    )
    if problem:
        raise BadInput([Problem("INTERVIEWER_LOGO", f"{path} {problem}")])
    name = f"logo{path.suffix.lower()}"
    static.add(name, path.read_bytes())
    return static.url(name)


def _icon(settings: Settings, theme: Theme) -> str:
    """The tab's icon as a data address: it costs no request."""
    letter = Markup.escape((settings.organisation or "?")[0].upper())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="9" fill="{theme.light["accent"]}"/>'
        '<text x="16" y="22" font-family="sans-serif" font-size="17" font-weight="700" text-anchor="middle" '
        f'fill="{theme.light["on-accent"]}">{letter}</text></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
