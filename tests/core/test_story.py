"""What started it and whether it fits, where it stood still, how the buyer sounds; then insights and findings."""

from dataclasses import replace

import pytest

from interviewer.analysis import answers, competitors, drivers, findings, insights, story
from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Polarity, Theme
from interviewer.bodies import Finding, Fit, Insight, InsightKind, Mood, Owner, Seen, Stalled, Tone, Trigger
from interviewer.evidence import Claim, Quote, StatementKind, Tag
from tests.core.cases import interview


def claim(
    kind: StatementKind, flow: str, *said: tuple[str, str], targets: frozenset[str] = frozenset()
) -> Claim | None:
    case = Case(flow, interview(*said), target_triggers=targets)
    return next((one for one in story.by_rules(case).claims if one.kind is kind), None)


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ("We hired a new CFO in October", "new_hire"),
        ("our rota person left in May", "person_left"),
        ("outage 3 march, 4h", "incident"),
        ("An audit finding.", "regulation"),
        ("Our old system went out of support at Christmas", "tool_end"),
        ("the contract was up", "contract_end"),
        ("The board wanted it halved by March", "board_ask"),
        ("we opened a second site in spring", "growth"),
        ("everything was done by hand, every Sunday night", "manual_work"),
    ],
)
def test_events(said: str, event: str) -> None:
    found = claim(StatementKind.TRIGGER, "loss", ("trigger", said))
    assert found and isinstance(found.body, Trigger) and found.body.event == event
    assert event in story.EVENTS


@pytest.mark.parametrize(
    ("targets", "fits"),
    [(frozenset(), Fit.UNKNOWN), (frozenset({"contract_end"}), Fit.YES), (frozenset({"growth"}), Fit.NO)],
)
def test_fit_is_for_the_team_to_say(targets: frozenset[str], fits: Fit) -> None:
    found = claim(StatementKind.TRIGGER, "loss", ("trigger", "the contract was up"), targets=targets)
    assert found and isinstance(found.body, Trigger) and found.body.fits is fits


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("It sat with legal for five weeks.", "legal review"),
        ("Week 3, still no trial from you.", "waiting for a trial"),
        ("We liked it a lot.", ""),
    ],
)
def test_where_it_stood_still(said: str, at: str) -> None:
    found = claim(StatementKind.STALLED, "loss", ("decision", said))
    assert (found.body.at if found and isinstance(found.body, Stalled) else "") == at


@pytest.mark.parametrize(
    ("flow", "said", "mood"),
    [
        ("loss", [("decision", "He went behind my back. A HAMPER. What a joke.")], Mood.ANGRY),
        (
            "churn",
            [("decision", "I asked three times and nobody answered. Escalated again and again.")],
            Mood.FRUSTRATED,
        ),
        (
            "win",
            [("decision", "Brilliant, the team loved it."), ("peer", "I'd recommend it, great people.")],
            Mood.PLEASED,
        ),
        (
            "loss",
            [("alternatives", "rather not say"), ("decision", "can't discuss it, NDA"), ("peer", "skip")],
            Mood.EVASIVE,
        ),
    ],
)
def test_moods_cite_the_words_that_show_them(flow: str, said: list[tuple[str, str]], mood: Mood) -> None:
    found = claim(StatementKind.TONE, flow, *said)
    assert found and isinstance(found.body, Tone) and found.body.mood is mood
    assert found.spans


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        ("loss", "The export did not fit our format."),
        ("churn", "App kept freezing up a ladder, 12 metres up, in the rain."),
        ("win", "It does the night plan and sends it to the vans."),
    ],
)
def test_where_nothing_tells_a_tone_none_is_told(flow: str, said: str) -> None:
    assert claim(StatementKind.TONE, flow, ("decision", said)) is None


def quoted(flow: str, said: str, *tags: Tag) -> Case:
    case = Case(flow, interview(("decision", said)))
    return replace(case, quotes=(Quote(1, 2, 0, len(said), said, tags),))


@pytest.mark.parametrize(
    ("flow", "said", "tag", "insight"),
    [
        (
            "loss",
            "no offline mode",
            Tag(Theme.FEATURE_GAP, "offline use", Polarity.NEGATIVE),
            Insight("offline use", InsightKind.GAP, Seen.PRODUCT),
        ),
        (
            "loss",
            "the website said nothing about it",
            Tag(Theme.MESSAGING_MISS, "website", Polarity.NEGATIVE),
            Insight("website", InsightKind.GAP, Seen.MESSAGE),
        ),
        (
            "win",
            "the exports crashed",
            Tag(Theme.FEATURE_GAP, "reporting", Polarity.NEGATIVE),
            Insight("reporting", InsightKind.BUG),
        ),
        (
            "win",
            "reporting is lovely",
            Tag(Theme.PRAISE, "reporting", Polarity.POSITIVE),
            Insight("reporting", InsightKind.ADVANTAGE),
        ),
    ],
)
def test_insights(flow: str, said: str, tag: Tag, insight: Insight) -> None:
    assert [one.body for one in insights.by_rules(quoted(flow, said, tag)).claims] == [insight]


@pytest.mark.parametrize(
    ("tag", "owner"),
    [
        (Tag(Theme.FEATURE_GAP, "offline use", Polarity.NEGATIVE), Owner.PRODUCT),
        (Tag(Theme.MESSAGING_MISS, "website", Polarity.NEGATIVE), Owner.PMM),
        (Tag(Theme.PROCESS_FRICTION, "sales process", Polarity.NEGATIVE), Owner.SALES),
        (Tag(Theme.CRITICISM, "sales process", Polarity.NEGATIVE), Owner.SALES),
        (Tag(Theme.COMPETITOR_MENTION, "Acme", Polarity.NEGATIVE), Owner.PMM),
        (Tag(Theme.PRICING, "price", Polarity.POSITIVE), Owner.NOBODY),
        (Tag(Theme.PRAISE, "reporting", Polarity.POSITIVE), Owner.NOBODY),
    ],
)
def test_who_acts(tag: Tag, owner: Owner) -> None:
    bodies = [one.body for one in findings.by_rules(quoted("loss", "so it was", tag)).claims]
    assert [body.owner for body in bodies if isinstance(body, Finding)] == [owner]


def test_a_name_alone_is_no_finding() -> None:
    tag = Tag(Theme.COMPETITOR_MENTION, "Acme", Polarity.NEUTRAL)
    assert findings.by_rules(quoted("loss", "Acme and you", tag)).claims == ()


def test_a_finding_without_a_subject_says_it_in_their_words() -> None:
    (found,) = findings.by_rules(quoted("loss", "Nobody had mentioned it", Tag(Theme.CRITICISM, "", "negative"))).claims
    assert found.text == "Disliked: “Nobody had mentioned it”" and found.key == "criticism: "


def test_that_something_weighed_is_no_finding() -> None:
    assert findings.by_rules(quoted("loss", "That was what counted", Tag(Theme.DECISION_FACTOR))).claims == ()


def test_three_answers() -> None:
    case = Case(
        "loss", interview(("alternatives", "you and Acme"), ("decision", "The app kept crashing, we chose Acme."))
    )
    said = (*competitors.by_rules(case).claims, *drivers.by_rules(case).claims)
    told = {one.kind: one for one in answers.by_rules(replace(case, claims=said)).claims}
    assert told[StatementKind.DECIDED].text == "They went with Acme rather than Tidewater."
    assert "Acme" in told[StatementKind.VERSUS].text
    assert set(told) == {StatementKind.DECIDED, StatementKind.WHY, StatementKind.VERSUS}
    assert all(one.spans for one in told.values())
