"""What is quoted of an answer, how far a quote reaches, and what it is tagged for."""

from dataclasses import replace

import pytest

from interviewer.analysis import notes, summary, tags
from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.analysis.hearing import Hearing
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core.cases import CONTEXT, interview, kept, talk

T, P = Theme, Polarity


def test_the_other_side_points_the_other_way() -> None:
    case = Case("loss", talk(("ask:almost", "the app, all of us"), ("probe:almost:people", "finance, they saw a bill")))
    assert [(mark.text, mark.tags[0].polarity) for mark in tags.marks(case)] == [
        ("the app, all of us", P.POSITIVE),
        ("finance, they saw a bill", P.NEGATIVE),
    ]


@pytest.mark.parametrize(
    ("flow", "move", "text", "quote", "themes"),
    [
        (
            "churn",
            "ask:anything_else",
            "The price went up 9 percent too but I'd have paid that if the thing stayed logged in.",
            "The price went up 9 percent too but I'd have paid that if the thing stayed logged in",
            {T.PRICING, T.FEATURE_GAP},
        ),
        (
            "churn",
            "ask:trigger",
            "App kept logging the boys out. On a rope, 20 floors up, with gloves on.",
            "App kept logging the boys out. On a rope, 20 floors up, with gloves on",
            {T.TRIGGER, T.FEATURE_GAP},
        ),
        (
            "midpoint",
            "ask:trigger",
            "That shifts over midnight work. Before, everyone showed up on the wrong date.",
            "That shifts over midnight work. Before, everyone showed up on the wrong date",
            {T.DECISION_FACTOR},
        ),
        (
            "midpoint",
            "ask:almost",
            "Chinese labels came only last month. They were promised for June.",
            "Chinese labels came only last month. They were promised for June",
            {T.FEATURE_GAP, T.EXPECTATION_MISSED},
        ),
        (
            "loss",
            "ask:almost",
            "Your yard view. Ours is a whiteboard with magnets and a man called Piet.",
            "Your yard view. Ours is a whiteboard with magnets and a man called Piet",
            {T.PRAISE},
        ),
        (
            "loss",
            "ask:alternatives",
            "Die App fanden alle super, aber die Schnittstelle zu DATEV hat gefehlt",
            "Die App fanden alle super, aber die Schnittstelle zu DATEV hat gefehlt",
            {T.FEATURE_GAP},
        ),
    ],
)
def test_a_quote_takes_along_what_it_needs(flow: str, move: str, text: str, quote: str, themes: set[Theme]) -> None:
    (mark,) = tags.marks(Case(flow, talk((move, text))))
    assert mark.text == quote
    assert {tag.theme for tag in mark.tags} == themes


@pytest.mark.parametrize(
    "text",
    [
        "xxxxxxxxxx",
        "asdfgh",
        "sorry my kid had the phone",
        "waste of my time the whole thing",
        "is my boss going to see this",
        "will Dave see this",
        "lol no I asked if my boss sees this",
        "how did you get my address",
        "who sent you my email",
        "I told you the price already, can we stop?",
        "see above",
    ],
)
@pytest.mark.parametrize("move", ["ask:trigger", "ask:almost", "ask:decision", "ask:peer"])
def test_what_is_about_the_interview_is_no_finding(text: str, move: str) -> None:
    case = Case("loss", talk((move, text)))
    assert tags.marks(case) == ()
    assert not notes.by_rules(case).claims
    assert not summary.by_rules(kept(case)).claims


@pytest.mark.parametrize(
    "text", ["sieht mein Chef das hier", "wer liest das", "reine Zeitverschwendung", "Siehe oben!"]
)
def test_the_same_holds_in_german(text: str) -> None:
    assert tags.marks(Case("loss", talk(("ask:decision", text), language="de"))) == ()


@pytest.mark.parametrize(
    "text",
    [
        "when you killed the old app",
        "who decided was the CFO, she never saw the demo",
        "the demo was a waste of my time, it showed hospitals",
        "what did it was the phone desk",
        "can you believe it took 9 weeks to send a quote",
        "do the import before anybody else sees it",
    ],
)
def test_what_only_sounds_like_it_is_heard(text: str) -> None:
    assert tags.marks(Case("loss", talk(("ask:decision", text))))


def test_the_rest_of_an_answer_with_an_aside_is_heard() -> None:
    case = Case("loss", talk(("ask:decision", "is this a bot? your support never rang back. waste of my time")))
    assert [mark.text for mark in tags.marks(case)] == ["your support never rang back"]


