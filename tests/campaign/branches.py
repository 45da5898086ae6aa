"""Per-operator branches of the fixtures: each commit checked out, built by its own setup.py, and tested.

    walk("norm", scratch) -> figures, "wrong" lists what failed

A commit's tests are the fixture's own, with the new modules and with the old ones (``MIGRATE_OLD=all``), and
the equivalence tests of the modules that the commit touches. ccache, where there is one, saves most of the
compiling: hundreds of commits differ in one operator each.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ("border", "conv1d", "dispatcher", "norm", "registry", "softblend")
_LITTER = shutil.ignore_patterns("__pycache__", "*.so", "build", ".pytest_cache")
_CCACHE = "/usr/lib/ccache"
_OWN = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
_PASSED = re.compile(r"(\d+) passed")


class Failed(Exception):
    """A command's exit code was not 0."""


def walk(fixture: str, scratch: Path) -> dict[str, Any]:
    """Every commit of the branch of ``fixture``, first to last; then the old extensions are retired."""
    source = shutil.copytree(ROOT / "fixtures" / fixture, scratch / "source", ignore=_LITTER)
    out, here = scratch / "out", scratch / "commit"
    found: Counter[str] = Counter()
    wrong: list[str] = []
    _migrate("run", source, "--out", out, "--commits", cwd=scratch, codes=(0, 1))
    commits = _run("git", "rev-list", "--reverse", "migrate", cwd=out).split()
    _run("git", "worktree", "add", "-q", "--detach", here, commits[0], cwd=out)
    for number, commit in enumerate(commits):
        _run("git", "checkout", "-q", commit, cwd=here)
        _run("git", "clean", "-fdxq", cwd=here)
        try:
            found["passed"] += _prove(here, number > 0)
            found["commits"] += 1
        except Failed as failed:
            wrong.append(f"{_run('git', 'log', '-1', '--format=%s', cwd=here).strip()}: {failed}")
    try:
        found.update(_retire(out, wrong))
    except Failed as failed:
        wrong.append(f"retired: {failed}")
    return {**found, "wrong": wrong}


def summary(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The figures of all fixtures together; commits by fixture."""
    added: Counter[str] = Counter()
    for rows in found.values():
        added.update({name: count for name, count in rows.items() if name != "wrong"})
    return {
        **added,
        "commits": {fixture: rows["commits"] for fixture, rows in found.items()},
        "wrong": [wrong for rows in found.values() for wrong in rows["wrong"]],
    }


def _prove(here: Path, is_migrated: bool) -> int:
    """Build one commit and run its tests; how many passed."""
    _python("setup.py", "-q", "build_ext", "--inplace", cwd=here)
    own = (*_OWN, "--ignore-glob=*_equivalence.py", "tests")
    passed = _passed(_python(*own, cwd=here))
    if is_migrated:
        passed += _passed(_python(*own, cwd=here, MIGRATE_OLD="all"))
        changed = _run("git", "diff", "--name-only", "--diff-filter=d", "HEAD~1", "--", "tests", cwd=here)
        passed += _passed(_python(*_OWN, *changed.split(), cwd=here)) if changed else 0
    return passed


def _retire(out: Path, wrong: list[str]) -> dict[str, int]:
    """Retire what the verdicts allow; a tree of which nothing old is left names no pybind11."""
    _migrate("test", "--cases", "40", "-C", out, cwd=out, codes=(0, 1))
    said = _migrate("retire", "-C", out, cwd=out, codes=(0, 1))
    _python("setup.py", "-q", "build_ext", "--inplace", cwd=out)
    passed = _passed(_python(*_OWN, "--ignore-glob=*_equivalence.py", "tests", cwd=out))
    retired = sum(map(int, re.findall(r"retired: (\d+)", said)))
    if not (out / "legacy").exists():
        places = [path for path in out.rglob("setup.py") if ".migrate" not in path.parts]
        wrong += [f"{path.name} names pybind11" for path in places if "pybind11" in path.read_text()]
    return {"retired": retired, "passed after retiring": passed}


def _passed(said: str) -> int:
    return sum(map(int, _PASSED.findall(said)))


def _python(*arguments: object, cwd: Path, **variables: str) -> str:
    return _run(sys.executable, *arguments, cwd=cwd, **variables)


def _migrate(*arguments: object, cwd: Path, codes: tuple[int, ...] = (0,)) -> str:
    return _run(sys.executable, "-m", "migrate", *arguments, cwd=cwd, codes=codes)


def _run(*command: object, cwd: Path, codes: tuple[int, ...] = (0,), **variables: str) -> str:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([_CCACHE, os.environ["PATH"]]),
        "CCACHE_BASEDIR": str(cwd.parent),
        "CCACHE_NOHASHDIR": "1",
        "PYTHONPATH": os.pathsep.join([str(cwd), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CFLAGS": "-O0",
        "MAX_JOBS": "2",
        "SHORTCONV_SKIP_CUDA_BUILD": "TRUE",
        **variables,
    }
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode not in codes:
        words = " ".join(map(str, command[1:6]))
        raise Failed(f"{words}: exit code {done.returncode}: {done.stdout[-3000:]}")
    return done.stdout
