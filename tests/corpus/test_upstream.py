"""What counts as passed when upstream's own tests run on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
from upstream.outcomes import Outcomes, differences, read_junit
from upstream.page import Result, to_page
from upstream.stages import Stage, changed_files, staged_migrated, staged_original

from migrate.model.verdicts import Artifact, Artifacts

REPORT = """<testsuites><testsuite>
<testcase classname="t.A" name="good"/>
<testcase classname="t.A" name="bad"><failure message="no"/></testcase>
<testcase classname="t.A" name="left"><skipped message="no device"/></testcase>
<testcase classname="t" name="torn"><failure/></testcase>
<testcase classname="t" name="torn"><error/></testcase>
<testcase classname="" name="t.gone"><error message="collection failure"/></testcase>
</testsuite></testsuites>"""


def result(before: Outcomes, after: Outcomes) -> Result:
    return Result("tree", "0123456789abcdef", ("test",), before, after)


def test_only_what_passed_has_passed() -> None:
    states = {"t.A::good": "passed", "t.A::bad": "failed", "t.A::left": "skipped"}
    assert read_junit(REPORT) == {**states, "t::torn": "failed", "::t.gone": "error"}


@pytest.mark.parametrize("after", [{}, {"a": "skipped"}, {"a": "failed"}])
def test_a_test_that_no_longer_passes_is_a_difference(after: dict[str, str]) -> None:
    before = Outcomes({"a": "passed"})
    assert list(differences(before, Outcomes(after))) == ["a"]
    assert not result(before, Outcomes(after)).good


def test_equal_states_are_good_only_where_something_passed() -> None:
    passed, skipped = Outcomes({"a": "passed", "b": "skipped"}), Outcomes({"a": "skipped"})
    assert result(passed, passed).good
    assert not result(skipped, skipped).good
    assert not result(passed, Outcomes(passed.tests, broken="pytest ended with 2")).good


def test_the_page_says_what_was_not_run() -> None:
    page = to_page([result(Outcomes({"a": "passed"}), Outcomes({})), Result("o", "c", (), reason="too long")])
    assert "| tree | 0123456789ab | 1 | 1 | 0 | 0 / 0 | 0 / 0 | 1 |" in page
    assert "- `a`: passed before, not collected after" in page
    assert "| o | c | not run |" in page
    assert "- Not run: too long." in page


def test_libraries_lie_where_they_are_imported(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    for root in (source, out):
        (root / "test").mkdir(parents=True)
        (root / "test" / "test_it.py").write_text("same\n")
    (out / ".migrate").mkdir()
    modules = '{"modules": [{"name": "pkg._a", "adaptor": null}, {"name": "pkg._b", "adaptor": "pkg/_b"}]}'
    (out / ".migrate" / "manifest.json").write_text(modules)
    items = []
    for side, module in (("original", "pkg._a"), ("bridge", "pkg._a"), ("migrated", "pkg._b")):
        path = f".migrate/build/{side}/{module}.so"
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(side)
        items.append(Artifact(module, side, ok=True, path=path))
    built = Artifacts((*items, Artifact("pkg._b", "original", ok=False)))
    before = staged_original(source, out, built, tmp_path / "before")
    after = staged_migrated(out, built, tmp_path / "after")
    assert (before.folder / "pkg" / "_a.so").read_text() == "original"
    assert (after.folder / "pkg" / "_a.so").read_text() == "bridge"
    assert (after.folder / ".migrate/build/migrated/pkg._b.so").read_text() == "migrated"
    assert not (after.folder / "pkg" / "_b.so").exists()


def test_an_edited_or_missing_test_is_named(tmp_path: Path) -> None:
    for side, text in (("source", "same\n"), ("stage", "edited\n")):
        (tmp_path / side / "test").mkdir(parents=True)
        (tmp_path / side / "test" / "test_it.py").write_text(text)
    (tmp_path / "source" / "test" / "test_gone.py").write_text("")
    (tmp_path / "stage" / "test" / "test_pkg_equivalence.py").write_text("")  # ours
    stage = Stage("migrated", tmp_path / "stage", ())
    assert changed_files(tmp_path / "source", stage, ["test"]) == ("test/test_gone.py", "test/test_it.py")
