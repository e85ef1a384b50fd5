"""Whatever accent an organisation sets, what is written in it and on it can be read."""

from hypothesis import given
from hypothesis import strategies as st

from interviewer.web.theme import contrast, from_accent

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_every_accent_is_readable(accent: str) -> None:
    theme = from_accent(accent)
    for paper, ink, soft, shades in (
        ("#faf8f4", "#1c2421", "#5d6964", theme.light),
        ("#1c2220", "#eef1ef", "#a3aeaa", theme.dark),
    ):
        assert contrast(shades["accent"], paper) >= 4.5
        assert contrast(shades["accent"], shades["on-accent"]) >= 4.5
        assert contrast(shades["mine"], ink) >= 7
        assert contrast(shades["mine"], soft) >= 4.5
