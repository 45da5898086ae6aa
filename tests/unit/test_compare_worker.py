"""What a worker process may import, and how it says that it cannot start."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.compare.process import Worker
from migrate.compare.protocol import LoadedBy


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on PYTHONPATH with a runtime that cannot be imported."""
    folder = tmp_path / "site"
    package = folder / "tvm_ffi"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('this runtime is broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def opened(folder: Path) -> str:
    worker = Worker("migrated", "cpu", folder / "worker", {})
    try:
        library = folder / "library.py"
        library.write_text("")
        return worker.open(LoadedBy("extension", "library", str(library)))
    finally:
        worker.stop()


def test_a_folder_of_installed_packages_lends_its_modules(site: Path, tmp_path: Path) -> None:
    (site / "apache_tvm_ffi-0.1.dist-info").mkdir()
    assert opened(tmp_path) == "ImportError: this runtime is broken"


def test_a_folder_of_sources_lends_nothing(site: Path, tmp_path: Path) -> None:
    assert opened(tmp_path) == ""
