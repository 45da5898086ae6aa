"""``pytest --migrate-shadow``: every call that a test makes of the original, repeated on the migrated side.

A plugin of pytest; where it is not asked for, it adds two options and loads nothing. A call that differs
fails the test that made it. A run that compared no call at all does not pass either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import pytest

if TYPE_CHECKING:
    from migrate.shadow.session import Shadow

_NAME = "migrate-shadow"
_SENT = "migrate_shadow"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("migrate")
    group.addoption(
        "--migrate-shadow",
        action="store_true",
        default=False,
        help="make every call of an operator on the migrated side too, and fail the test where they differ",
    )
    group.addoption(
        "--migrate-tree",
        metavar="DIR",
        default=".",
        help="the migrated tree, built by `migrate build -C DIR` (default: where pytest is started)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before a conftest can import the library."""
    _start(early_config, early_config.known_args_namespace)


def pytest_configure(config: pytest.Config) -> None:
    """For workers of pytest-xdist, which may load plugins later."""
    _start(config, config.option)


def _start(config: pytest.Config, options: Any) -> None:
    if not getattr(options, "migrate_shadow", False) or config.pluginmanager.has_plugin(_NAME):
        return
    from migrate.errors import FatalError
    from migrate.shadow.session import Shadow

    try:
        shadow = Shadow(Path(options.migrate_tree).resolve())
    except FatalError as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(_Plugin(shadow), _NAME)


class _Plugin:
    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow
        self._counts: Counter[str] = Counter()
        self._outside: list[str] = []
        self._failed = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item, "setup"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item, "call"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        return (yield from self._phase(item, "teardown"))

    def _phase(self, item: pytest.Item, when: str) -> Generator[None, Any, Any]:
        self._outside += self._shadow.take()
        try:
            result = yield
        except BaseException:
            found = self._found()
            if found:
                item.add_report_section(when, "migrate shadow", found)
            raise
        found = self._found()
        if found:
            pytest.fail(found, pytrace=False)
        return result

    def _found(self) -> str:
        found = self._shadow.take()
        self._failed += len(found)
        return "\n\n".join(found)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        self._shadow.stop()
        self._outside += self._shadow.take()
        self._counts.update(self._shadow.counts)
        # Also where a test expects to fail, and where a call was made outside of all tests.
        self._failed += len(self._outside)
        output: Optional[dict[str, Any]] = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_SENT] = (dict(self._counts), self._outside, self._failed)
        elif exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and self._is_bad:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        counts, outside, failed = getattr(node, "workeroutput", {}).get(_SENT, ({}, [], 0))
        self._counts.update(counts)
        self._outside += outside
        self._failed += failed

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("migrate shadow")
        for text in self._outside:
            terminalreporter.line(f"outside of all tests: {text}", red=True)
        compared = self._counts["compared"]
        terminalreporter.line(f"{compared} calls compared, {self._failed} differ", red=self._is_bad)
        for what, count in sorted(self._counts.items()):
            if what != "compared":
                terminalreporter.line(f"{count} {what}")

    @property
    def _is_bad(self) -> bool:
        return bool(self._failed or not self._counts["compared"])
