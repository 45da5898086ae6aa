"""The review as one self-contained page: the JSON, the sources, a template, nothing from outside.

A browser unpacks a source when its operator is opened, so a page of a thousand operators opens at
once. What is the same in both trees is stored once.
"""

from __future__ import annotations

import base64
import difflib
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Optional

import jinja2

from migrate import codes
from migrate.report.excerpts import Sheet, original_of, sheets_of
from migrate.report.review import Review, review_to_dict
from migrate.resources import templates

Json = dict[str, Any]


def review_to_html(review: Review) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(templates() / "report")),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        title=review.title, data=_inside_script(json.dumps(page_data(review), separators=(",", ":")))
    )


def page_data(review: Review) -> Json:
    """What the page's scripts read: the JSON of ``migrate report``, and what only a page shows."""
    value = review_to_dict(review)
    value["title"] = review.title
    sheets = [sheets_of(row, review.sources) for row in review.report.operators]
    for item, row, shown in zip(value["operators"], review.report.operators, sheets):
        item["sheets"] = [asdict(sheet) for sheet in shown]
        item["outcome"] = review.verdict_of(row)
        item["times"] = _times(item.pop("bench"))
    value["codes"] = {
        id_: asdict(code)
        for id_, code in codes.catalogue().items()
        if any(item.id == id_ for item in review.report.diagnostics)
    }
    value["files"] = _files(review, (sheet for shown in sheets for sheet in shown))
    value["diffs"] = {
        path: {"from": original, "changes": _changes(review, original, path)}
        for path, original in sorted(_pairs(sheets).items())
    }
    return value


def _times(bench: Optional[Json]) -> list[Json]:
    """The measured cases of an operator: label, and the times of a call on both sides."""
    cases = (bench or {}).get("cases", [])
    return [
        {"label": str(case.get("case", "")), "original": case["original"], "migrated": case["migrated"]}
        for case in cases
        if case.get("original") and case.get("migrated")
    ]


def _pairs(sheets: Iterable[tuple[Sheet, ...]]) -> dict[str, str]:
    """Migrated file -> the original it is compared with."""
    return {
        sheet.after[0].path: sheet.before[0].path
        for shown in sheets
        for sheet in shown
        if sheet.kind == "source"
    }


def _files(review: Review, sheets: Iterable[Sheet]) -> Json:
    used: dict[str, Json] = {}
    for sheet in sheets:
        for place in (*sheet.before, *sheet.after):
            used.setdefault(place.path, {})[place.side] = None
    for path, sides in used.items():
        source = review.sources[path]
        for side in sides:
            sides[side] = _packed(source.before if side == "before" else source.after)
    return dict(sorted(used.items()))


def _packed(text: Optional[str]) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress((text or "").encode("utf-8", "replace")) + packer.flush()
    return base64.b64encode(data).decode("ascii")


def _changes(review: Review, original: str, path: str) -> list[list[int]]:
    """Ranges of lines (from 0, end exclusive) that differ: before's, after's."""
    assert original_of(path, review.sources) == original
    before = (review.sources[original].before or "").split("\n")
    after = (review.sources[path].after or "").split("\n")
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [ranges for tag, *ranges in matcher.get_opcodes() if tag != "equal"]


def _inside_script(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
