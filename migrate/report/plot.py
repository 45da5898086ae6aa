"""What ``bench`` measured as one SVG: a bar per row, its length the ratio on a logarithmic scale."""

from __future__ import annotations

import math
from html import escape

from migrate.model.measures import Measure, Measures
from migrate.report.bench import shown, times

_WIDTH, _ROW, _LEFT, _RIGHT = 880, 22, 330, 250
_LIMIT = 100.0  # the scale's end, to either side
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.dim{fill:#777}.less{fill:#2a7f4f}.more{fill:#b8552a}"
    ".axis{stroke:#999;stroke-width:1}"
)


def measures_to_svg(measures: Measures) -> str:
    """Rows that were measured on both sides; the others stand in the text, with their reasons."""
    lines: list[str] = []
    top = 34
    for module in measures.modules:
        rows = [item for item in measures.items if item.module == module and item.ratio]
        lines.append(f'<text x="8" y="{top + 15}" font-weight="bold">{escape(module)}</text>')
        top += _ROW
        for item in rows:
            lines += _bar(item, top)
            top += _ROW
        if not rows:
            lines.append(f'<text class="dim" x="20" y="{top + 15}">not run</text>')
            top += _ROW
    middle = _position(1.0)
    axis = f'<line class="axis" x1="{middle:.0f}" x2="{middle:.0f}" y1="28" y2="{top}"/>'
    head = (
        f'<text class="dim" x="8" y="18">original beside migrated</text>'
        f'<text class="dim" x="{middle + 4:.0f}" y="18">migrated takes less &#8594;</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top + 8}" role="img" '
        f'aria-label="Build, size and call times, original beside migrated">'
        f"<style>{_STYLE}</style>{head}{axis}{''.join(lines)}</svg>\n"
    )


def _bar(item: Measure, top: int) -> list[str]:
    assert item.ratio is not None
    middle, end = _position(1.0), _position(item.ratio)
    left, width = min(middle, end), max(1.0, abs(end - middle))
    kind = "less" if item.ratio >= 1 else "more"
    subject = "" if item.subject == item.module else f" {item.subject}"
    values = f"{_short(item, 'original')} | {_short(item, 'migrated')}"
    return [
        f'<text x="20" y="{top + 15}">{escape((item.what + subject)[:52])}</text>',
        f'<rect class="{kind}" x="{left:.1f}" y="{top + 4}" width="{width:.1f}" height="14" rx="2"/>',
        f'<text x="{_WIDTH - _RIGHT + 8}" y="{top + 15}">{escape(times(item))}'
        f'<tspan class="dim" dx="8">{escape(values)}</tspan></text>',
    ]


def _position(ratio: float) -> float:
    part = math.log(min(_LIMIT, max(1 / 4, ratio)) * 4) / math.log(_LIMIT * 4)
    return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)


def _short(item: Measure, side: str) -> str:
    return shown(getattr(item, side), item.unit).partition(" (")[0]
