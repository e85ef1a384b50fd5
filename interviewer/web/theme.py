"""Colours from the organisation's one accent, for both themes, readable by construction (WCAG 2.2 AA)."""

import colorsys
from dataclasses import dataclass

_PAPER_LIGHT, _PAPER_DARK = "#faf8f4", "#1c2220"
_TEXT_CONTRAST = 4.8
"""A little over the 4.5 that small text needs, for tinted surfaces."""


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
    light, dark = _until_readable(accent, _PAPER_LIGHT, -0.02), _until_readable(accent, _PAPER_DARK, 0.02)
    return Theme(
        light={"accent": light, "on-accent": _on(light), "mine": _mix(light, _PAPER_LIGHT, 0.1)},
        dark={"accent": dark, "on-accent": _on(dark), "mine": _mix(dark, "#141817", 0.22)},
    )


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _until_readable(colour: str, paper: str, step: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    while contrast(colour, paper) < _TEXT_CONTRAST and 0 < lightness < 1:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _on(surface: str) -> str:
    return max("#ffffff", "#08211e", key=lambda ink: contrast(ink, surface))


def _mix(top: str, bottom: str, share: float) -> str:
    pairs = zip(_rgb(top), _rgb(bottom), strict=True)
    red, green, blue = (a * share + b * (1 - share) for a, b in pairs)
    return _hex((red, green, blue))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
