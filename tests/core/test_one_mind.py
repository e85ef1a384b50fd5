"""An analysis does not contradict what was said, nor itself: which way words point, and what they do not say."""

import pytest

from interviewer.analysis import findings, tags
from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Polarity, Theme
from tests.core.cases import kept, talk

_BLAME = {Theme.FEATURE_GAP, Theme.CRITICISM}


def themes(flow: str, *said: tuple[str, str], language: str = "en") -> list[dict[str, str]]:
    """By quote: the themes with their polarity."""
    marks = tags.marks(Case(flow, talk(*said, language=language)))
    return [{tag.theme: tag.polarity for tag in mark.tags} for mark in marks]


@pytest.mark.parametrize(
    ("flow", "move", "said"),
    [
        ("loss", "ask:almost", "the drag screen in your pilot. the crew had it in an hour"),
        ("churn", "ask:almost", "The visit reports in your app. Nobody else has those."),
        ("no_decision", "ask:almost", "the import screen in your sandbox"),
    ],
)
def test_what_nearly_won_them_is_no_gap(flow: str, move: str, said: str) -> None:
    for found in themes(flow, (move, said)):
        assert Theme.PRAISE in found and not _BLAME & set(found)


@pytest.mark.parametrize(
    "said",
    [
        "Scanners. Try it with the oldest handsets you own, and check the battery.",
        "Tablets. Test it with the worst signal you have, all week.",
        "Make sure the slowest site is in it before you sign.",
    ],
)
@pytest.mark.parametrize("move", ["ask:peer", "probe:peer:watch_out"])
def test_a_warning_is_neither_praise_nor_blame(said: str, move: str) -> None:
    (found,) = themes("churn", (move, said))
    assert found[Theme.PEER_RECOMMENDATION] == Polarity.NEGATIVE
    assert Theme.PRAISE not in found and not _BLAME & set(found)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Unsere Schichtleiterin meinte: Das spart mir jeden Abend eine halbe Stunde", "de"),
        ("Im Test im Mai. Die Kollegin sagte, das nimmt uns viel Arbeit ab", "de"),
        ("our duty lead said it saves her an hour every night", "en"),
    ],
)
def test_what_saves_them_work_speaks_for_the_vendor(said: str, language: str) -> None:
    first = ("ask:almost", {"de": "Der Plan.", "en": "the plan"}[language])
    found = themes("loss", first, ("probe:almost:any", said), language=language)
    assert found[-1][Theme.PRAISE] == Polarity.POSITIVE
    assert Polarity.NEGATIVE not in found[-1].values()


def test_praise_and_blame_stand_together_only_where_both_are_said() -> None:
    for said in ("It froze on the worst days", "A lovely calendar", "Nobody on the night shift used it"):
        for found in themes("midpoint", ("ask:decision", said), ("ask:almost", said), ("ask:peer", said)):
            assert Theme.PRAISE not in found or not _BLAME & set(found)


@pytest.mark.parametrize(
    ("move", "said", "language", "text"),
    [
        ("probe:decision:where", "our board wanted a supplier with an office here", "en", "Counted inside"),
        (
            "probe:decision:where",
            "our board wanted a local firm. we told none of you",
            "en",
            "Counted, and was told to",
        ),
        ("probe:decision:unsaid", "our owner wanted a local firm", "en", "Counted, and was told to no vendor"),
        ("ask:decision", "Der Vorstand.", "de", ""),
        ("ask:decision", "The works council.", "en", ""),
    ],
)
def test_a_criterion_is_untold_only_where_they_say_so(move: str, said: str, language: str, text: str) -> None:
    claims = findings.by_rules(kept(Case("loss", talk((move, said), language=language)))).claims
    (told,) = [claim.text for claim in claims if claim.text.startswith("Counted")] or [""]
    assert told.startswith(text) and bool(told) == bool(text)


def test_that_nobody_was_told_is_part_of_what_was_not() -> None:
    said = "our auditor said during the pilot that she signs nothing without an archive. we never told any of you"
    (mark,) = tags.marks(Case("loss", talk(("probe:decision:unsaid", said))))
    assert mark.text == said
    assert {tag.subject for tag in mark.tags if tag.theme == Theme.HIDDEN_CRITERION}.isdisjoint({"trial", "demo"})
