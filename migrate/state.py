"""What a migrated tree remembers under ``.migrate/``: its report, what compiled, the last verdicts."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Optional

from migrate import __version__
from migrate.entries import ORIGINAL, Entry, read_folder
from migrate.errors import TreeError
from migrate.model.measures import Measures
from migrate.model.project import Coexistence
from migrate.model.verdicts import Verdict, Verdicts
from migrate.report import Report, report_from_json, verdicts_to_json
from migrate.report.bench import measures_to_json
from migrate.report.excerpts import Source
from migrate.report.plot import measures_to_svg
from migrate.report.review import Review
from migrate.write import edited_by_hand

REPORT = ".migrate/report.json"
ORIGIN = ".migrate/origin.json"
IGNORE, ATTRIBUTES = ".migrate/.gitignore", ".migrate/.gitattributes"
RESULTS = ".migrate/results/test.json"
BENCH, BENCH_PLOT = ".migrate/results/bench.json", ".migrate/results/bench.svg"
# What a clone needs to compare both sides, and to run again. No review shows it.
_COMMITTED = (
    ".gitattributes", ".gitignore", "base/", "manifest.json", "origin.json", "original/", "report.json",
    "state.json",
)  # fmt: skip
_LARGEST = 2 << 20  # bytes of a source that the report shows; larger ones are data


@dataclass(frozen=True)
class Origin:
    """Where a migrated tree came from, and how it was read."""

    source: Path
    backend: Optional[str] = None
    defines: tuple[str, ...] = ()
    coexistence: Optional[Coexistence] = None


def origin_files(origin: Origin, out: Path) -> dict[str, bytes]:
    """What a run adds for the next one. The path is relative: both trees may move, and be committed."""
    value = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "source": Path(os.path.relpath(origin.source.resolve(), out.resolve())).as_posix(),
        "backend": origin.backend,
        "defines": list(origin.defines),
        "coexist": origin.coexistence is not None,
        "retired": list(origin.coexistence.retired) if origin.coexistence is not None else [],
    }
    kept = "".join(f"!/{name}\n" for name in _COMMITTED)
    return {
        ORIGIN: (json.dumps(value, indent=1) + "\n").encode(),
        IGNORE: f"/*\n{kept}".encode(),
        ATTRIBUTES: b"* -diff linguist-generated\n",
    }


def load_origin(tree: Path, source: Optional[Path] = None) -> Origin:
    """The origin of a migrated tree; ``source`` is its place if it is no longer where it was."""
    try:
        value = json.loads((tree / ORIGIN).read_text(encoding="utf-8"))
        kept = Coexistence(tuple(value["retired"])) if value["coexist"] else None
        known = Origin(tree / value["source"], value["backend"], tuple(value["defines"]), kept)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TreeError(
            f"{tree} does not say where it came from", "Run `migrate run SRC --out DIR` again"
        ) from error
    return known if source is None else replace(known, source=source)


def coexistence_of(out: Path, wanted: bool) -> Optional[Coexistence]:
    """Old and new side by side where it is wanted, or where an earlier run into ``out`` began it."""
    try:
        known = load_origin(out).coexistence
    except TreeError:
        known = None
    return known or (Coexistence() if wanted else None)


def changed_upstream(tree: Path) -> Optional[tuple[str, ...]]:
    """Files of the source tree that are not as the last run saw them; None if the tree is not there."""
    source = load_origin(tree).source
    if not source.is_dir():
        return None
    before, now = read_folder(tree / ORIGINAL, everything=True), read_folder(source)
    paths = sorted(before.keys() | now.keys())
    return tuple(path for path in paths if _differ(before.get(path), now.get(path)))


def _differ(before: Optional[Entry], now: Optional[Entry]) -> bool:
    return before is None or now is None or before.digest != now.digest


def load_report(tree: Path) -> Report:
    """The report that ``run`` left in a migrated tree; operators that compiled since then say so."""
    from migrate.build.record import compiled_operators

    try:
        text = (tree / REPORT).read_text(encoding="utf-8")
    except OSError as error:
        raise TreeError(
            f"{tree} is not a migrated tree", "Run `migrate run SRC --out DIR`, then name DIR with -C"
        ) from error
    report, compiled = report_from_json(text), compiled_operators(tree)
    rows = (
        replace(row, verified="compiled") if row.id in compiled and row.tier in ("raw", "view") else row
        for row in report.operators
    )
    return replace(report, operators=tuple(rows))


def load_results(tree: Path) -> dict[str, str]:
    """The verdict of each operator in the last ``migrate test`` of this tree, by operator id."""
    return {id_: item.verdict for id_, item in load_verdicts(tree).items()}


def load_verdicts(tree: Path) -> dict[str, Verdict]:
    """The same with everything that is known of each."""
    known = {field.name for field in fields(Verdict)}
    return {
        id_: Verdict(**{key: value for key, value in item.items() if key in known})
        for id_, item in _results(tree / RESULTS).items()
        if {"name", "module", "verdict"} <= item.keys()
    }


def load_review(tree: Path) -> Review:
    """Report, verdicts, measurements and sources of a migrated tree, as they are now."""
    report = load_report(tree)
    paths = {path for row in report.operators for path in (*row.files, row.file)}
    paths |= {path.partition("/")[2] for path in paths}  # a copy's original lies without its folder
    sources = {
        path: Source(_text(tree / ORIGINAL / path), _text(tree / path)) for path in sorted(paths - {""})
    }
    title = tree.resolve().name
    return Review(title, report, load_verdicts(tree), _json(tree / BENCH), sources)


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}  # never run, or by another version: the same as not run


def _results(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return {str(item["id"]): dict(item) for item in _json(path).get("operators", [])}
    except (KeyError, TypeError, ValueError):
        return {}


def _text(path: Path) -> Optional[str]:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def hand_edits(tree: Path) -> tuple[str, ...]:
    """Files of a migrated tree that are not as ``run`` wrote them."""
    return edited_by_hand(tree)


def keep_results(tree: Path, verdicts: Verdicts) -> None:
    path = tree / RESULTS
    path.parent.mkdir(parents=True, exist_ok=True)
    # A partial test replaces the file: verdicts from before the last build would be stale.
    path.write_text(verdicts_to_json(verdicts), encoding="utf-8")


def keep_measures(tree: Path, measures: Measures) -> None:
    """What ``bench`` found, for ``report``: figures and their plot."""
    for place, text in ((BENCH, measures_to_json(measures)), (BENCH_PLOT, measures_to_svg(measures))):
        path = tree / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
