"""What the desk's forms ask: the blanks of a deal and of a call, and what is wrong with what was typed. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from interviewer import invitees
from interviewer.bodies import Category
from interviewer.invitees import Invitee
from interviewer.languages import names
from interviewer.records.forms import Blank, Choice, Group

NOT_RIVALS = ("in-house build", "spreadsheet", "paper", "nothing", "unknown")
"""Valid names of a competitor that are no company's (domain.md, "What an interview becomes")."""
ROLES = ("economic buyer", "champion", "detractor", "evaluator")
_RIVALS = "rivals"
_CATEGORIES = tuple(Choice(category.value, category.value.capitalize()) for category in Category)


@dataclass(frozen=True)
class Ask:
    """A blank before it is filled in. `suggest` are values to pick from; `_RIVALS` stands for names that are known."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    suggest: str | tuple[str, ...] = ()
    needed: bool = False


DEAL: Mapping[str, tuple[str, tuple[Ask, ...]]] = MappingProxyType(
    {
        "The deal": (
            "",
            (
                Ask("deal_id", "Id in the CRM"),
                Ask("amount", "Amount", hint="without the currency"),
                Ask("currency", "Currency", hint="three letters, such as EUR"),
                Ask("closed_on", "Closed on", "date"),
                Ask("owner", "Owner"),
            ),
        ),
        "What the CRM says": (
            "As it is logged there, right or wrong: it is set beside what the buyer says.",
            (
                Ask("reason_category", "Reason", "choice", choices=_CATEGORIES),
                Ask("reason_driver", "Driver", hint="in a few words: list price, support hours"),
                Ask("reason_explanation", "Explanation", "prose"),
                Ask("primary_competitor", "Closest competitor", suggest=_RIVALS),
                Ask("incumbent", "What they had before", suggest=_RIVALS),
                Ask("selected_competitor", "What they went with", suggest=_RIVALS),
            ),
        ),
        "What the rep says": (
            "",
            (
                Ask("rep_reason", "Reason, in the rep's words", "prose"),
                Ask("rep_competitor", "Competitor", suggest=_RIVALS),
            ),
        ),
    }
)
DEAL_FIELDS = tuple(ask.name for _, asks in DEAL.values() for ask in asks)


def deal_groups(
    values: Mapping[str, str], problems: Mapping[str, str], rivals: Collection[str] = ()
) -> tuple[Group, ...]:
    """The deal's blanks with what is in them."""
    return tuple(
        Group(title, hint, tuple(blank(ask, values, problems, rivals) for ask in asks))
        for title, (hint, asks) in DEAL.items()
    )


def blank(ask: Ask, values: Mapping[str, str], problems: Mapping[str, str], rivals: Iterable[str] = ()) -> Blank:
    value = values.get(ask.name, "")
    choices = ask.choices
    if value and choices and value not in {choice.value for choice in choices}:
        choices = (*choices, Choice(value, value))  # what the CRM calls it stays, until somebody picks another
    suggested = (*NOT_RIVALS, *rivals) if ask.suggest == _RIVALS else ask.suggest
    return Blank(
        name=ask.name,
        label=ask.label,
        kind=ask.kind,
        hint=ask.hint,
        choices=choices,
        suggestions=tuple(dict.fromkeys(suggested)),
        needed=ask.needed,
        value=value,
        problem=problems.get(ask.name, ""),
    )


def problems(values: Mapping[str, str], flows: Collection[str]) -> dict[str, str]:
    """What is wrong with what was typed of a buyer and a deal, by blank; an address may be missing."""
    given = {name: values.get(name, "") for name in invitees.COLUMNS}
    found = dict(invitees.faults(Invitee(**given), flows))
    if not given["email"].strip():
        found.pop("email", None)
    return found


def typed(values: Mapping[str, str], name: str) -> str:
    """What was typed into a blank, with one kind of line end."""
    return values.get(name, "").replace("\r\n", "\n").strip()


def facts(values: Mapping[str, str]) -> dict[str, str | float | date | None]:
    """The deal as it is kept. Raises ValueError for what `problems` finds."""
    told: dict[str, str | float | date | None] = {name: typed(values, name) for name in DEAL_FIELDS}
    told["amount"] = invitees.amount(values.get("amount", ""))
    told["closed_on"] = invitees.day(values.get("closed_on", ""))
    told["currency"] = values.get("currency", "").strip().upper()
    return told


def call_groups(
    values: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    flows: Iterable[Choice],
    audiences: Iterable[Choice],
    rivals: Collection[str],
) -> tuple[Group, ...]:
    """The blanks of a call: how it was held, with whom, what was promised, and the deal behind it."""
    held = (
        Ask("flow", "What became of the deal", "choice", choices=tuple(flows), needed=True),
        Ask("held_on", "Held on", "date", needed=True),
        Ask("conducted_by", "Who asked", hint="your name, or the researcher's", needed=True),
        Ask("language", "Language spoken", "choice", choices=_LANGUAGES, needed=True),
        Ask(
            "consent",
            "How and when everybody agreed",
            "prose",
            "such as: asked at the start of the call, all three said yes",
            needed=True,
        ),
    )
    buyer = (
        Ask("name", "Name"),
        Ask("role", "Part in the decision", suggest=ROLES),
        Ask("company", "Company"),
        Ask("email", "Address", "email", "nobody is written to"),
        Ask("product", "What they looked at", hint="if not the usual"),
        Ask("segment", "Segment"),
    )
    promised = (
        *(Ask(f"to_{one.value}", f"{one.label} may read single, redacted statements", "tick") for one in audiences),
        Ask("crm_consent", "The reason may go back to the CRM", "tick"),
    )

    def group(title: str, hint: str, asks: Iterable[Ask]) -> Group:
        return Group(title, hint, tuple(blank(ask, values, problems, rivals) for ask in asks))

    return (
        group("The call", "", held),
        group("The buyer", "All of it may stay empty.", buyer),
        group("What the buyer agreed to", "Tick only what was said to them.", promised),
        *(replace(one, hint=one.hint) for one in deal_groups(values, problems, rivals)),
    )


_LANGUAGES = tuple(sorted((Choice(code, name) for code, name in names.NAMES.items()), key=lambda one: one.label))