@pytest.mark.parametrize(
    ("flow", "move", "text", "present", "absent"),
    [
        ("win", "ask:almost", "the setup fee, Quartermile had none", {"pricing/setup fee"}, {"implementation"}),
        ("loss", "ask:decision", "setup fee. 4k for nothing", {"pricing/setup fee"}, {"implementation"}),
        (
            "win",
            "ask:decision",
            "crew dont install anything they just text back YES",
            {"decision_factor/"},
            {"competitor"},
        ),
        ("no_decision", "ask:almost", "You made one plan of our three sheets", {"praise/"}, {"competitor"}),
        ("churn", "ask:alternatives", "Bob Stone's consultancy", {"competitor_mention/"}, {"Stone"}),
        ("win", "ask:alternatives", "Jonas from our IT team", {"competitor_mention/"}, {"Jonas"}),
        ("churn", "ask:decision", "trust was gone, they never rang back", {"decision_factor/"}, {"competitor"}),
        ("midpoint", "ask:decision", "Before, 12 packers came early and we paid them for nothing", set(), {"praise"}),
        ("midpoint", "ask:decision", "every bank holiday. easter took me 3 hours", set(), {"praise"}),
        ("no_decision", "probe:peer:based_on", "whether our boss liked it", set(), {"praise", "referral"}),
        ("churn", "ask:anything_else", "my rep changed three times", {"process_friction/sales process"}, set()),
        (
            "loss",
            "probe:almost:people",
            "our CFO, he thought the yearly contract was too long and Brightline let us pay monthly",
            {"decision_factor/contract terms", "pricing/contract terms", "competitor_mention/Brightline"},
            {"praise"},
        ),
        (
            "loss",
            "ask:anything_else",
            "tell your boss to train the sales people",
            {"process_friction/sales process"},
            set(),
        ),
        (
            "loss",
            "ask:peer",
            "Finger weg, fragt vorher nach der Schnittstelle",
            {"peer_recommendation/integrations"},
            set(),
        ),
    ],
)
def test_a_clause_is_tagged_for_what_it_is_about(
    flow: str, move: str, text: str, present: set[str], absent: set[str]
) -> None:
    first = ("ask:alternatives", "Shiftwell.") if "alternatives" not in move else ("ask:trigger", "it was time")
    found = {f"{tag.theme}/{tag.subject}" for m in tags.marks(Case(flow, talk(first, (move, text)))) for tag in m.tags}
    found.discard("competitor_mention/Shiftwell")
    assert present <= found
    assert not [name for name in found if name.startswith(tuple(absent)) or name.endswith(tuple(absent))]


def test_job_titles_are_no_rivals() -> None:
    listed = talk(("ask:alternatives", "Brightline und eine Eigenentwicklung von unserem IT Leiter"), language="de")
    assert [tag.subject for m in tags.marks(Case("loss", listed)) for tag in m.tags] == ["Brightline, in-house build"]


def test_the_vendor_is_never_its_own_competitor() -> None:
    case = Case("loss", interview(("alternatives", "Tidewater Flow, Tidewater, Acme")))
    assert [tag.subject for mark in tags.marks(case) for tag in mark.tags] == ["Acme"]


def test_names_typed_small_are_heard_where_the_answer_is_a_list() -> None:
    turns = interview(("alternatives", "hubspot, pipedrive")).turns
    judged = replace(turns[1], assessment=Assessment(AnswerKind.SPECIFIC, ("alternatives",), ("bare_name",)))
    case = Case("loss", Transcript((turns[0], judged), "en", CONTEXT))
    assert [tag.subject for mark in tags.marks(case) for tag in mark.tags] == ["hubspot, pipedrive"]


@pytest.mark.parametrize(
    "text",
    [
        "Nothing. Call me on 555-0142",
        "My number is 07700 900461",
        "write to sam.ortiz@example.com",
        "I'd rather not say",
        "we can't name them, we are under NDA",
        "skip",
    ],
)
def test_contact_data_and_refusals_are_never_put_forward(text: str) -> None:
    case = Case("loss", talk(("ask:decision", text)))
    assert tags.marks(case) == ()
    assert not notes.by_rules(case).claims


@pytest.mark.parametrize(
    ("topic", "text", "names"),
    [
        ("alternatives", "you, dropline and a thing called wayfold that our fitter knew", ("dropline", "wayfold")),
        ("trigger", "We shortlisted you, Ledgerly and Chargebee.", ("Ledgerly", "Chargebee")),
        ("alternatives", "Sluice mainly. also Airbyte", ("Sluice", "Airbyte")),
        ("alternatives", "ReadMe, Mint & Co, you", ("ReadMe", "Mint & Co")),
        ("alternatives", "Only DocuSign's version, briefly.", ("DocuSign",)),
        ("trigger", "Our old system, Bellhop 4, went out of support", ("Bellhop 4",)),
        ("alternatives", "a homemade thing, Jules wrote it", ()),
    ],
)
def test_options_are_heard_however_they_are_typed(topic: str, text: str, names: tuple[str, ...]) -> None:
    heard = Hearing(Case("loss", talk((f"ask:{topic}", text)))).options.names
    assert set(heard) == set(names)


@pytest.mark.parametrize(
    ("flow", "move", "text", "polarity"),
    [
        ("loss", "ask:peer", "great product, wear a helmet for procurement", P.MIXED),
        ("loss", "ask:peer", "go for it, the quickest one out there", P.POSITIVE),
        ("loss", "ask:peer", "ask about hosting on day one", P.NEGATIVE),
        ("loss", "ask:alternatives", "Kilnworks, because it is good", P.NEUTRAL),
        ("win", "ask:decision", "you were live in three weeks", P.POSITIVE),
        ("no_decision", "ask:decision", "our legal team would not sign it", P.NEGATIVE),
    ],
)
def test_a_quote_points_for_or_against_the_vendor(flow: str, move: str, text: str, polarity: Polarity) -> None:
    (mark,) = tags.marks(Case(flow, talk((move, text))))
    assert mark.tags[0].polarity == polarity


def test_a_price_that_was_no_issue_points_nowhere() -> None:
    (mark,) = tags.marks(Case("loss", talk(("ask:decision", "and the price wasn't the issue before you ask"))))
    assert {tag.polarity for tag in mark.tags if tag.theme == T.PRICING} == {P.NEUTRAL}
