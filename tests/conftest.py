"""Test tiers by marker. What cannot run here is skipped with its reason, so that it shows as not run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

import pytest

# No test may pass because of what an earlier run kept; tests of the cache name a folder.
os.environ["MIGRATE_CACHE"] = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden outputs (never in CI)")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    if not request.config.getoption("--update"):
        return False
    if os.environ.get("CI"):
        pytest.fail("--update is refused where CI is set: a golden output changes by review")
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {"gpu": _missing_device(), "corpus": _missing_corpus()}
    for item in items:
        for marker, reason in missing.items():
            if reason is not None and item.get_closest_marker(marker) is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


def _missing_device() -> Optional[str]:
    """Looks at the driver's device files: importing torch here would cost every unit run seconds."""
    if any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/kfd").exists():
        return None
    return "not run: no GPU on this machine"


def _missing_corpus() -> Optional[str]:
    folder = os.environ.get("MIGRATE_CORPUS")
    if not folder:
        return "not run: MIGRATE_CORPUS names no folder of open-source trees"
    if not Path(folder).is_dir():
        return f"not run: MIGRATE_CORPUS={folder} is not a folder"
    return None
