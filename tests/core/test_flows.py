"""Flows as data: the five that ship are right, and a wrong file is told what is wrong by file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from interviewer.errors import BadInput, NotFound
from interviewer.flows import catalogue, lint, wordings
from interviewer.flows.model import Flow
from tests.core.talk import FLOWS, LOSS, SOURCES

SHIPPED = list(FLOWS)


def test_the_five_flows_ship() -> None:
    assert set(FLOWS.ids) == {"loss", "win", "no_decision", "churn", "midpoint"}
    assert [flow.id for flow in FLOWS] == list(FLOWS.ids)
    with pytest.raises(NotFound):
        FLOWS.get("upsell")


@pytest.mark.parametrize("flow", SHIPPED, ids=FLOWS.ids)
class TestShipped:
    def test_topics_follow_the_buyers_memory(self, flow: Flow) -> None:
        assert tuple(topic.id for topic in flow.topics) == (*catalogue.CORE, "anything_else", "someone_else")

    def test_almost_and_decision_weigh_most(self, flow: Flow) -> None:
        heavy = {topic.id for topic in flow.topics if topic.weight >= 8}
        assert heavy == {"almost", "decision"}
        assert all(flow.topic(topic).max_probes == 2 for topic in heavy)

    def test_everything_is_said_in_every_language(self, flow: Flow) -> None:
        said = [flow.invite.headline, flow.invite.lead]
        for topic in flow.topics:
            said += [topic.label, topic.wording, topic.rephrased]
            said += [words for probe in topic.probes for words in (probe.wording, probe.plain) if words]
        for words in said:
            assert not set(wordings.languages()) - words.keys(), words["en"]

    def test_every_core_topic_has_an_answer_to_vagueness(self, flow: Flow) -> None:
        for topic in flow.core:
            assert any("vague" in probe.fits and not probe.needs_hook for probe in topic.probes)
        assert any("nothing" in probe.fits for probe in flow.topic("almost").probes)
        assert any("praise" in probe.fits for probe in flow.topic("peer").probes)

    def test_the_deciding_price_is_asked_into(self, flow: Flow) -> None:
        for topic in ("almost", "decision"):
            assert any("price" in probe.fits for probe in flow.topic(topic).probes)

    def test_no_message_begins_with_the_buyers_words(self, flow: Flow) -> None:
        for topic in flow.topics:
            for probe in topic.probes:
                assert not any(text.startswith("{hook}") for text in probe.wording.values())

    def test_questions_are_brief(self, flow: Flow) -> None:
        for topic in flow.topics:
            for text in (*topic.wording.values(), *topic.rephrased.values()):
                assert len(text.split()) <= 20, text

    def test_wordings_differ_from_their_rephrasing(self, flow: Flow) -> None:
        texts = [text for topic in flow.topics for text in (topic.wording["en"], topic.rephrased["en"])]
        assert len(texts) == len(set(texts))

    def test_a_version_is_identified_by_its_content(self, flow: Flow) -> None:
        again = catalogue.from_body(flow.model_dump(mode="json"))
        assert again == flow
        assert catalogue.digest(again) == catalogue.digest(flow)
        assert catalogue.digest(flow.model_copy(update={"version": 99})) != catalogue.digest(flow)


def test_flows_ask_their_own_questions() -> None:
    for topic in ("trigger", "alternatives", "almost", "decision"):
        assert len({flow.topic(topic).wording["en"] for flow in FLOWS}) >= 4, topic


def swapped(*pairs: tuple[str, str], source: str = SOURCES["loss.toml"]) -> str:
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new, 1)
    return source


PROBLEMS = [
    (("wording.en = ", "wording.fr = "), "loss.toml: topics[0].wording (topic `trigger`): English is missing"),
    (
        ('wording.en = "How did that come about?"', ""),
        "loss.toml: topics[0].probes[0].wording (topic `trigger`, probe `people`): is missing",
    ),
    (("weight = 6", "weight = 11"), "loss.toml: topics[0].weight (topic `trigger`): is 11; it may be at most 10"),
    (("weight = 6", ""), "loss.toml: topics[0].weight (topic `trigger`): is missing"),
    (("weight = 6", "weight = 0"), "loss.toml: topics[0].weight (topic `trigger`): a core topic weighs at least 1"),
    (("weight = 6", "wieght = 6"), "loss.toml: topics[0].wieght (topic `trigger`): is not a key that flows have"),
    (("version = 2", "version = 0"), "loss.toml: version: is 0; it must be at least 1"),
    (('id = "loss"', 'id = "Lost deal"'), "loss.toml: id: 'Lost deal' must be small letters"),
    (('id = "almost"', 'id = "nearly"'), "loss.toml: topics: the core topics must be trigger, alternatives, almost"),
    (('id = "someone_else"', 'id = "anything_else"'), "loss.toml: topics: 'anything_else' is used 2 times"),
    (
        ('id = "people"', 'id = "breaking_point"'),
        "loss.toml: topics[0].probes (topic `trigger`): 'breaking_point' is used 2 times",
    ),
    (
        ('fits = ["status_quo"]', 'fits = ["spreadsheets"]'),
        "loss.toml: topics[1].probes[0].fits (topic `alternatives`, probe `status_quo`): 'spreadsheets' is not",
    ),
    (
        ('fits = ["status_quo"]', "fits = []"),
        "loss.toml: topics[1].probes[0].fits (topic `alternatives`, probe `status_quo`): is empty",
    ),
    (
        ('told_by = "doubt"', 'told_by = "doubts"'),
        "loss.toml: topics[2].told_by (topic `almost`): 'doubts' is not one of",
    ),
    (
        ("What tipped it in the end?", "Was it the price?"),
        "loss.toml: topics[3].wording.en (topic `decision`): breaks the rule 'open'",
    ),
    (
        ("What tipped it in the end?", "What tipped it for {buyer}?"),
        "loss.toml: topics[3].wording.en (topic `decision`): {buyer} is not filled",
    ),
    (
        ("What tipped it in the end?", "What made {hook} tip it?"),
        "loss.toml: topics[3].wording.en (topic `decision`): {hook} is not filled",
    ),
    (
        ('What kept {hook} in the running?"', 'What kept {hook} in the running?"\nwording.de = "Was sprach dafür?"'),
        "loss.toml: topics[1].probes[0].wording (topic `alternatives`, probe `status_quo`): picks up the buyer's",
    ),
    (
        ("weight = 6", 'weight = 6\napproved = ["manners"]'),
        "loss.toml: topics[0].approved (topic `trigger`): 'manners' is not a rule",
    ),
    (("soft_s = 180", "soft_s = 300"), "loss.toml: budget: soft_s is later than hard_s"),
    (("soft_s = 180", "soft_s = 10"), "loss.toml: budget.soft_s: is 10; it must be between 60 and 600"),
    (("hard_s = 210", "hard_s = 3000"), "loss.toml: budget.hard_s: is 3000; it must be between 60 and 900"),
    (("probes = 6", "probes = 60"), "loss.toml: budget.probes: is 60; it must be between 0 and 10"),
    (("[invite]", "[invite"), "loss.toml: is not valid TOML"),
]


@pytest.mark.parametrize(("swap", "problem"), PROBLEMS)
def test_a_problem_is_named_by_file_and_key(swap: tuple[str, str], problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        catalogue.parse(swapped(swap), "loss.toml")
    assert any(str(found).startswith(problem) for found in caught.value.problems), str(caught.value)


def test_every_problem_is_told_at_once() -> None:
    source = swapped(
        ("weight = 6", ""), ("What tipped it in the end?", "Was it the price?"), ("version = 2", 'version = "one"')
    )
    with pytest.raises(BadInput) as caught:
        catalogue.parse(source, "loss.toml")
    assert {problem.where for problem in caught.value.problems} == {
        "loss.toml: topics[0].weight (topic `trigger`)",
        "loss.toml: topics[3].wording.en (topic `decision`)",
        "loss.toml: version",
    }


def test_a_person_may_overrule_the_lint() -> None:
    source = swapped(
        ("What tipped it in the end?", "Was it the price?"),
        ('told_by = "reason"', 'told_by = "reason"\napproved = ["open"]'),
    )
    assert catalogue.parse(source, "loss.toml").topic("decision").wording["en"] == "Was it the price?"
    assert lint.check_wording("Was it the price?", "en") == ("open",)


def test_core_topics_come_in_order_and_closing_ones_last() -> None:
    parts = SOURCES["loss.toml"].split("[[topics]]")
    with pytest.raises(BadInput, match="closing topics"):
        catalogue.parse("[[topics]]".join([parts[0], *parts[2:], parts[1]]), "loss.toml")


def test_a_catalogue_reports_every_file() -> None:
    with pytest.raises(BadInput) as caught:
        catalogue.load({"a.toml": SOURCES["loss.toml"], "b.toml": SOURCES["loss.toml"], "c.toml": "id = 1"})
    wheres = [problem.where for problem in caught.value.problems]
    assert "b.toml: id" in wheres
    assert "c.toml: id" in wheres
    assert "c.toml: topics" in wheres


def test_a_changed_wording_keeps_no_translation_of_the_old_one() -> None:
    flow = catalogue.parse(swapped(("What tipped it in the end?", "What made the difference?")), "loss.toml")
    assert flow.topic("decision").wording == {"en": "What made the difference?"}
    assert flow.topic("decision").label == LOSS.topic("decision").label


def test_an_interview_begun_before_quotes_is_asked_in_whole_sentences() -> None:
    body = LOSS.model_dump(mode="json")
    probe = body["topics"][3]["probes"][0]
    del probe["quotes"]
    probe["wording"] = {"en": "You wrote {words}. Where did that show?", "de": "Sie schreiben {words}. Wo war das?"}
    probe["plain"] = {"en": "Where did that show?", "de": "Wo war das?"}
    kept = catalogue.from_body(body).topic("decision").probes[0]
    assert kept.wording == {"en": "Where did that show?", "de": "Wo war das?"}
    assert kept.quotes and not kept.plain


def test_a_file_written_before_quotes_still_reads() -> None:
    swap = ('wording.en = "How did that come about?"', 'wording.en = "You wrote {words}. How did that come about?"')
    probe = catalogue.parse(swapped(swap), "loss.toml").topic("trigger").probes[0]
    assert probe.wording["en"] == "How did that come about?"
    assert probe.wording["de"] == "Wie kam es dazu?"


def test_a_flow_of_ones_own_may_bring_its_own_words() -> None:
    own = 'wording.en = "What tipped it in the end?"\nwording.de = "Was war entscheidend?"'
    flow = catalogue.parse(swapped(('wording.en = "What tipped it in the end?"', own)), "loss.toml")
    assert flow.topic("decision").wording["de"] == "Was war entscheidend?"


def test_no_translation_is_left_over() -> None:
    english = {words for source in SOURCES.values() for words in _english(tomllib.loads(source))}
    for language, table in wordings.tables().items():
        assert set(table) == english, language


def _english(body: Any) -> Iterator[str]:
    match body:
        case {"en": str(words)}:
            yield words
        case dict():
            for value in body.values():
                yield from _english(value)
        case list():
            for value in body:
                yield from _english(value)


def test_asking_for_a_topic_or_probe_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        LOSS.topic("weather")
    with pytest.raises(KeyError):
        LOSS.topic("trigger").probe("weather")
