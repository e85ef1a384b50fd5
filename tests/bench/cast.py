"""The two buyers that the bench is tested with."""

from pathlib import Path

from interviewer.bench import buyers
from interviewer.bench.buyers import Buyer

FOLDER = Path(__file__).parent / "buyers"


def text(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def one(name: str) -> Buyer:
    return buyers.parse(text(name), f"{name}.toml")


CAROL, JONAS = one("carol"), one("jonas")
