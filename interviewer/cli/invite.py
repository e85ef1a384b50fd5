"""`interviewer invite`: links for one person or for a file of them, ready for any mail tool."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from interviewer.cli.running import with_deps
from interviewer.errors import BadInput
from interviewer.invitees import MAX_BYTES, Invitee, read
from interviewer.languages import names

if TYPE_CHECKING:
    from interviewer.deps import Deps
    from interviewer.invitations import Invited

COLUMNS = ("link", "opt_out_link", "name", "email", "flow", "created")
_DEAL = "The deal (never shown to the interviewer)"


def _deal(text: str) -> Any:
    return typer.Option(help=text, rich_help_panel=_DEAL, show_default=False)


def invite(
    email: Annotated[str, typer.Option(help="Invite one person, at this address.", show_default=False)] = "",
    file: Annotated[
        str, typer.Option("--csv", help="Invite everybody in a CSV file; `-` reads it from a pipe.", show_default=False)
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Write the links to this file instead of printing them.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, instead of CSV.")] = False,
    ignore_unknown: Annotated[
        bool, typer.Option("--ignore-unknown", help="Leave out columns that are not known, instead of refusing them.")
    ] = False,
    skip_refused: Annotated[
        bool,
        typer.Option("--skip-refused", help="Leave out people who must not be asked, instead of refusing the file."),
    ] = False,
    name: Annotated[str, typer.Option(help="Their name.", show_default=False)] = "",
    role: Annotated[str, typer.Option(help="Their part in the decision.", show_default=False)] = "",
    company: Annotated[str, typer.Option(help="Their company.", show_default=False)] = "",
    flow: Annotated[
        str, typer.Option(help="loss, win, no_decision, churn, midpoint or your own.", show_default="loss")
    ] = "",
    language: Annotated[
        str, typer.Option(help="Language of the interview: en, de, es, fr, id or pt.", show_default="en")
    ] = "",
    product: Annotated[str, typer.Option(help="What they looked at, if not the usual.", show_default=False)] = "",
    segment: Annotated[str, typer.Option(help="Market segment.", show_default=False)] = "",
    deal_id: Annotated[str, _deal("Id in the CRM; an address is asked once for each deal.")] = "",
    amount: Annotated[str, _deal("Amount, without the currency.")] = "",
    currency: Annotated[str, _deal("Three letters, such as EUR.")] = "",
    closed_on: Annotated[str, _deal("Day it closed, such as 2026-11-03.")] = "",
    owner: Annotated[str, _deal("Who owns it.")] = "",
    rep_reason: Annotated[str, _deal("Reason as the rep logged it.")] = "",
    rep_competitor: Annotated[str, _deal("Competitor as the rep logged it.")] = "",
    reason_category: Annotated[str, _deal("Category in the CRM.")] = "",
    reason_driver: Annotated[str, _deal("Driver in the CRM.")] = "",
    reason_explanation: Annotated[str, _deal("Explanation in the CRM.")] = "",
    primary_competitor: Annotated[str, _deal("Main competitor in the CRM.")] = "",
    incumbent: Annotated[str, _deal("What they had before.")] = "",
    selected_competitor: Annotated[str, _deal("Whom they chose.")] = "",
) -> None:
    """Make personal interview links: one with `--email`, or many with `--csv FILE`.

    Nothing is mailed. The links come out as CSV or JSON lines with `link`, `opt_out_link`, `name`, `email` and
    `flow`, for a mail tool to merge. A file is taken whole or not at all, and taking it twice invites nobody twice.
    """
    given = {key: value for key, value in locals().items() if key in Invitee.__dataclass_fields__}
    if bool(email) == bool(file):
        raise typer.BadParameter("give either --email ADDRESS or --csv FILE", param_hint="--email / --csv")
    if file:
        invitees: Sequence[Invitee] = read(_content(file), ignore_unknown=ignore_unknown)
    else:
        invitees = [Invitee(**given)]
    invited, spoken = _invite(invitees, skip_refused)
    if out:
        with _private(out) as target:
            _write(invited, target, as_json)
    elif as_json or file:
        _write(invited, sys.stdout, as_json)
    else:
        for made in invited:
            typer.echo(f"{made.link}\n\nTo opt out, for the mail's footer:\n{made.opt_out_link}")
    _sum_up(invited, len(invitees), out)
    others = {invitee.language.strip().lower().partition("-")[0] for invitee in invitees} - spoken - {""}
    if others:
        named = ", ".join(names.name_and_code(code) for code in sorted(others))
        typer.secho(f"There are no words in {named} yet: these buyers read English.", err=True)


def _invite(invitees: Sequence[Invitee], skip_refused: bool) -> tuple[list[Invited], set[str]]:
    """The invited, and the languages that buyers' pages can speak."""
    from interviewer import invitations

    async def work(deps: Deps) -> tuple[list[Invited], set[str]]:
        return await invitations.invite(deps, invitees, skip_refused=skip_refused), set(deps.languages.texts)

    try:
        return with_deps(work)
    except BadInput:
        typer.secho("Nobody was invited:", err=True, bold=True)
        raise


def _content(file: str) -> bytes:
    """The file's bytes; one too many where it is over the limit, for `read` to refuse."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(file).open("rb") as source:
        return source.read(MAX_BYTES + 1)


def _private(path: Path) -> TextIO:
    """A new file that only its owner may read: each line of it opens an interview."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")


def _write(invited: Sequence[Invited], target: TextIO, as_json: bool) -> None:
    rows = [{column: getattr(made, column) for column in COLUMNS} for made in invited]
    if as_json:
        target.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return
    sheet = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    sheet.writeheader()
    sheet.writerows({column: _cell(value) for column, value in row.items()} for row in rows)


def _cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula (trust.md 23)."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _sum_up(invited: Sequence[Invited], rows: int, out: Path | None) -> None:
    new = sum(made.created for made in invited)
    parts = [f"{new} invited", f"{len(invited) - new} there already", f"{rows - len(invited)} left out"]
    told = ", ".join(part for part in parts if not part.startswith("0 ")) or "nobody to invite"
    typer.secho(f"{told[0].upper()}{told[1:]}{f', in {out}' if out else ''}.", err=True, dim=True)
    if kept := sum(made.deal_kept for made in invited):
        deals = "1 deal stays" if kept == 1 else f"{kept} deals stay"
        typer.secho(f"{deals} as typed at the desk, though the file says something else.", err=True)
