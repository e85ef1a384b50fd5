"""Which options a buyer names, and in which role: a table of what is said and what it makes of them."""

import pytest

from interviewer.analysis import competitors, steps
from interviewer.analysis.case import Case
from interviewer.analysis.hearing import Hearing
from interviewer.analysis.rivals import Rivals, same
from interviewer.bodies import Competitor, CompetitorRole
from interviewer.evidence import StatementKind
from tests.core.cases import interview

LISTED = ("alternatives", "you, Acme and Rotahub")


def roles(flow: str, *answers: tuple[str, str], language: str = "en") -> dict[str, str]:
    claims = competitors.by_rules(Case(flow, interview(*answers, language=language))).claims
    bodies = [claim.body for claim in claims if isinstance(claim.body, Competitor)]
    return {body.role.value: body.name for body in bodies if body.role is not CompetitorRole.CONSIDERED}


@pytest.mark.parametrize(
    ("flow", "answers", "found"),
    [
        (
            "loss",
            [LISTED, ("decision", "In the end we went with Rotahub.")],
            {"primary": "Rotahub", "selected": "Rotahub"},
        ),
        (
            "loss",
            [LISTED, ("decision", "Acme does it all on the phone, so we went with them.")],
            {"primary": "Acme", "selected": "Acme"},
        ),
        (
            "loss",
            [LISTED, ("almost", "we nearly went with Acme"), ("decision", "signed with Rotahub")],
            {"primary": "Rotahub", "selected": "Rotahub"},
        ),
        (
            "loss",
            [("alternatives", "dropline and a thing called wayfold"), ("decision", "wayfold was faster so wayfold")],
            {"primary": "wayfold", "selected": "wayfold"},
        ),
        (
            "loss",
            [
                ("alternatives", "Acme, and Plantline, who we've had since 2016"),
                ("decision", "we stayed with Plantline"),
            ],
            {"primary": "Plantline", "incumbent": "Plantline", "selected": "Plantline"},
        ),
        (
            "loss",
            [("trigger", "The whole rota was in a spreadsheet."), LISTED, ("decision", "We chose Acme.")],
            {"primary": "Acme", "incumbent": "spreadsheet", "selected": "Acme"},
        ),
        (
            "loss",
            [
                ("alternatives", "Acme. Rotahub was out early."),
                ("decision", "our developers said they could do it, so we built it ourselves"),
            ],
            {"primary": "in-house build", "selected": "in-house build"},
        ),
        (
            "win",
            [("alternatives", "Acme was the one to beat. Rotahub got one demo."), ("decision", "The trial.")],
            {"primary": "Acme"},
        ),
        (
            "win",
            [("trigger", "Our old system, Bellhop 4, went out of support."), ("alternatives", "Innkeep, mainly.")],
            {"primary": "Innkeep", "incumbent": "Bellhop 4"},
        ),
        (
            "win",
            [
                ("alternatives", "Rotahub, the favourite of our mother company. And rebuilding our own."),
                ("almost", "I had the Rotahub order ready in my drafts."),
                ("decision", "The trial week."),
            ],
            {"primary": "Rotahub"},
        ),
        (
            "loss",
            [
                ("alternatives", "Acme and Tooth and Co, and Rotahub which is what we'd had before you"),
                ("decision", "Tooth and Co, they rang back. Otherwise it was a tie."),
            ],
            {"primary": "Tooth and Co", "incumbent": "Rotahub", "selected": "Tooth and Co"},
        ),
        (
            "win",
            [
                ("trigger", "We lost a date. The honest answer was Outlook."),
                ("alternatives", "Acme made the final round."),
            ],
            {"primary": "Acme", "incumbent": "Outlook"},
        ),
        (
            "no_decision",
            [
                ("trigger", "We track it all in Outlook."),
                ("alternatives", "Acme got cut"),
                ("decision", "We kept Outlook."),
            ],
            {"primary": "nothing", "incumbent": "Outlook", "selected": "nothing"},
        ),
        (
            "churn",
            [("alternatives", "excel for now. before you it was paper cards")],
            {"incumbent": "paper", "selected": "spreadsheet"},
        ),
        (
            "no_decision",
            [LISTED, ("decision", "It sat with the committee and nobody decided.")],
            {"primary": "Acme", "selected": "nothing"},
        ),
        ("loss", [("alternatives", "a couple. rather not say which")], {"primary": "unknown", "selected": "unknown"}),
    ],
)
def test_roles(flow: str, answers: list[tuple[str, str]], found: dict[str, str]) -> None:
    assert roles(flow, *answers) == found


