"""Operators that share state stay together: each library would have its own copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.pipeline import Request, analyse

HEAD = """\
#include <torch/extension.h>
#include <map>
#include <memory>
#include <string>
"""


def outcomes(folder: Path, before: str, bindings: str) -> dict[str, tuple[str, str]]:
    """Tier and reason of each operator of a module ``ext`` with ``bindings`` in its body."""
    text = f"{HEAD}{before}\nPYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {{\n{bindings}\n}}\n"
    (folder / "ext.cpp").write_text(text, encoding="utf-8")
    planned = analyse(Request(folder, backend="cpu")).plan
    rows = [row for module in planned.modules for row in module.operators]
    return {row.operator.registration.name: (row.tier, row.reason) for row in rows}


# What keeps `set` where it is: its parameter, and where it then is.
LOWER = {"manual": "std::shared_ptr<int> values", "bridge": "std::vector<at::Generator> values"}
STAYS = {"manual": "which stays on the legacy module", "bridge": "which keeps libtorch"}


def bound(setter: str, getter: str, tier: str) -> str:
    """``set`` cannot leave torch; ``get`` and ``plain`` could."""
    return f"""\
  m.def("set", []({LOWER[tier]}) {{ {setter} }});
  m.def("get", []() {{ return {getter}; }});
  m.def("plain", [](int x) {{ return x + 1; }});"""


@pytest.mark.parametrize(
    ("before", "setter", "getter", "named"),
    [
        ("static int level = 0;", "level = 1;", "level", "`level` (ext.cpp:5)"),
        (
            "struct S { static int level; };\nint S::level = 0;",
            "S::level = 1;",
            "S::level",
            "`level`",
        ),
        (
            "int& level() { static int kept = 0; return kept; }\nint read() { return level(); }",
            "level() = 1;",
            "read()",
            "the static variable `kept` of `level`",
        ),
        ("static int* const level = new int(0);", "*level = 1;", "*level", "`level` (ext.cpp:5)"),
        ("thread_local int level = 0;", "level = 1;", "level", "`level` (ext.cpp:5)"),
        (
            "static int level = 0;\ntemplate <class T> T read() { return T(level); }",
            "level = 1;",
            "read<int>()",
            "`level` (ext.cpp:5)",
        ),
    ],
)
@pytest.mark.parametrize("tier", LOWER)
def test_an_operator_stays_with_the_lower_one_it_shares_state_with(
    tmp_path: Path, before: str, setter: str, getter: str, named: str, tier: str
) -> None:
    found = outcomes(tmp_path, before, bound(setter, getter, tier))
    assert found["set"][0] == found["get"][0] == tier
    assert found["get"][1].startswith(f"it shares {named}")
    assert found["get"][1].endswith(f"with `set`, {STAYS[tier]}")
    assert found["plain"][0] in ("raw", "view")


@pytest.mark.parametrize(
    ("before", "setter", "getter"),
    [
        ("static const int level = 3;", "(void)level;", "level"),
        ("constexpr int level = 3;", "(void)level;", "level"),
        ("static int level = 0;\nstatic int other = 0;", "level = 1;", "other"),
        ("int level() { static const int kept = 3; return kept; }", "level();", "level()"),
        ("static int level = 0;", "values = {};", "level"),
    ],
)
@pytest.mark.parametrize("tier", LOWER)
def test_what_cannot_change_or_is_not_shared_keeps_nobody(
    tmp_path: Path, before: str, setter: str, getter: str, tier: str
) -> None:
    found = outcomes(tmp_path, before, bound(setter, getter, tier))
    assert found["set"][0] == tier
    assert found["get"][0] in ("raw", "view"), found["get"]


def test_state_of_a_module_without_manual_operators_moves_with_it(tmp_path: Path) -> None:
    both = 'm.def("set", [](int x) { level = x; });\n  m.def("get", []() { return level; });'
    found = outcomes(tmp_path, "static int level = 0;", both)
    assert {tier for tier, _ in found.values()} <= {"raw", "view"}


def test_a_class_that_reaches_the_state_keeps_it_too(tmp_path: Path) -> None:
    before = "static int level = 0;\nstruct S { void bump() { level += 1; } };"
    bindings = """\
  py::class_<S>(m, "S").def(py::init<>()).def("bump", &S::bump);
  m.def("get", []() { return level; });"""
    found = outcomes(tmp_path, before, bindings)
    assert found["get"] == (
        "manual",
        "it shares `level` (ext.cpp:5) with `S`, which stays on the legacy module",
    )


def test_a_bridged_operator_joins_the_manual_one_and_pulls_the_others_along(tmp_path: Path) -> None:
    before = "static int level = 0;\nstatic int other = 0;"
    bindings = """\
  m.def("manual", [](std::shared_ptr<int> x) { level = *x; });
  m.def("bridged", [](torch::Tensor x) { x.diff(level + other); });
  m.def("view", []() { return other; });
  m.def("apart", [](torch::Tensor x) { x.diff(1); });"""
    found = outcomes(tmp_path, before, bindings)
    assert {name: tier for name, (tier, _) in found.items()} == {
        "manual": "manual",
        "bridged": "manual",
        "view": "manual",
        "apart": "bridge",
    }
