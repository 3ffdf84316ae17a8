"""Small charts as SVG text. The browser's own fonts write the labels, so Chinese needs no font in the file."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Optional

from ...messages import Message
from .text import Said, drawn, tip

Point = tuple[float, float]

WIDTH = 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 12, 50


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers between low and high, some `about` of them."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return [low]
    step = 10 ** math.floor(math.log10(span / about))
    step *= next((factor for factor in (1, 2, 5) if span / (step * factor) <= about), 10)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def label(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 2
    return f"{value + 0.0:.{decimals}f}"


class Chart:
    """One pair of axes. What is drawn is in the data's units; anything outside of the ranges is cut off."""

    def __init__(
        self,
        x: Point,
        y: Point,
        x_label: Said,
        y_label: Said,
        height: int = 340,
        x_ticks: Optional[list[float]] = None,
        width: int = WIDTH,
    ) -> None:
        self._x, self._y = x, y
        self._width, self._height = width, height
        self._labels = x_label, y_label
        self._x_ticks = x_ticks
        self._marks: list[str] = []

    def _across(self, value: float) -> float:
        low, high = self._x
        return _LEFT + (value - low) / ((high - low) or 1) * (self._width - _LEFT - _RIGHT)

    def _down(self, value: float) -> float:
        low, high = self._y
        return self._height - _BOTTOM - (value - low) / ((high - low) or 1) * (self._height - _TOP - _BOTTOM)

    def line(self, points: Iterable[Point], colour: str, width: float = 2, dash: str = "", title: Said = "") -> None:
        kept = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
        path = " ".join(f"{self._across(x):.1f},{self._down(y):.1f}" for x, y in kept)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._marks.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes} '
            f'stroke-linejoin="round" stroke-linecap="round">{_title(title)}</polyline>'
        )

    def dot(self, x: float, y: float, colour: str, radius: float = 3.5, title: Said = "", hollow: bool = False) -> None:
        if math.isfinite(x) and math.isfinite(y):
            fill = f'fill="var(--card)" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
            place = f'cx="{self._across(x):.1f}" cy="{self._down(y):.1f}"'
            self._marks.append(f'<circle {place} r="{radius}" {fill}>{_title(title)}</circle>')

    def upright(self, x: float, low: float, high: float, colour: str, width: float = 1.5) -> None:
        """A vertical line from low to high: an interval."""
        self.line([(x, low), (x, high)], colour, width)

    def _axes(self) -> str:
        parts = []
        bottom, right = self._height - _BOTTOM, self._width - _RIGHT
        heights = ticks(*self._y)
        step = heights[1] - heights[0] if len(heights) > 1 else 0
        for value in heights:
            y = self._down(value)
            parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text x="{_LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{label(value, step)}</text>')
        places = self._x_ticks if self._x_ticks is not None else ticks(*self._x, about=round(self._width / 80))
        step = places[1] - places[0] if len(places) > 1 else 1
        for value in places:
            x = self._across(value)
            parts.append(f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 4}"/>')
            parts.append(f'<text x="{x:.1f}" y="{bottom + 22}" text-anchor="middle">{label(value, step)}</text>')
        middle = (_TOP + bottom) / 2
        parts.append(f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
        below = f'class="name" x="{(_LEFT + right) / 2}" y="{self._height - 6}" text-anchor="middle"'
        beside = f'class="name" transform="translate(15 {middle}) rotate(-90)" text-anchor="middle"'
        parts += [drawn(below, self._labels[0]), drawn(beside, self._labels[1])]
        return "".join(parts)

    def render(self, described: Said) -> str:
        clip = f"c{zlib.crc32(f'{Message.of(described).en} {self._height}'.encode()):08x}"
        inside = (
            f'<clipPath id="{clip}"><rect x="{_LEFT - 6}" y="{_TOP - 6}" width="{self._width - _LEFT - _RIGHT + 12}" '
            f'height="{self._height - _TOP - _BOTTOM + 12}"/></clipPath>'
        )
        return (
            f'<svg viewBox="0 0 {self._width} {self._height}" role="img" aria-label="{escape(tip(described))}">{inside}'
            f'{self._axes()}<g clip-path="url(#{clip})">{"".join(self._marks)}</g></svg>'
        )


def scatter(points: Sequence[Point], colours: Sequence[str], titles: Sequence[Said], described: Said) -> str:
    """Points without axes, for a map whose directions mean nothing."""
    size, edge = 420, 14
    xs, ys = [x for x, _ in points], [y for _, y in points]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1
    left, top = (max(xs) + min(xs) - span) / 2, (max(ys) + min(ys) - span) / 2
    marks = []
    for (x, y), colour, title in zip(points, colours, titles):
        across = edge + (x - left) / span * (size - 2 * edge)
        down = edge + (y - top) / span * (size - 2 * edge)
        marks.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4.5" fill="{colour}">{_title(title)}</circle>')
    return (
        f'<svg class="map" viewBox="0 0 {size} {size}" role="img" aria-label="{escape(tip(described))}">'
        f"{''.join(marks)}</svg>"
    )


def _title(said: Said) -> str:
    return f"<title>{escape(tip(said))}</title>" if said else ""
