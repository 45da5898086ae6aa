"""Open-source trees under ``MIGRATE_CORPUS``: every registration is found, and accounted for."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from sweep.trees import Tree, read_trees

from migrate.pipeline import Analysis, Request, analyse

pytestmark = pytest.mark.corpus


TREES = read_trees()
BY_NAME = {tree.name: tree for tree in TREES}


@cache
def analysis(name: str) -> Analysis:
    root = Path(os.environ["MIGRATE_CORPUS"]) / name
    if not root.is_dir():
        pytest.skip(f"not run: {name} is not under MIGRATE_CORPUS")
    return analyse(Request(root, jobs=len(os.sched_getaffinity(0))))


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_every_registration_is_found(tree: Tree) -> None:
    model = analysis(tree.name).model
    kinds = [operator.registration.kind for operator in model.operators]
    assert kinds.count("function") == tree.functions
    assert kinds.count("class") == tree.classes
    assert kinds.count("enum") == tree.enums
    assert len(model.modules) == tree.modules
    assert len(model.dead) == tree.dead
    assert len({operator.id for operator in model.operators}) == len(model.operators)


@pytest.mark.parametrize("name", BY_NAME)
def test_totals_add_up(name: str) -> None:
    totals = analysis(name).report.totals
    assert totals["found"] == BY_NAME[name].functions
    assert totals["found"] == sum(totals[tier] for tier in ("raw", "view", "bridge", "manual", "ignored"))
    model = analysis(name).model
    others = [operator for operator in model.operators if operator.registration.kind != "function"]
    assert totals["other"] == len(others) + len(model.dead)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_missing_library_is_no_broken_file(name: str) -> None:
    errors = [row for row in analysis(name).report.diagnostics if row.severity == "error"]
    assert errors == []


def test_dead_registrations_of_aiter_are_those_of_unused_macros() -> None:
    dead = analysis("aiter").model.dead
    assert len({row.name for row in dead}) == 11
    assert all(row.macro for row in dead)
