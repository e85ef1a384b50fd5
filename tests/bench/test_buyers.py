"""Files of buyers: read whole, or refused with the file and the key."""

from pathlib import Path

import pytest

from interviewer.bench import buyers
from interviewer.errors import BadInput
from tests.bench.cast import CAROL, FOLDER, JONAS, text


def test_a_buyer_is_read_with_the_name_of_its_file() -> None:
    assert (CAROL.id, CAROL.flow, CAROL.style) == ("carol", "loss", "terse")
    assert [fact.id for fact in CAROL.facts_on("decision", 2)] == ["board_rule"]
    assert JONAS.topics["decision"].refuses and JONAS.topics["trigger"].tells == ("alternatives",)


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('flow = "loss"', 'flow = "loss', "carol.toml: is not valid TOML"),
        ('flow = "loss"', "", "carol.toml: flow: "),
        ("depth = 2", "depth = 3", "carol.toml: facts[4].depth: "),
        ('style = "terse"', 'styles = "terse"', "carol.toml: styles: "),
        ("[topics.peer]", "[topics.peers]", "carol.toml: topics.peer: is missing"),
        ("depth = 0", "depth = 0\ndriver = true\nopens_on = ['x']", "carol.toml: facts[0].opens_on: belongs"),
        (
            'says = "Two drivers quit in March"',
            'says = "Two drivers left"',
            "carol.toml: facts[0].says: is volunteered",
        ),
        ('says = "Price, mostly."', 'says = "No."\nrefuses = true', "carol.toml: facts[3].topic: the buyer refuses"),
        ('says = "The map view."', 'says = "The map."\ntells = ["almost"]', "carol.toml: topics.almost.tells: "),
        ('id = "map_demo"', 'id = "board_rule"', "carol.toml: facts: 'board_rule' is used 2 times"),
        (
            'topic = "alternatives"',
            'topic = "someone_else"',
            "carol.toml: facts[1].topic: 'someone_else' has no answer",
        ),
        ("driver = true", "driver = false", "carol.toml: facts: none is a driver"),
        ("[[facts]]", '[[moments]]\ntopic = "x"\nsays = "hm"\n\n[[facts]]', "carol.toml: moments[0].topic: "),
    ],
)
def test_what_is_wrong_is_said_by_file_and_key(was: str, becomes: str, problem: str) -> None:
    changed = text("carol").replace(was, becomes)
    with pytest.raises(BadInput) as refused:
        buyers.load({"jonas.toml": text("jonas"), "carol.toml": changed})
    assert problem in str(refused.value)


def test_a_folder_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    assert [buyer.id for buyer in buyers.load(buyers.read_folder(FOLDER))] == ["carol", "jonas"]
    with pytest.raises(BadInput, match="nowhere: is not a folder"):
        buyers.read_folder(tmp_path / "nowhere")
    (tmp_path / "latin.toml").write_bytes("# José".encode("latin-1"))
    with pytest.raises(BadInput, match=r"latin\.toml: is not UTF-8"):
        buyers.read_folder(tmp_path)


def test_held_out_buyers_are_left_out_unless_asked_for() -> None:
    both = (CAROL, JONAS)
    assert buyers.choose(both, held_out=False) == (CAROL,)
    assert buyers.choose(both, held_out=True) == (JONAS,)
    assert buyers.choose(both) == both
    assert buyers.choose(both, ids=["jonas"], held_out=False) == (JONAS,)
    assert buyers.choose(both, flows=["win"]) == (JONAS,)


def test_a_choice_of_nobody_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no buyer 'karol'"):
        buyers.choose((CAROL,), ids=["karol"])
    with pytest.raises(BadInput, match=r"no buyer has the flow .win.; known are loss"):
        buyers.choose((CAROL,), flows=["win"])
    with pytest.raises(BadInput, match="nobody is left"):
        buyers.choose((CAROL, JONAS), flows=["win"], held_out=False)


def test_the_shipped_buyers_cover_every_flow_and_many_styles() -> None:
    shipped = buyers.shipped()
    assert len(shipped) >= 20
    assert {buyer.flow for buyer in shipped} == {"loss", "win", "no_decision", "churn", "midpoint"}
    assert len({buyer.style for buyer in shipped}) >= 8
    assert any(buyer.held_out for buyer in shipped)
