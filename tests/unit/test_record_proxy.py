"""Stand-ins and the watch on torch's dispatcher: seen by the recorder, and by nobody else."""

from __future__ import annotations

import copy
import importlib.machinery
import inspect
import math
import operator
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrate.record import hook
from migrate.record.proxy import StandIn, replace_functions, watch_dispatcher
from migrate.record.targets import Targets, read_targets


class Watch:
    """An ``Around`` that notes what passes."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __call__(self, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.calls.append((name, args, kwargs))
        return function(*args, **kwargs)


def stand_in(function: Any) -> tuple[StandIn, Watch]:
    watch = Watch()
    return StandIn(function, "m:f", watch), watch


def test_a_call_passes_with_the_same_objects() -> None:
    given: list[Any] = [[]]
    fake, watch = stand_in(lambda *args, **kwargs: args[0])
    assert fake(given, key=given) is given
    assert watch.calls == [("m:f", (given,), {"key": given})]
    assert watch.calls[0][1][0] is given


@pytest.mark.parametrize("function", [math.hypot, operator.add, len], ids=lambda f: f.__name__)
def test_it_looks_like_the_function(function: Any) -> None:
    fake, _ = stand_in(function)
    assert isinstance(fake, types.BuiltinFunctionType)
    assert inspect.isbuiltin(fake)
    for name in ("__doc__", "__name__", "__qualname__", "__module__", "__text_signature__"):
        assert getattr(fake, name) == getattr(function, name)
    assert repr(fake) == repr(function)
    assert copy.deepcopy(fake) is fake
    try:
        assert inspect.signature(fake) == inspect.signature(function)
    except ValueError:
        with pytest.raises(ValueError, match="no signature"):
            inspect.signature(function)


def test_it_does_not_bind_as_a_method() -> None:
    fake, watch = stand_in(math.sqrt)
    holder = type("Holder", (), {"root": fake})()
    assert holder.root(4.0) == 2.0
    assert watch.calls[0][1] == (4.0,)


def test_an_exception_is_the_function_s_own() -> None:
    fake, _ = stand_in(math.sqrt)
    with pytest.raises(ValueError, match=r"."):
        fake(-1)


def test_one_object_under_two_names_stays_one(tmp_path: Path) -> None:
    module = types.ModuleType("m")
    module.f = module.g = module.unlisted = math.sqrt  # type: ignore[attr-defined]
    module.sub = types.SimpleNamespace(h=math.sin)  # type: ignore[attr-defined]
    module.Kind = type("Kind", (), {})  # type: ignore[attr-defined]
    paths = {"f": "m:f", "g": "m:g", "sub.h": "m:sub.h", "Kind": "m:Kind", "gone.x": "m:gone.x"}
    watch = Watch()
    assert replace_functions(module, paths, watch) == ["m:f", "m:sub.h"]
    assert module.f is module.g is module.unlisted
    assert module.g(4.0) == 2.0
    assert watch.calls == [("m:f", (4.0,), {})]
    assert module.sub.h(0.0) == 0.0
    assert watch.calls[-1][0] == "m:sub.h"
    assert replace_functions(module, paths, watch) == []  # a second time changes nothing


@pytest.fixture
def dispatcher() -> Iterator[tuple[Any, Watch]]:
    """``torch.ops.migrate_watch`` with one plain operator and one with two overloads, watched."""
    torch = pytest.importorskip("torch")
    ops = sys.modules["torch._ops"]
    kept = (ops.OpOverload.__call__, ops.OpOverloadPacket.__call__)  # type: ignore[attr-defined]
    library = torch.library.Library("migrate_watch", "DEF")
    library.define("twice(Tensor x) -> Tensor")
    library.define("pick(Tensor x) -> Tensor")
    library.define("pick.dim(Tensor x, int dim) -> Tensor")
    library.impl("twice", lambda x: x * 2, "CompositeExplicitAutograd")
    library.impl("pick", lambda x: x + 1, "CompositeExplicitAutograd")
    library.impl("pick.dim", lambda x, dim: x + dim, "CompositeExplicitAutograd")
    watch = Watch()
    names = ("twice.default", "pick.default", "pick.dim")
    watch_dispatcher(ops, frozenset(f"torch.ops.migrate_watch.{name}" for name in names), watch)
    yield torch, watch
    ops.OpOverload.__call__, ops.OpOverloadPacket.__call__ = kept  # type: ignore[attr-defined]
    library._destroy()


def test_operators_are_seen_by_packet_and_by_overload(dispatcher: tuple[Any, Watch]) -> None:
    torch, watch = dispatcher
    x, ops = torch.ones(2), torch.ops.migrate_watch
    assert ops.twice(x).tolist() == ops.twice.default(x).tolist() == [2, 2]
    assert ops.pick(x).tolist() == [2, 2]
    assert ops.pick(x, dim=3).tolist() == ops.pick.dim(x, 3).tolist() == [4, 4]
    torch.ops.aten.add(x, x)
    seen = [name.partition("migrate_watch.")[2] for name, _, _ in watch.calls]
    assert seen == ["twice.default", "twice.default", "pick.default", "pick.dim", "pick.dim"]
    with pytest.raises(RuntimeError):
        ops.pick(x, "nothing")


def test_calls_inside_autograd_functions_are_seen(dispatcher: tuple[Any, Watch]) -> None:
    torch, watch = dispatcher

    class Doubled(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return torch.ops.migrate_watch.twice(x)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return torch.ops.migrate_watch.twice(gradient)

    x = torch.ones(2, requires_grad=True)
    Doubled.apply(x).sum().backward()
    assert x.grad.tolist() == [2, 2]
    assert len(watch.calls) == 2


class Extension(importlib.machinery.ExtensionFileLoader):
    """A loader that runs Python where a shared library would run C++."""

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        module.f = math.sqrt


@pytest.mark.parametrize("name", ["pkg._C", "_C"])
def test_a_module_is_met_when_its_loader_runs_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under its import name, and under the bare one that a build on first use gives it."""
    monkeypatch.setattr(hook.importlib.machinery, "ExtensionFileLoader", Extension)
    monkeypatch.setattr(Extension, "exec_module", Extension.exec_module)
    source = importlib.machinery.SourceFileLoader
    monkeypatch.setattr(source, "exec_module", source.exec_module)
    watch = Watch()
    assert hook.install(Targets({"pkg._C": {"f": "pkg._C:f"}}, frozenset()), watch) == []
    module = types.ModuleType(name)
    Extension(name, "nowhere").exec_module(module)
    assert module.f(4.0) == 2.0
    assert watch.calls == [("pkg._C:f", (4.0,), {})]


def test_the_manifest_says_what_is_watched(tmp_path: Path) -> None:
    (tmp_path / ".migrate").mkdir()
    (tmp_path / ".migrate" / "manifest.json").write_text(
        '{"modules": [{"name": "p._C", "operators": ['
        '{"name": "f", "tier": "raw"}, {"name": "g", "scope": "p._C.sub", "tier": "raw"},'
        '{"name": "K", "kind": "class"}, {"name": "i", "tier": "ignored"},'
        '{"name": "o", "dispatch": "torch.ops.p.o.default", "tier": "bridge"}]},'
        '{"name": "p._D", "operators": [{"name": "h", "tier": "raw"}]}]}'
    )
    everything = read_targets(tmp_path)
    assert everything.modules == {"p._C": {"f": "p._C:f", "sub.g": "p._C:sub.g"}, "p._D": {"h": "p._D:h"}}
    assert everything.dispatched == {"torch.ops.p.o.default"}
    assert set(read_targets(tmp_path, ["p._D"]).modules) == {"p._D"}
    with pytest.raises(Exception, match=r"no such module: p\._X"):
        read_targets(tmp_path, ["p._X"])