@pytest.mark.parametrize(
    ("answers", "decided", "versus"),
    [
        (
            [("alternatives", "You and Acme"), ("decision", "price")],
            "They did not go with Tidewater; Acme was the other one in it.",
            "In the running: Acme.",
        ),
        (
            [("alternatives", "You, Acme and Rotahub"), ("decision", "price")],
            "They did not go with Tidewater. Whom they chose was not said.",
            "In the running: Acme and Rotahub.",
        ),
        (
            [("alternatives", "You and Acme"), ("decision", "they picked up at 4am, that was it really")],
            "They went with Acme rather than Tidewater.",
            "The closest rival was Acme.",
        ),
        (
            [("alternatives", "It was between you and Acme, and Rotahub"), ("decision", "price")],
            "They did not go with Tidewater. Whom they chose was not said.",
            "The closest rival was Acme, with Rotahub on the list as well.",
        ),
    ],
)
def test_who_is_only_named_was_in_the_running(answers: list[tuple[str, str]], decided: str, versus: str) -> None:
    claims = steps.in_memory(Case("loss", interview(*answers)))[1]
    texts = {claim.kind: claim.text for claim in claims}
    assert (texts[StatementKind.DECIDED], texts[StatementKind.VERSUS]) == (decided, versus)


def test_who_was_chosen_rests_on_the_words_that_say_it() -> None:
    case = Case("loss", interview(("alternatives", "You and Acme"), ("decision", "Acme answers at night.")))
    chosen = next(c for c in steps.in_memory(case)[1] if c.kind is StatementKind.DECIDED)
    assert [case.transcript.answers[-1].number] == [span.turn_number for span in chosen.spans]


def test_a_customer_who_left_was_asked_what_came_instead() -> None:
    assert roles("churn", ("alternatives", "Acme, plus a whiteboard for the big jobs."))["selected"] == "Acme"
    assert "selected" not in roles("churn", ("alternatives", "acme (meh), Rotahub, or something"))


def test_german_roles() -> None:
    told = roles("churn", ("alternatives", "wir sind jetzt bei pflegefix, frueher mit zetteln"), language="de")
    assert told["selected"] == "pflegefix"


@pytest.mark.parametrize(
    "answer",
    [
        "Gareth kept it and Gareth was on leave",
        "Our CFO, Priya, came in October",
        "Support was fine. Reports are thin.",
        "Tidewater was the only one",
    ],
)
def test_people_and_words_are_no_rivals(answer: str) -> None:
    assert Rivals(Hearing(Case("loss", interview(("decision", answer))))).names == ()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Acme", "Acme Logistics", True),
        ("Shiftwell Inc", "shiftwell", True),
        ("Shiftwell", "Shiftwel", True),
        ("Mint & Co", "mint & co", True),
        ("Acme", "Apex", False),
        ("Slate", "State", False),
        ("", "Acme", False),
    ],
)
def test_names_that_are_one(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike


def test_every_claim_rests_on_words() -> None:
    case = Case("loss", interview(LISTED, ("decision", "We went with Acme.")))
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    for claim in competitors.by_rules(case).claims:
        assert claim.spans and claim.text and claim.key
        assert all(texts[span.turn_number][span.start : span.end] for span in claim.spans)


@pytest.mark.parametrize(
    ("said", "language", "name", "role"),
    [
        ("Acme, and a big white board in the mess room", "en", "whiteboard", "incumbent"),
        ("Acme, you, and the planning board behind my desk", "en", "planning board", "incumbent"),
        ("Sie, Acme Dienst, oder weiter die Magnettafel im Flur", "de", "planning board", "incumbent"),
        ("Acme, you, and a freelancer who offered to write something", "en", "custom build", "considered"),
        ("you and Acme, or an agency that would build it", "en", "custom build", "considered"),
        ("Acme, or writing our own tool", "en", "in-house build", "considered"),
    ],
)
def test_a_kind_is_called_what_it_was(said: str, language: str, name: str, role: str) -> None:
    claims = competitors.by_rules(Case("loss", interview(("alternatives", said), language=language))).claims
    kinds = {(one.body.name, one.body.role.value) for one in claims if isinstance(one.body, Competitor)}
    assert (name, role) in kinds
    assert not {"paper", "in-house build"} & {found for found, _ in kinds} - {name}


@pytest.mark.parametrize(
    "said", ["Only Bettina understands it.", "It sits on Bettina's laptop, we print it out on Mondays."]
)
def test_who_keeps_it_and_when_are_no_options(said: str) -> None:
    claims = competitors.by_rules(Case("midpoint", interview(("alternatives", said)))).claims
    assert not {one.body.name for one in claims if isinstance(one.body, Competitor)} & {"Bettina", "Mondays"}
