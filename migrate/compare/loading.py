"""What each side of a module is loaded from, and the two processes that load it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from migrate.compare.manifest import ModuleEntry
from migrate.compare.process import Worker
from migrate.compare.protocol import LoadedBy

_BUILD = ".migrate/build"


def two_workers(
    tree: Path, device: str, name: str = "", environment: Mapping[str, str] = {}
) -> tuple[Worker, Worker]:
    """One for the original, one for the migrated side. ``name`` tells logs of several pairs apart."""
    folder = tree / ".migrate" / "compare" / name
    return (
        Worker("original", device, folder, {**environment}),
        Worker("migrated", device, folder, {**places(tree), **environment}),
    )


def places(tree: Path) -> dict[str, str]:
    """The environment in which an adaptor finds the libraries of the tree's build."""
    build = tree / _BUILD
    return {
        "MIGRATE_BUILD_DIR": str(build / "migrated"),
        "MIGRATE_BRIDGE_DIR": str(build / "bridge"),
        "MIGRATE_LEGACY_DIR": str(build / "legacy"),
    }


def device_of(module: ModuleEntry) -> str:
    return "cpu" if module.backend == "cpu" else "cuda"


def original_of(tree: Path, module: ModuleEntry, path: str) -> LoadedBy:
    """With the modules beside it whose enums it takes, as far as they are built."""
    kind = "library" if module.is_loaded_by_path else "extension"
    search = str(tree / ".migrate" / "original")
    there = {name: tree / _original_library(name) for name in module.others}
    others = [LoadedBy("extension", name, str(there[name])) for name in there if there[name].is_file()]
    return LoadedBy(kind, module.name, str(tree / path), search=search, beside=tuple(others))


def migrated_of(tree: Path, module: ModuleEntry, bridge: str) -> LoadedBy:
    """The adaptor, with the folder of its top package where its path spells its import name; or the
    library at ``bridge`` of a module that nobody imports."""
    if module.is_loaded_by_path:
        return LoadedBy("library", module.name, str(tree / bridge))
    dotted = module.name.replace(".", "/")
    root = ""
    if module.adaptor == dotted or module.adaptor.endswith(f"/{dotted}"):
        root = str(tree / module.adaptor[: -len(dotted)])
    return LoadedBy("adaptor", module.name, str(tree / module.adaptor), root)


def built(tree: Path, module: ModuleEntry, side: str) -> str:
    """Where ``migrate build`` puts a side's library, relative to the tree; '' where it is not there."""
    leaf = module.name.rpartition(".")[2]
    where = {
        "original": _original_library(module.name),
        "migrated": f"{_BUILD}/migrated/{module.name}/{module.name}.so",
    }
    found = [where[side]] if side in where else _bridges(tree, module, leaf)
    return next((path for path in found if (tree / path).is_file()), "")


def _original_library(name: str) -> str:
    return f"{_BUILD}/original/{name}/{name.rpartition('.')[2]}.so"


def _bridges(tree: Path, module: ModuleEntry, leaf: str) -> list[str]:
    folder = tree / _BUILD / "bridge"
    paths = (*folder.glob(f"{module.name}._bridge/*.so"), *folder.glob(f"{module.name}/{leaf}.so"))
    return [path.relative_to(tree).as_posix() for path in paths]
