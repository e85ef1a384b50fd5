"""Colours from the organisation's one accent, for both themes, readable by construction (WCAG 2.2 AA)."""

import colorsys
from dataclasses import dataclass

_PAPER_LIGHT, _PAPER_DARK = "#faf8f4", "#1c2220"
_LIGHT_CONTRAST, _DARK_CONTRAST = 4.8, 7.5
"""Small text needs 4.5. In the dark a strong colour glares before it is hard to read, so it goes paler instead."""
_DARK_SATURATION = 0.5
_SOFT_LIGHT, _SOFT_DARK = "#5d6964", "#a3aeaa"
"""The quiet text of both themes, as the style sheets have it."""
_SMALL_TEXT = 4.6
_TINT_SATURATION = 0.3


@dataclass(frozen=True)
class Theme:
    """`accent` as a surface and as text, and what is written on it."""

    light: dict[str, str]
    dark: dict[str, str]

    @property
    def css(self) -> str:
        """Custom properties; pages are light unless the device asks for dark."""
        light = ";".join(f"--{name}:{value}" for name, value in self.light.items())
        dark = ";".join(f"--{name}:{value}" for name, value in self.dark.items())
        return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def from_accent(accent: str) -> Theme:
    """Both themes from `#rrggbb`: darker on light paper, lighter on dark, until text in it can be read."""
    light = _until_readable(accent, _PAPER_LIGHT, _LIGHT_CONTRAST, -0.02)
    dark = _until_readable(_shade(accent, None, _DARK_SATURATION), _PAPER_DARK, _DARK_CONTRAST, 0.02)
    return Theme(
        light={"accent": light, "on-accent": _on(light), "mine": _tint(light, _SOFT_LIGHT, 0.915, 0.005)},
        dark={"accent": dark, "on-accent": _on(dark), "mine": _tint(dark, _SOFT_DARK, 0.175, -0.005)},
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _until_readable(colour: str, against: str, least: float, step: float) -> str:
    """`colour`, lightened or darkened by `step` until it has the contrast `least`, or is white or black."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    while contrast(colour, against) < least and (lightness > 0 if step < 0 else lightness < 1):
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _tint(colour: str, ink: str, lightness: float, step: float) -> str:
    """A quiet surface in the colour's hue, for the buyer's own words; small `ink` on it can be read."""
    return _until_readable(_shade(colour, lightness, _TINT_SATURATION), ink, _SMALL_TEXT, step)


def _shade(colour: str, lightness: float | None, most: float) -> str:
    """The colour's hue at another lightness, no more saturated than `most`."""
    hue, own, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    return _hex(colorsys.hls_to_rgb(hue, own if lightness is None else lightness, min(saturation, most)))


def _on(surface: str) -> str:
    return max("#ffffff", "#08211e", key=lambda ink: contrast(ink, surface))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
