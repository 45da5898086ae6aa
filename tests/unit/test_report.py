"""Reports: totals that close, JSON that other programs rely on, text without escape codes."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import samples

from migrate.errors import OperatorError, TreeError
from migrate.model.verdicts import Artifact, Artifacts, Verdict, Verdicts
from migrate.report import Report, report_from_json, report_to_json, summarise, verdicts_to_json
from migrate.report.junit import verdicts_to_junit
from migrate.report.sarif import report_to_sarif
from migrate.report.schema import artifacts_to_json
from migrate.report.text import artifacts_text, report_text, status_text, verdicts_text

TIERS = ("raw", "view", "bridge", "manual", "ignored")
OPERATORS = {samples.operator(f"op_{tier}", line=line): tier for line, tier in enumerate(TIERS, 1)}
OTHERS = {
    samples.operator("Config", "class", 8): "bridge",
    samples.operator("Mode", "enum", 9): "raw",
    samples.operator("version", "attribute", 10): "raw",
}
VERDICTS = Verdicts(
    (
        Verdict("m.a", "a", "m", "Equal", 100, 100, 4),
        Verdict("m.b", "b", "m", "Different", 100, 90, worst="float32 (3,): 0x1 != 0x2\x1b & <x>"),
        Verdict("m.c", "c", "m", "NotRun", 100, reason="no device"),
        Verdict("n.d", "d", "n", "Crashed", 100, 7, reason="SIGSEGV"),
    )
)


def full_report() -> Report:
    everything = {**OPERATORS, **OTHERS}
    model = samples.model(*everything, dead=(samples.registration("unreached"),))
    return summarise(samples.project(samples.NOTE), model, samples.plan(everything, samples.MANUAL))


def test_totals_close() -> None:
    totals = full_report().totals
    assert totals == {"found": 5, **dict.fromkeys(TIERS, 1), "other": 4}
    assert totals["found"] == sum(totals[tier] for tier in TIERS)


def test_an_operator_without_outcome_is_manual_and_an_error() -> None:
    kept, lost = samples.operator("kept"), samples.operator("lost", line=4)
    report = summarise(samples.project(), samples.model(kept, lost), samples.plan({kept: "raw"}))
    assert report.totals["found"] == 2
    assert [row.name for row in report.manual()] == ["lost"]
    assert [(item.id, item.operator) for item in report.diagnostics] == [("MIG399", lost.id)]
    assert report.exit_code == 2


def test_a_registration_without_operator_is_an_error() -> None:
    kept = samples.operator("kept")
    model = samples.model(kept)
    module = model.modules[0]
    both = replace(module, registrations=(*module.registrations, samples.registration("lost", line=3)))
    report = summarise(samples.project(), replace(model, modules=(both,)), samples.plan({kept: "raw"}))
    assert [(item.id, item.line) for item in report.diagnostics] == [("MIG399", 3)]


@pytest.mark.parametrize(
    ("tier", "diagnostics", "code"),
    [
        ("raw", (), 0),
        ("bridge", (samples.NOTE,), 0),
        ("ignored", (), 0),
        ("manual", (), 1),
        ("raw", (samples.MANUAL,), 1),
        ("raw", (samples.ERROR,), 2),
        ("manual", (samples.MANUAL, samples.ERROR), 2),
    ],
)
def test_exit_code(tier: str, diagnostics: tuple[samples.Diagnostic, ...], code: int) -> None:
    norm = samples.operator("norm")
    plan = samples.plan({norm: tier}, *diagnostics)
    assert summarise(samples.project(), samples.model(norm), plan).exit_code == code


def test_diagnostics_are_said_once() -> None:
    norm = samples.operator("norm")
    plan = samples.plan({norm: "raw"}, samples.NOTE)
    report = summarise(samples.project(samples.NOTE), samples.model(norm), plan, [samples.NOTE])
    assert report.diagnostics == (samples.NOTE,)


def test_json_has_the_fixed_keys() -> None:
    value = json.loads(report_to_json(full_report()))
    assert set(value) == {"schema_version", "tool", "operators", "dead", "totals", "diagnostics", "order"}
    assert value["schema_version"] == 1
    assert value["tool"]["name"] == "migrate"
    assert set(value["operators"][0]) == {
        "id", "kind", "name", "module", "file", "line", "signature", "tier", "verified", "reason", "files",
        "diagnostics",
    }  # fmt: skip
    assert set(value["diagnostics"][0]) == {
        "id", "severity", "file", "line", "column", "operator", "message", "hint", "fix",
    }  # fmt: skip
    assert len({row["id"] for row in value["operators"]}) == len(value["operators"])


def test_json_round_trip() -> None:
    report = full_report()
    assert report_from_json(report_to_json(report)) == report


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema_version": 2}', '{"schema_version": 1}'])
def test_damaged_json_is_one_error(text: str) -> None:
    with pytest.raises(TreeError):
        report_from_json(text)


def test_select_by_name_qualified_name_and_id() -> None:
    report = full_report()
    for name in ("op_raw", "pkg._C.op_raw"):
        assert [row.name for row in report.select([name])] == ["op_raw"]
    assert report.select([]) == report.operators
    with pytest.raises(OperatorError, match="Did you mean 'op_raw'"):
        report.select(["op_rawe"])


def test_text() -> None:
    text = report_text(full_report())
    assert "\x1b" not in text
    assert "5 functions = 1 raw + 1 view + 1 bridge + 1 manual + 1 ignored; 4 other" in text
    assert "MIG301 manual: operator stays on the legacy module (1)" in text
    assert text.index("MIG301") < text.index("MIG120"), "the gravest come first"
    assert "why manual" in text
    assert "Config (class)" in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]


def test_text_keeps_long_lines_and_brackets_whole() -> None:
    norm = samples.operator("norm")
    plan = samples.plan({norm: "manual"})
    outcome = replace(plan.modules[0].operators[0], reason="[red]" + "x" * 300 + " :smile:")
    plan = replace(plan, modules=(replace(plan.modules[0], operators=(outcome,)),))
    text = report_text(summarise(samples.project(), samples.model(norm), plan))
    assert outcome.reason in text


def test_text_of_nothing() -> None:
    report = summarise(samples.project(), samples.model(), samples.plan({}))
    assert "no registration found" in report_text(report)


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in report_text(full_report(), terminal=True)


def test_status() -> None:
    text = status_text(full_report(), {"pkg._C.op_raw": "Equal"})
    assert "Equal" in text
    assert text.count("not run") == 7


def test_sarif() -> None:
    value = json.loads(report_to_sarif(full_report()))
    (run,) = value["runs"]
    assert value["version"] == "2.1.0"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("note", "warning", "error")
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1


def test_verdicts_as_json() -> None:
    value = json.loads(verdicts_to_json(VERDICTS))
    assert set(value["operators"][0]) == {
        "id", "name", "module", "cases", "ran", "raised_both", "verdict", "worst", "reason",
    }  # fmt: skip
    assert value["totals"] == {
        "found": 4, "Equal": 1, "Close": 0, "Different": 1, "Crashed": 1, "NotRun": 1,
        "cases": 400, "ran": 197, "raised_both": 4,
    }  # fmt: skip


def test_verdicts_as_junit() -> None:
    root = ElementTree.fromstring(verdicts_to_junit(VERDICTS))
    assert [suite.get("name") for suite in root] == ["m", "n"]
    assert [suite.get("skipped") for suite in root] == ["1", "0"]
    kinds = [[child.tag for child in case if child.tag != "system-out"] for case in root.iter("testcase")]
    assert kinds == [[], ["failure"], ["skipped"], ["error"]]


def test_verdicts_as_text() -> None:
    text = verdicts_text(VERDICTS)
    assert "4 operators: 1 Equal, 0 Close, 1 Different, 1 Crashed, 1 NotRun" in text
    assert "no device" in text


def test_artifacts() -> None:
    items = (Artifact("m", "original", False, reason="no nvcc"), Artifact("m", "migrated", True, "x.so"))
    artifacts = Artifacts(items)
    assert "no nvcc" in artifacts_text(artifacts)
    assert json.loads(artifacts_to_json(artifacts))["artifacts"][1]["ok"] is True
