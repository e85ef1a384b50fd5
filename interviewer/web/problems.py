"""What goes wrong, as programs read it: `application/problem+json` (RFC 9457). Statuses come from `errors.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import Request, Response

from interviewer.errors import Problem

MEDIA_TYPE = "application/problem+json"
PLACE = "/api/"
"""Paths under which programs read."""

DETAILS: Mapping[int, str] = {
    401: "Send a key that works: `Authorization: Bearer ivk_…`. An admin makes one at the desk, under API keys.",
    403: "This key's role or scopes do not reach that.",
    404: "There is nothing here.",
    405: "Here can only be read: GET and HEAD.",
    422: "The address says something that cannot be meant; `errors` says where.",
    429: "Too many requests with this key. `Retry-After` says when to come back.",
    500: "This is our fault. It was logged, without what was asked.",
    503: "The database cannot be reached now. Trying again later may help.",
}


def wanted(request: Request) -> bool:
    return request.url.path.startswith(PLACE)


def answer(status: int, problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None) -> Response:
    """The problem of this status; `problems` say what was wrong with which part of the address."""
    body: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if status in DETAILS:
        body["detail"] = DETAILS[status]
    if problems:
        body["errors"] = [{"where": problem.where, "what": problem.what} for problem in problems]
    return Response(json.dumps(body, ensure_ascii=False), status, headers=headers, media_type=MEDIA_TYPE)
