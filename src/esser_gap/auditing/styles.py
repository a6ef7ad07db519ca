"""How cells look: fonts, fills, alignment and number formats, by the number that a cell names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.auditing.colors import BLACK, WHITE, Color, Palette
from esser_gap.auditing.elements import YES, children, is_on, real, whole
from esser_gap.auditing.number_formats import BUILT_IN, GENERAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_FONT_SIZE = 11.0
_LARGE, _LARGE_BOLD = 18, 14
_SOLID = "solid"


@dataclass(frozen=True, slots=True)
class Font:
    """A font.

    Attributes:
        color: Its color.
        size: Points.
        is_bold: Whether it is bold.
    """

    color: Color = BLACK
    size: float = _FONT_SIZE
    is_bold: bool = False

    @property
    def is_large(self) -> bool:
        """Tell whether WCAG takes it as large, so that less contrast is enough."""
        return self.size >= _LARGE or (self.is_bold and self.size >= _LARGE_BOLD)


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks.

    Attributes:
        font: Its font.
        behind: Colors behind its text: one, or several for a pattern; none without a fill of its own, which is white.
        number_format: Its number format.
        is_wrapped: Whether its text takes several lines.
        is_shrunk: Whether its text is made smaller until it fits.
        is_turned: Whether its text stands on its side.
        horizontal: How it is aligned; blank for text left and numbers right.
        indent: How many steps it is moved in.
        is_quoted: Whether an apostrophe was typed before it, which makes it text.
    """

    font: Font = Font()
    behind: tuple[Color, ...] = ()
    number_format: str = GENERAL
    is_wrapped: bool = False
    is_shrunk: bool = False
    is_turned: bool = False
    horizontal: str = ""
    indent: int = 0
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a conditional format changes.

    Attributes:
        color: The text's color, or None.
        behind: Colors behind the text; none leaves them.
    """

    color: Color | None
    behind: tuple[Color, ...]


class Styles:
    """The looks of one workbook."""

    def __init__(self, root: Element | None, theme: Element | None) -> None:
        """Read the styles.

        Args:
            root: The part with the styles, or None.
            theme: The part with the theme, or None.
        """
        colors = None if root is None else root.find("colors")
        self.palette = Palette(theme, None if colors is None else colors.find("indexedColors"))
        formats = dict(BUILT_IN)
        formats |= {
            whole(each.get("numFmtId"), -1): each.get("formatCode", GENERAL)
            for each in _list(root, "numFmts", "numFmt")
        }
        fonts = [self._font(each) for each in _list(root, "fonts", "font")]
        fills = [self._behind(each) for each in _list(root, "fills", "fill")]
        self._looks = [_look(each, fonts, fills, formats) for each in _list(root, "cellXfs", "xf")]
        self._changes = [self._change(each) for each in _list(root, "dxfs", "dxf")]

    def __len__(self) -> int:
        return len(self._looks)

    def look(self, number: int) -> Look:
        """Give the look of a cell by the number that it names."""
        return self._looks[number] if 0 <= number < len(self._looks) else _PLAIN

    def change(self, number: int) -> Change | None:
        """Give what a conditional format changes by the number that it names."""
        return self._changes[number] if 0 <= number < len(self._changes) else None

    def _font(self, written: Element) -> Font:
        size = written.find("sz")
        return Font(
            self.palette.color(written.find("color"), BLACK),
            real(None if size is None else size.get("val"), _FONT_SIZE),
            is_on(written.find("b")),
        )

    def _behind(self, written: Element) -> tuple[Color, ...]:
        gradient, pattern = written.find("gradientFill"), written.find("patternFill")
        if gradient is not None:
            return tuple(self.palette.color(stop.find("color"), WHITE) for stop in children(gradient, "stop"))
        kind = "none" if pattern is None else pattern.get("patternType", "none")
        if pattern is None or kind == "none":
            return ()
        front = self.palette.color(pattern.find("fgColor"), BLACK)
        return (front,) if kind == _SOLID else (front, self.palette.color(pattern.find("bgColor"), WHITE))

    def _change(self, written: Element) -> Change:
        font, fill = written.find("font"), written.find("fill")
        color = None if font is None or font.find("color") is None else self.palette.color(font.find("color"), BLACK)
        pattern = None if fill is None else fill.find("patternFill")
        if pattern is None or pattern.get("patternType", _SOLID) == "none":
            return Change(color, ())
        # Unlike in cells, the color of a solid fill is the one that is called the background here.
        behind = pattern.find("bgColor") if pattern.find("bgColor") is not None else pattern.find("fgColor")
        return Change(color, () if behind is None else (self.palette.color(behind, WHITE),))


_PLAIN = Look()


def _look(xf: Element, fonts: list[Font], fills: list[tuple[Color, ...]], formats: dict[int, str]) -> Look:
    alignment = xf.find("alignment")
    place = {} if alignment is None else alignment.attrib
    font, fill = whole(xf.get("fontId")), whole(xf.get("fillId"))
    return Look(
        font=fonts[font] if 0 <= font < len(fonts) else Font(),
        behind=fills[fill] if 0 <= fill < len(fills) else (),
        number_format=formats.get(whole(xf.get("numFmtId")), GENERAL),
        is_wrapped=place.get("wrapText") in YES or place.get("horizontal") in {"justify", "distributed"},
        is_shrunk=place.get("shrinkToFit") in YES,
        is_turned=place.get("textRotation", "0") != "0",
        horizontal=place.get("horizontal", "").replace("general", ""),
        indent=whole(place.get("indent")),
        is_quoted=xf.get("quotePrefix") in YES,
    )


def _list(root: Element | None, group: str, name: str) -> Iterator[Element]:
    return children(None if root is None else root.find(group), name)
