"""How often functions are called: what a change of speed is proved by, as time depends on the machine."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """By their qualified names, of this thread only, until the block ends."""
    counted = Counter[str]()

    def count(frame: FrameType, event: str, what: object) -> None:
        if event == "call":
            counted[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            counted[str(getattr(what, "__qualname__", what))] += 1

    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(None)
