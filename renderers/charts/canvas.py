"""A figure to draw on, and the PNG that comes out: the same report gives the same bytes, on any machine with this matplotlib."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from renderers.clean import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from renderers.charts.palette import Palette

WIDTH_IN, DPI = 8.0, 150
"""1,200 pixels: twice the width at which Slack shows a picture on a large screen."""
BODY_PT, SMALL_PT, TITLE_PT = 10.0, 8.5, 11.5
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
REGULAR, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
"""They come with matplotlib, so that no machine's own fonts change a picture."""
UNKNOWN = "▯"
DRAWING = Lock()
"""Matplotlib's fonts are shared and not made for several threads."""


def drawn(height_in: float, colours: Palette, draw: Callable[[Figure], None]) -> bytes:
    """The PNG of what `draw` puts on a figure of that height."""
    with DRAWING, mpl.rc_context():
        mpl.rcdefaults()
        figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor=colours.ground)
        FigureCanvasAgg(figure)
        draw(figure)
        buffer = BytesIO()
        # Neither date nor version: a golden picture changes only when the picture does.
        figure.savefig(buffer, format="png", facecolor=colours.ground, metadata={"Software": None})
    return buffer.getvalue()


def bare_axes(
    figure: Figure, height_in: float, left_in: float, right_in: float, top_in: float, bottom_in: float
) -> Axes:
    """Axes with margins in inches and nothing around them."""
    width = (WIDTH_IN - left_in - right_in) / WIDTH_IN
    height = (height_in - top_in - bottom_in) / height_in
    axes = figure.add_axes((left_in / WIDTH_IN, bottom_in / height_in, width, height))
    axes.patch.set_alpha(0.0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelbottom=False, labelleft=False)
    axes.set_yticks([])
    axes.set_xticks([])
    return axes


def write(
    figure: Figure,
    x_in: float,
    y_in: float,
    text: str,
    colour: str,
    *,
    size_pt: float = BODY_PT,
    bold: bool = False,
    align: str = "left",
) -> Text:
    """Text at a place in inches from the lower left; as it stands, whatever signs of formulas are in it."""
    height_in = figure.get_size_inches()[1]
    said = figure.text(
        x_in / WIDTH_IN, y_in / height_in, "", color=colour, ha=align, va="center", fontproperties=font(size_pt, bold=bold)
    )  # fmt: skip
    said.set_parse_math(False)
    said.set_text(drawable(text))
    return said


def font(size_pt: float, *, bold: bool = False) -> FontProperties:
    return FontProperties(fname=str(BOLD if bold else REGULAR), size=size_pt)


def drawable(text: str) -> str:
    """The text, cleaned, with a box for every character that the font does not have."""
    return "".join(char if char == " " or _known(char) else UNKNOWN for char in clean_text(text))


def width_in(text: str, size_pt: float, *, bold: bool = False) -> float:
    """How wide the text is drawn."""
    path = BOLD if bold else REGULAR
    return sum(_advance_em(path, char) for char in drawable(text)) * size_pt / 72


def fitted(text: str, size_pt: float, room_in: float, *, bold: bool = False) -> str:
    """The text, its middle left out where it is wider than the room."""
    if width_in(text, size_pt, bold=bold) <= room_in:
        return text
    low, high = 0, len(text)
    while low < high:
        kept = (low + high + 1) // 2
        short = _without_middle(text, kept)
        low, high = (kept, high) if width_in(short, size_pt, bold=bold) <= room_in else (low, kept - 1)
    return _without_middle(text, low)


def wrapped(text: str, size_pt: float, room_in: float, most_lines: int, *, bold: bool = False) -> list[str]:
    """The text in lines that fit the room, the last one cut where there would be more."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_in(joined, size_pt, bold=bold) <= room_in:
            lines[-1] = joined
        elif len(lines) == most_lines:
            lines[-1] += " …"
            break
        else:
            lines.append(word)
    return [fitted(line, size_pt, room_in, bold=bold) for line in lines]


def _without_middle(text: str, kept: int) -> str:
    return f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"


@lru_cache(maxsize=4_096)
def _advance_em(path: Path, char: str) -> float:
    """How far a character moves the pen, of the font's size; measured free of any resolution."""
    face = _face(path)
    return float(face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance) / face.units_per_EM


@cache
def _face(path: Path) -> FT2Font:
    return FT2Font(str(path))


@lru_cache(maxsize=4_096)
def _known(char: str) -> bool:
    return bool(_face(REGULAR).get_char_index(ord(char)))
