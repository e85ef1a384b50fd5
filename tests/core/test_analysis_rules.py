"""What the rules make of whole interviews: the themes that a careful reader would mark, and nothing made up."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.analysis import journey, notes, summary, tags
from interviewer.analysis.case import Case, digest
from interviewer.analysis.codebook import Polarity, Scope, Theme
from interviewer.analysis.phrasing import quoted
from interviewer.evidence import Claim, Marked, Quote, StatementKind, Tag
from interviewer.transcript import AnswerKind, Assessment, Context, Speaker, Transcript, Turn
from tests.core.talk import FLOWS

CONTEXT = Context(vendor="Tidewater", product="Tidewater Flow", outcome="chose another vendor", role="champion")


def interview(
    *answers: tuple[str, str], language: str = "en", kinds: dict[str, AnswerKind] | None = None
) -> Transcript:
    """A question and an answer for each (topic, text)."""
    turns: list[Turn] = []
    for topic, text in answers:
        number = len(turns) + 1
        judged = Assessment((kinds or {})[topic], (topic,)) if topic in (kinds or {}) else None
        turns.append(Turn(number, Speaker.INTERVIEWER, f"And {topic}?", topic, move=f"ask:{topic}"))
        turns.append(Turn(number + 1, Speaker.BUYER, text, topic, assessment=judged))
    return Transcript(tuple(turns), language, CONTEXT)


SHIFTS = Case(
    "loss",
    interview(
        ("trigger", "our rota person left in may and nobody could read her sheet"),
        ("alternatives", "you and Shiftwell. or just leaving it on paper, honestly"),
        ("decision", "support mostly"),
        (
            "decision",
            "in the trial. your desk closes at six, our pools open at five in the morning. they picked up at 4am,"
            " that was it really",
        ),
        ("peer", "nice app, but ask what happens when it breaks at night"),
    ),
)
PRICE = Case(
    "loss",
    interview(
        ("trigger", "We missed our Q2 shipping target and the board asked for a plan."),
        ("alternatives", "Acme Logistics and Rotahub. Acme because our COO had used them before."),
        (
            "almost",
            "Your planner view was really easy to use, my team loved it. But there was no support for single sign-on"
            " and IT would not move on that.",
        ),
        (
            "decision",
            "Price. Well, not the number itself, more that per-seat pricing made no sense for seasonal staff. Nobody"
            " could explain it to our CFO.",
        ),
        ("peer", "Good product if you are small. Make sure to get the pricing in writing."),
        ("anything_else", "Between us, the COO wanted Acme from day one."),
    ),
)
WIN = Case(
    "win",
    interview(
        ("trigger", "Our old tool went down twice in the Christmas week, that was the last straw."),
        ("alternatives", "Shiftwell, Deputy, and staying with Excel."),
        (
            "almost",
            "The contract. Your legal team took three weeks to answer a simple question and we almost signed with"
            " Shiftwell.",
        ),
        ("decision", "The trial. We set it up in a day without training and the night shift just used it."),
        ("peer", "I'd tell them it's the only tool my lifeguards never complained about. The exports are weak though."),
        ("someone_else", "no"),
    ),
)
CHURN = Case(
    "churn",
    interview(
        ("trigger", "You raised the price by 30% and our account manager changed for the fourth time."),
        ("alternatives", "We are moving to Planful. Also looked at building our own."),
        (
            "almost",
            "If the mobile app had worked offline we would have stayed. You promised it for spring and it never came.",
        ),
        ("decision", "Offline. Our drivers have no signal half the day, the app just froze on them."),
        ("peer", "Fine for offices. Not for people in the field."),
    ),
)
WORRIED = Case(
    "win",
    interview(
        ("almost", "I was worried about the rollout, our people are not technical."),
        ("decision", "Your onboarding lead. She knew our industry and was patient."),
    ),
)
STALLED = Case(
    "no_decision",
    interview(
        ("trigger", "New head of operations joined and wanted everything digital."),
        ("alternatives", "Mostly doing nothing, plus a spreadsheet that Tom maintains."),
        ("almost", "The demo was great, we were ready to sign in June."),
        ("decision", "It got stuck in procurement, then the budget freeze came and it was pushed to next year."),
        ("peer", "Your website didn't make clear what it does, I couldn't tell what you do until the demo."),
    ),
)
MIDPOINT = Case(
    "midpoint",
    interview(
        ("trigger", "Fewer hours spent on the rota. We were promised it would take minutes."),
        ("alternatives", "Payroll still runs in Excel, and I copy the hours over by hand every Friday."),
        ("almost", "The reporting is clunky, we expected dashboards from what sales said. And an android app."),
        ("decision", "Shift swaps. Staff do them on their own now and nobody calls me on a Sunday any more."),
        ("peer", "It saves us a day every week. Do the import early and check the contracts twice."),
    ),
)
GERMAN = Case(
    "loss",
    interview(
        ("trigger", "Unsere Disponentin ist im Mai in Rente gegangen und niemand kam mit ihrer Excel-Liste klar."),
        ("alternatives", "Planday und Papershift, dazu die Eigenentwicklung von unserem IT-Leiter."),
        (
            "almost",
            "Die Bedienung war wirklich einfach, das hat allen gefallen. Aber es fehlte eine Schnittstelle zu DATEV.",
        ),
        (
            "decision",
            "Am Ende hat der Betriebsrat den Ausschlag gegeben, der wollte Server in Deutschland. Und preislich wart"
            " ihr deutlich zu teuer.",
        ),
        ("peer", "Euer Vertrieb hat sich nach der Demo drei Wochen nicht gemeldet."),
        language="de",
    ),
)
ANGRY = Case(
    "loss",
    interview(
        ("trigger", "Our warehouse software crashed on Black Friday. 4 hours."),
        ("alternatives", "Only Acme was left after your rep ghosted us"),
        ("almost", "Are you kidding? your bloody sales guy never got back to us. Three emails. Three! What a joke"),
        ("decision", "Acme had somebody on site within two days, that's what tipped it."),
        kinds={"almost": AnswerKind.HOSTILE},
    ),
)
BLOCKED = Case(
    "no_decision",
    interview(
        ("trigger", "Our churn went up two quarters in a row and I wanted to understand why."),
        ("alternatives", "you, Gong briefly, and my analyst doing it manually in sheets"),
        ("decision", "I never got the sign-off from our VP Sales. He felt it was about checking up on his team."),
        ("peer", "get sales on board first or don't bother"),
    ),
)
TERSE = Case(
    "loss",
    interview(
        ("trigger", "it was time"),
        ("almost", "nothing really"),
        ("decision", "price"),
        ("peer", "it's fine"),
        kinds={"almost": AnswerKind.NOTHING},
    ),
)
REFUSED = Case(
    "loss",
    interview(
        ("trigger", "I'd rather not say, it was expensive and political"),
        ("decision", "are you a bot? the price is terrible"),
        kinds={"trigger": AnswerKind.REFUSES, "decision": AnswerKind.ASKS_BACK},
    ),
)
FRENCH = Case(
    "loss",
    interview(
        ("trigger", "Notre ancien fournisseur a augmenté ses prix de 20 % en janvier."),
        ("alternatives", "Payfit et Silae."),
        ("decision", "Le délai de mise en place. Payfit était prêt en deux semaines."),
        language="fr",
    ),
)
EVERY = {
    "shifts": SHIFTS,
    "price": PRICE,
    "win": WIN,
    "churn": CHURN,
    "worried": WORRIED,
    "stalled": STALLED,
    "midpoint": MIDPOINT,
    "german": GERMAN,
    "angry": ANGRY,
    "blocked": BLOCKED,
    "terse": TERSE,
    "refused": REFUSED,
    "french": FRENCH,
}


@dataclass(frozen=True)
class Expected:
    """A tag that must be there: on which words, and what of it matters."""

    case: Case
    words: str
    theme: Theme
    subject: str | None = None
    polarity: Polarity | None = None


T, P = Theme, Polarity


@pytest.mark.parametrize(
    "expected",
    [
        Expected(SHIFTS, "our rota person left in may", T.TRIGGER),
        Expected(SHIFTS, "you and Shiftwell", T.COMPETITOR_MENTION, "Shiftwell"),
        Expected(SHIFTS, "just leaving it on paper", T.COMPETITOR_MENTION, "paper, nothing"),
        Expected(SHIFTS, "your desk closes at six", T.PROCESS_FRICTION, "support hours", P.NEGATIVE),
        Expected(SHIFTS, "they picked up at 4am", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(SHIFTS, "they picked up at 4am", T.COMPETITOR_MENTION, "Shiftwell", P.NEGATIVE),
        Expected(SHIFTS, "ask what happens when it breaks", T.PEER_RECOMMENDATION),
        Expected(PRICE, "We missed our Q2 shipping target", T.TRIGGER),
        Expected(PRICE, "Acme Logistics and Rotahub", T.COMPETITOR_MENTION, "Acme Logistics, Rotahub"),
        Expected(PRICE, "really easy to use", T.PRAISE, "ease of use", P.POSITIVE),
        Expected(PRICE, "no support for single sign-on", T.FEATURE_GAP, "single sign-on", P.NEGATIVE),
        Expected(PRICE, "per-seat pricing made no sense", T.PRICING, "per-seat pricing", P.NEGATIVE),
        Expected(PRICE, "per-seat pricing made no sense", T.DECISION_FACTOR),
        Expected(PRICE, "the COO wanted Acme from day one", T.HIDDEN_CRITERION),
        Expected(WIN, "went down twice in the Christmas week", T.TRIGGER),
        Expected(WIN, "Shiftwell, Deputy", T.COMPETITOR_MENTION, "Shiftwell, Deputy, spreadsheet"),
        Expected(WIN, "took three weeks to answer", T.PROCESS_FRICTION, "legal review", P.NEGATIVE),
        Expected(WIN, "took three weeks to answer", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(WIN, "set it up in a day without training", T.DECISION_FACTOR, None, P.POSITIVE),
        Expected(WIN, "the only tool my lifeguards never complained about", T.PEER_RECOMMENDATION),
        Expected(WIN, "exports are weak", T.CRITICISM, "reporting", P.NEGATIVE),
        Expected(CHURN, "You raised the price by 30%", T.PRICING, "price"),
        Expected(CHURN, "You raised the price by 30%", T.TRIGGER),
        Expected(CHURN, "moving to Planful", T.COMPETITOR_MENTION, "Planful"),
        Expected(CHURN, "building our own", T.COMPETITOR_MENTION, "in-house build"),
        Expected(CHURN, "had worked offline", T.FEATURE_GAP, "offline use", P.NEGATIVE),
        Expected(CHURN, "You promised it for spring", T.EXPECTATION_MISSED),
        Expected(CHURN, "the app just froze on them", T.DECISION_FACTOR, "offline use", P.NEGATIVE),
        Expected(WORRIED, "worried about the rollout", T.DECISION_FACTOR, "implementation", P.NEGATIVE),
        Expected(WORRIED, "She knew our industry", T.DECISION_FACTOR, None, P.POSITIVE),
        Expected(STALLED, "New head of operations joined", T.TRIGGER),
        Expected(STALLED, "doing nothing", T.COMPETITOR_MENTION, "spreadsheet, nothing"),
        Expected(STALLED, "The demo was great", T.PRAISE, "demo", P.POSITIVE),
        Expected(STALLED, "stuck in procurement", T.STALLED_AT),
        Expected(STALLED, "Your website didn't make clear", T.MESSAGING_MISS, "website", P.NEGATIVE),
        Expected(MIDPOINT, "Fewer hours spent on the rota", T.DECISION_FACTOR, None, P.NEUTRAL),
        Expected(MIDPOINT, "Payroll still runs in Excel", T.FEATURE_GAP, "payroll integration", P.NEGATIVE),
        Expected(MIDPOINT, "Payroll still runs in Excel", T.COMPETITOR_MENTION, "spreadsheet"),
        Expected(MIDPOINT, "The reporting is clunky, we expected dashboards", T.EXPECTATION_MISSED, "reporting"),
        Expected(MIDPOINT, "nobody calls me on a Sunday any more", T.PRAISE, None, P.POSITIVE),
        Expected(MIDPOINT, "saves us a day every week", T.REFERRAL_LANGUAGE, None, P.POSITIVE),
        Expected(MIDPOINT, "Do the import early", T.PEER_RECOMMENDATION),
        Expected(GERMAN, "im Mai in Rente gegangen", T.TRIGGER),
        Expected(GERMAN, "Planday und Papershift", T.COMPETITOR_MENTION, "Planday, Papershift, in-house build"),
        Expected(GERMAN, "Die Bedienung war wirklich einfach", T.PRAISE, "ease of use", P.POSITIVE),
        Expected(GERMAN, "fehlte eine Schnittstelle zu DATEV", T.FEATURE_GAP, "accounting integration", P.NEGATIVE),
        Expected(GERMAN, "der Betriebsrat den Ausschlag", T.HIDDEN_CRITERION, "works council"),
        Expected(GERMAN, "preislich wart ihr deutlich zu teuer", T.PRICING, "price", P.NEGATIVE),
        Expected(GERMAN, "drei Wochen nicht gemeldet", T.PROCESS_FRICTION, None, P.NEGATIVE),
        Expected(ANGRY, "crashed on Black Friday", T.TRIGGER),
        Expected(ANGRY, "your bloody sales guy never got back to us", T.PROCESS_FRICTION, "sales process", P.NEGATIVE),
        Expected(ANGRY, "Acme had somebody on site", T.DECISION_FACTOR, None, P.NEGATIVE),
        Expected(BLOCKED, "never got the sign-off", T.HIDDEN_CRITERION, "sign-off"),
        Expected(BLOCKED, "Gong briefly", T.COMPETITOR_MENTION, "Gong, spreadsheet"),
        Expected(TERSE, "price", T.PRICING, "price"),
        Expected(FRENCH, "a augmenté ses prix", T.TRIGGER),
        Expected(FRENCH, "Payfit et Silae", T.COMPETITOR_MENTION, "Payfit, Silae"),
    ],
    ids=lambda expected: f"{expected.words[:24]}-{expected.theme}",
)
def test_what_a_careful_reader_marks_is_marked(expected: Expected) -> None:
    found = [tag for mark in tags.marks(expected.case) if expected.words in mark.text for tag in mark.tags]
    tag = next((tag for tag in found if tag.theme == expected.theme), None)
    assert tag is not None, f"found only {[tag.theme for tag in found]}"
    assert expected.subject in (None, tag.subject)
    assert expected.polarity in (None, tag.polarity)


@pytest.mark.parametrize(
    ("case", "words", "theme"),
    [
        (SHIFTS, "rota person left", T.FEATURE_GAP),  # what they had before is no gap of ours
        (SHIFTS, "they picked up at 4am", T.PRAISE),  # the rival's merit
        (PRICE, "board asked for a plan", T.HIDDEN_CRITERION),
        (WIN, "old tool went down", T.CRITICISM),
        (CHURN, "the app just froze", T.STALLED_AT),
        (STALLED, "budget freeze", T.PRICING),
        (WORRIED, "worried about the rollout", T.CRITICISM),  # of themselves, not of the vendor
        (MIDPOINT, "Fewer hours spent", T.TRIGGER),
        (GERMAN, "niemand kam mit ihrer Excel-Liste klar", T.PRAISE),
    ],
)
def test_words_alone_do_not_make_a_theme(case: Case, words: str, theme: Theme) -> None:
    found = [tag.theme for mark in tags.marks(case) if words in mark.text for tag in mark.tags]
    assert theme not in found


def test_what_is_no_answer_is_not_quoted() -> None:
    assert tags.marks(REFUSED) == ()
    assert not notes.by_rules(REFUSED).claims
    assert not summary.by_rules(kept(REFUSED)).claims


def test_answers_that_tell_nothing_leave_the_notes_empty() -> None:
    assert [mark.text for mark in tags.marks(TERSE)] == ["price"]
    assert {claim.kind for claim in notes.by_rules(TERSE).claims} == {StatementKind.GAP}


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Your support was great", P.POSITIVE),
        ("Your support was not great at all", P.NEGATIVE),
        ("I have no complaints, your team was never unhelpful", P.POSITIVE),
        ("Your onboarding wasn't smooth", P.NEGATIVE),
        ("Your product is good and the setup was painful", P.MIXED),
    ],
)
def test_a_negation_turns_praise_round(text: str, polarity: Polarity) -> None:
    (mark,) = tags.marks(Case("own_flow", interview(("decision", text))))
    assert {tag.polarity for tag in mark.tags if tag.theme == T.DECISION_FACTOR} == {polarity}


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_every_quote_is_verbatim_and_few(case: Case) -> None:
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    found = tags.marks(case)
    assert len(found) <= tags.MOST_QUOTES
    for mark in found:
        assert texts[mark.span.turn_number][mark.span.start : mark.span.end] == mark.text
        assert 0 < len(mark.tags) <= tags.MOST_THEMES
        assert len({tag.theme for tag in mark.tags}) == len(mark.tags)
        assert all(tag.made_by == "rules" and 0 < tag.confidence <= 1 for tag in mark.tags)
        assert all(tag.polarity in set(Polarity) and tag.scope in set(Scope) for tag in mark.tags)
    assert not [(one, other) for one in found for other in found if one != other and one.span.overlaps(other.span)]


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_statements_say_only_what_the_buyer_said(case: Case) -> None:
    claims = [*notes.by_rules(case).claims, *summary.by_rules(kept(case)).claims]
    texts = {turn.number: turn.text for turn in case.transcript.answers}
    for claim in claims:
        assert claim.spans
        said = [texts[span.turn_number][span.start : span.end] for span in claim.spans]
        listed = claim.text.startswith(("Also on the list: ", "Also considered: ", "In its place: "))
        assert listed or any(quoted(words)[:40] in claim.text for words in said) or claim.kind is StatementKind.PHRASE
    kinds = [claim.kind for claim in claims]
    assert all(kinds.count(kind) <= 1 for kind in StatementKind if kind is not StatementKind.SUMMARY)
    assert kinds.count(StatementKind.SUMMARY) <= summary.MOST


def test_the_three_notes() -> None:
    found = {claim.kind: claim.text for claim in notes.by_rules(PRICE).claims}
    assert found == {
        StatementKind.GAP: (
            "Missing in the product: “there was no support for single sign-on and IT would not move on that”"
        ),
        StatementKind.PHRASE: "“Your planner view was really easy to use, my team loved it”",
        StatementKind.SURPRISE: "Behind the scenes: “Between us, the COO wanted Acme from day one”",
    }


def test_without_a_gap_there_is_no_gap_note() -> None:
    assert {claim.kind for claim in notes.by_rules(BLOCKED).claims} == {StatementKind.PHRASE, StatementKind.SURPRISE}


def test_every_branch_is_a_probe_that_a_flow_asks() -> None:
    asked = {flow.id: {(topic.id, probe.id) for topic in flow.topics for probe in topic.probes} for flow in FLOWS}
    assert set(journey._BRANCHES) <= set().union(*asked.values())
    assert all(set(branches) <= asked[flow] for flow, branches in journey._BRANCHES_OF.items())


def test_the_summary_follows_the_journey() -> None:
    headline, *sentences = summary.by_rules(kept(WIN)).claims
    assert headline.text == "“The trial. We set it up in a day without training and the night shift just used it”"
    leads = [claim.text.partition(":")[0].partition(" (")[0] for claim in sentences]
    assert leads == [
        "What started the search",
        "Also on the list",
        "What nearly changed the outcome",
        "What tipped it",
        "To a colleague",
    ]
    assert sentences[1].text == "Also on the list: Shiftwell, Deputy, a spreadsheet."


def test_the_vendor_is_never_its_own_competitor() -> None:
    case = Case("loss", interview(("alternatives", "Tidewater Flow, Tidewater, Acme")))
    assert [tag.subject for mark in tags.marks(case) for tag in mark.tags] == ["Acme"]


def test_names_typed_small_are_heard_where_the_answer_is_a_list() -> None:
    turns = interview(("alternatives", "hubspot, pipedrive")).turns
    judged = replace(turns[1], assessment=Assessment(AnswerKind.SPECIFIC, ("alternatives",), ("bare_name",)))
    case = Case("loss", Transcript((turns[0], judged), "en", CONTEXT))
    assert [tag.subject for mark in tags.marks(case) for tag in mark.tags] == ["hubspot, pipedrive"]


def test_the_digest_follows_the_answers_alone() -> None:
    turns = PRICE.transcript.turns
    closing = Turn(99, Speaker.INTERVIEWER, "Thank you", move="close:done")
    same, *others = (
        digest(replace(PRICE, transcript=transcript))
        for transcript in (
            Transcript((*turns, closing), "de"),
            Transcript((*turns[:-1], replace(turns[-1], text="no")), "en"),
            Transcript((*turns[:-1], replace(turns[-1], removed=True)), "en"),
        )
    )
    assert digest(PRICE) == same
    assert digest(PRICE) not in others


pieces = st.sampled_from(
    [
        "Acme",
        "you",
        "they",
        "we",
        "price",
        "couldn't",
        "🙂",
        "👩‍💻",
        "é",
        "עברית",
        "but",
        ".",
        ",",
        "not",
        "great",
        "slow",
        "\n",
        "—",
        "SSO",
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["trigger", "alternatives", "almost", "decision", "peer", "elsewhere"]),
            st.lists(pieces, min_size=1, max_size=30).map(" ".join),
        ),
        max_size=6,
    ),
    st.sampled_from(["win", "loss", "own_flow"]),
    st.sampled_from(["en", "de", "ar"]),
)
def test_whatever_is_written_quotes_are_verbatim(answers: list[tuple[str, str]], flow: str, language: str) -> None:
    case = Case(flow, interview(*answers, language=language))
    test_every_quote_is_verbatim_and_few(case)
    for claim in (*notes.by_rules(case).claims, *summary.by_rules(kept(case)).claims):
        assert claim.spans
        assert "\n" not in claim.text


def kept(case: Case) -> Case:
    """The case with its quotes as the store would give them to the summary."""

    def quote(number: int, mark: Marked) -> Quote:
        return Quote(number, mark.span.turn_number, mark.span.start, mark.span.end, mark.text, mark.tags)

    return replace(case, quotes=tuple(quote(number, mark) for number, mark in enumerate(tags.marks(case), start=1)))


def test_a_long_quote_is_shortened_at_a_word() -> None:
    words = "we were waiting for an answer " * 20
    line = quoted(words)
    assert len(line) < 170
    assert line.endswith(" …”")
    assert words.startswith(line[1:-3])


def test_values_carry_no_theme_outside_the_codebook() -> None:
    used: list[Tag] = [tag for case in EVERY.values() for mark in tags.marks(case) for tag in mark.tags]
    assert {tag.theme for tag in used} == set(Theme)
    claims: list[Claim] = [claim for case in EVERY.values() for claim in notes.by_rules(case).claims]
    assert {claim.kind for claim in claims} == {StatementKind.SURPRISE, StatementKind.PHRASE, StatementKind.GAP}


def test_a_customer_is_told_of_as_one() -> None:
    leads = [claim.text.partition(":")[0].partition(" (")[0] for claim in summary.by_rules(kept(MIDPOINT)).claims[1:]]
    assert leads == [
        "What they expected",
        "What still happens elsewhere",
        "What is missing",
        "What works",
        "To a colleague",
    ]


def talk(*answers: tuple[str, str], language: str = "en") -> Transcript:
    """A move and an answer for each (key, text): "ask:almost", "probe:almost:people"."""
    turns: list[Turn] = []
    for move, text in answers:
        topic = move.split(":")[1]
        turns.append(Turn(len(turns) + 1, Speaker.INTERVIEWER, "Go on?", topic, move=move))
        turns.append(Turn(len(turns) + 1, Speaker.BUYER, text, topic))
    return Transcript(tuple(turns), language, CONTEXT)


def told(case: Case) -> list[str]:
    return [claim.text for claim in summary.by_rules(kept(case)).claims if claim.kind is StatementKind.SUMMARY]


def headline(case: Case) -> str:
    return next(c.text for c in summary.by_rules(kept(case)).claims if c.kind is StatementKind.HEADLINE)


@pytest.mark.parametrize(
    ("case", "line", "other"),
    [
        (
            Case(
                "no_decision",
                talk(
                    ("ask:almost", "our coo was really into it after the demo"),
                    ("probe:almost:people", "then the budget freeze in june"),
                ),
            ),
            "What nearly got it bought: “our coo was really into it after the demo”",
            "Against it: “the budget freeze in june”",
        ),
        (
            Case(
                "no_decision",
                talk(
                    ("ask:almost", "our CFO wanted it"),
                    ("probe:almost:people", "our head of warehouse, she was scared of training 60 people again"),
                ),
            ),
            "What nearly got it bought: “our CFO wanted it”",
            "Against it (onboarding): “our head of warehouse, she was scared of training 60 people again”",
        ),
        (
            Case(
                "churn", talk(("ask:almost", "nothing"), ("probe:almost:doubt", "when you closed the depot in Leeds"))
            ),
            "",
            "In doubt: “when you closed the depot in Leeds”",
        ),
        (
            Case(
                "churn",
                talk(
                    ("ask:almost", "ein Ansprechpartner der ans Telefon geht"),
                    ("probe:almost:tried", "dass euer Support seit dem Verkauf nur noch englisch sprach"),
                    language="de",
                ),
            ),
            "What nearly made them stay (sales process): “ein Ansprechpartner der ans Telefon geht”",
            "What came of it: “euer Support seit dem Verkauf nur noch englisch sprach”",
        ),
        (
            Case(
                "win",
                talk(
                    ("ask:almost", "The security form was sent back to us twice."),
                    ("probe:almost:resolved", "Page nine was the trouble. Then your engineer filled it in with me."),
                ),
            ),
            "What nearly changed the outcome: “The security form was sent back to us twice”",
            "What got them past it: “your engineer filled it in with me”",
        ),
        (
            Case(
                "loss",
                talk(("ask:decision", "price"), ("probe:decision:price", "70 a month more than you ever told us")),
            ),
            "What tipped it (price): “70 a month more than you ever told us”",
            "",
        ),
    ],
)
def test_a_probe_that_seeks_the_other_side_is_told_apart(case: Case, line: str, other: str) -> None:
    found = told(case)
    assert [text for text in found if text.startswith(("What nearly", "What tipped"))] == ([line] if line else [])
    assert not other or other in found


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
    ("case", "words"),
    [
        (
            Case(
                "loss",
                talk(
                    ("ask:decision", "your sales process"),
                    ("probe:decision:where", "some new bloke turns up with a deck about hospitals and we run couriers"),
                ),
            ),
            "Sales process: “some new bloke turns up with a deck about hospitals and we run couriers”",
        ),
        (
            Case(
                "loss",
                talk(("ask:decision", "It was the CFO in the end. Kestrel said six weeks, you said four months.")),
            ),
            "“Kestrel said six weeks, you said four months”",
        ),
        (
            Case(
                "win", talk(("ask:decision", "The reference call. She told us what went wrong and would buy it again."))
            ),
            "“The reference call. She told us what went wrong and would buy it again”",
        ),
        (
            Case(
                "midpoint",
                talk(
                    ("ask:almost", "We were told in the sales meetings it reads our job tickets."),
                    ("ask:decision", "Drag and drop for emergencies."),
                ),
            ),
            "“We were told in the sales meetings it reads our job tickets”",
        ),
        (MIDPOINT, "The reporting is clunky"),
    ],
)
def test_the_headline_says_something(case: Case, words: str) -> None:
    assert words in headline(case)


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


def test_an_answer_that_tells_everything_is_taken_apart() -> None:
    everything = (
        "we looked at you, Brightline and staying on paper because our ops director quit in april. almost went with you"
        " because of the mobile app but the 18k setup was too much for the board, so we chose Brightline. I'd tell"
        " people to negotiate the setup fee"
    )
    question, answer = talk(("ask:trigger", everything)).turns
    covers = ("trigger", "alternatives", "almost", "decision", "peer")
    answer = replace(answer, assessment=Assessment(AnswerKind.SPECIFIC, covers))
    case = Case("loss", Transcript((question, answer), "en", CONTEXT))
    assert [line.partition(":")[0] for line in told(case)] == [
        "What started the search",
        "Also on the list",
        "What nearly changed the outcome",
        "What tipped it (setup fee)",
        "To a colleague",
    ]
    assert [sorted(tag.theme for tag in mark.tags) for mark in tags.marks(case)] == [
        ["competitor_mention", "trigger"],
        ["praise"],
        ["competitor_mention", "decision_factor", "pricing"],
        ["peer_recommendation", "pricing"],
    ]
