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
    build = tree / _BUILD
    places = {
        "MIGRATE_BUILD_DIR": str(build / "migrated"),
        "MIGRATE_BRIDGE_DIR": str(build / "bridge"),
        "MIGRATE_LEGACY_DIR": str(build / "legacy"),
    }
    return (
        Worker("original", device, folder, {**environment}),
        Worker("migrated", device, folder, {**places, **environment}),
    )


def device_of(module: ModuleEntry) -> str:
    return "cpu" if module.backend == "cpu" else "cuda"


def original_of(tree: Path, module: ModuleEntry, path: str) -> LoadedBy:
    kind = "library" if module.is_loaded_by_path else "extension"
    return LoadedBy(kind, module.name, str(tree / path), search=str(tree / ".migrate" / "original"))


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
        "original": f"{_BUILD}/original/{module.name}/{leaf}.so",
        "migrated": f"{_BUILD}/migrated/{module.name}/{module.name}.so",
    }
    found = [where[side]] if side in where else _bridges(tree, module, leaf)
    return next((path for path in found if (tree / path).is_file()), "")


def _bridges(tree: Path, module: ModuleEntry, leaf: str) -> list[str]:
    folder = tree / _BUILD / "bridge"
    paths = (*folder.glob(f"{module.name}._bridge/*.so"), *folder.glob(f"{module.name}/{leaf}.so"))
    return [path.relative_to(tree).as_posix() for path in paths]
