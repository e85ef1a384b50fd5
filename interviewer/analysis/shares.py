"""Shares of a whole in per cent. Pure."""

from collections.abc import Sequence


def to_hundred(weights: Sequence[int]) -> tuple[int, ...]:
    """Whole shares in the order of the weights, each at least 1, that add up to 100; none for no weights."""
    if not weights:
        return ()
    known = [max(weight, 0) for weight in weights]
    whole = sum(known) or 1
    exact = [100 * weight / whole if sum(known) else 100 / len(known) for weight in known]
    shares = [max(int(share), 1) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: -(exact[at] - int(exact[at])))
    for at in by_rest[: max(100 - sum(shares), 0)]:
        shares[at] += 1
    shares[shares.index(max(shares))] += 100 - sum(shares)
    return tuple(shares)


STEP = 5


def in_steps(shares: Sequence[int]) -> tuple[int, ...]:
    """Shares that add up to 100 as multiples of `STEP`, each at least one step, that still do: what is no measurement
    is not given as one. At most 100 / `STEP` of them."""
    whole = to_hundred(shares)
    steps = [max(share // STEP, 1) for share in whole]
    by_rest = sorted(range(len(whole)), key=lambda at: STEP * steps[at] - whole[at])
    for at in by_rest[: max(100 // STEP - sum(steps), 0)]:
        steps[at] += 1
    while steps and sum(steps) > 100 // STEP:
        steps[steps.index(max(steps))] -= 1
    return tuple(STEP * step for step in steps)
