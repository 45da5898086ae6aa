"""The site builds with every link good, generated pages are current, and the commands do what pages say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from console import matches, read_steps, run_page

from migrate.cli.page import page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if "```console\n" in path.read_text(encoding="utf-8")]


def test_the_command_line_page_is_current() -> None:
    current = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    assert current == page(), "run: make docs"


def test_the_site_builds_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "tour" / "index.html").is_file()


@pytest.mark.e2e
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_the_commands_of_a_page_do_what_it_says(path: Path, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    wrong = run_page(path, tmp_path, {"PATH": search, "PYTHONPATH": str(ROOT)})
    assert not wrong, "\n".join(wrong)


def test_a_page_with_a_wrong_line_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("```console\n$ echo one\none\n$ false\n$ echo two\nthree\n$ false\n$ echo $?\n1\n```\n")
    assert [step.command for step in read_steps(path.read_text())][:2] == ["echo one", "false"]
    wrong = run_page(path, tmp_path, {})
    assert [text.splitlines()[0] for text in wrong] == [
        "page.md:4: `false` ended with 1",
        "page.md:5: `echo two` printed",
    ]


@pytest.mark.parametrize(
    ("expected", "printed", "good"),
    [("a\n...\nz\n", "a\nb\nc\nz\n", True), ("a ... z", "a b z", True), ("a", "ab", False)],
)
def test_three_dots_stand_for_anything(expected: str, printed: str, good: bool) -> None:
    assert matches(expected, printed) == good
