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
