"""Colors of a workbook as red, green and blue, and how far one stands out from another."""

from __future__ import annotations

import colorsys
from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.auditing.elements import children, real, whole

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Color = tuple[int, int, int]
"""Red, green and blue from 0 to 255."""

BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)

_FIRST_INDEXED = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
    " 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
    " 800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF"
    " 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99"
    " 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
)
"""The palette of old workbooks, as the standard lists it (ECMA-376, 18.8.27)."""
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
"""Cells count the colors of a theme so, light before dark, although the theme lists dark first."""
_OFFICE = "FFFFFF 000000 E7E6E6 44546A 4472C4 ED7D31 A5A5A5 FFC000 5B9BD5 70AD47 0563C1 954F72"
"""The theme of a workbook that comes without one."""
_RGB_DIGITS = 6
_LINEAR_BELOW = 0.04045


class Palette:
    """The colors that a workbook can name."""

    def __init__(self, theme: Element | None, indexed: Element | None) -> None:
        """Take the colors of the theme and of the palette.

        Args:
            theme: The part with the theme, or None.
            indexed: The element `indexedColors` of the styles, or None.
        """
        self._indexed = [_from_hex(text) for text in _FIRST_INDEXED.split()]
        for place, each in enumerate(children(indexed, "rgbColor")):
            if place < len(self._indexed):
                self._indexed[place] = _from_hex(each.get("rgb", ""))
        self._theme = [_from_hex(text) for text in _OFFICE.split()]
        scheme = None if theme is None else theme.find(".//clrScheme")
        for each in () if scheme is None else scheme:
            if each.tag in _THEME_ORDER and len(each):
                written = each[0].get("lastClr") or each[0].get("val") or ""
                self._theme[_THEME_ORDER.index(each.tag)] = _from_hex(written)

    def color(self, written: Element | None, default: Color) -> Color:
        """Give a color as a style names it: by its parts, its place in the theme, or its number in the palette.

        Args:
            written: An element such as `color` or `fgColor`, or None.
            default: What no color, an automatic one and an unknown one mean.
        """
        if written is None or written.get("auto") in {"1", "true"}:
            return default
        color = default
        if written.get("rgb") is not None:
            color = _from_hex(written.get("rgb", ""))
        elif written.get("theme") is not None:
            color = _nth(self._theme, whole(written.get("theme"), -1), default)
        elif written.get("indexed") is not None:
            color = _nth(self._indexed, whole(written.get("indexed"), -1), default)
        return tinted(color, real(written.get("tint")))


def tinted(color: Color, tint: float) -> Color:
    """Make a color lighter (above 0) or darker (below 0), as ECMA-376, 18.8.19 says.

    Examples:
        >>> tinted((0, 0, 0), 0.5), tinted((255, 255, 255), -0.5)
        ((128, 128, 128), (128, 128, 128))
    """
    if not tint:
        return color
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in color))
    tint = max(-1.0, min(1.0, tint))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, saturation))
    return red, green, blue


@lru_cache(maxsize=4096)
def contrast(one: Color, other: Color) -> float:
    """Say how far two colors stand apart, from 1 to 21, as WCAG 2.1 defines it.

    Examples:
        >>> contrast((0, 0, 0), (255, 255, 255))
        21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def in_hex(color: Color) -> str:
    """Write a color as people know it from the web, such as `#1F2933`."""
    return "#{:02X}{:02X}{:02X}".format(*color)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4


def _from_hex(text: str) -> Color:
    digits = text[-_RGB_DIGITS:]
    try:
        number = int(digits, 16)
    except ValueError:
        return BLACK
    return number >> 16 & 255, number >> 8 & 255, number & 255


def _nth(colors: list[Color], place: int, default: Color) -> Color:
    return colors[place] if 0 <= place < len(colors) else default
