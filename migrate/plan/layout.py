"""Where generated files go, and how each library is built."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import replace
from typing import Optional

from migrate.model.bindings import Model, Module, Operator
from migrate.model.plan import BuildSpec
from migrate.model.project import Extension, Project
from migrate.plan.files import FilePlanner
from migrate.rules.entries import entry_file, needs_entry
from migrate.rules.link import carried_link_flags, implied_libraries

LEGACY, BRIDGE = "legacy", "bridge"
# The first that the tree does not have yet.
_FFI_FOLDERS = ("ffi", "tvm_ffi_shims")
_ADAPTOR_FILES = (
    *("__init__.py", "__init__.pyi", "_arguments.py", "_backend.py"),
    *("_enums.py", "_history.py", "_runtime.py", "_torch.py"),
)


class Layout:
    """Paths of one migrated tree. ``ffi_dir`` holds shims, launch headers and carried headers."""

    def __init__(self, project: Project, model: Model, files: FilePlanner) -> None:
        self.project, self.files = project, files
        sources = [s for m in model.modules if files.reach.migrated(m) for s in files.reach.sources(m)]
        root = posixpath.commonpath([posixpath.dirname(s) or "." for s in sources] or ["."])
        paths = [file.path for file in project.files]
        wanted = [posixpath.normpath(posixpath.join(root, name)) for name in _FFI_FOLDERS]
        self.ffi_dir = next(
            (w for w in wanted if not any(p.startswith(w + "/") for p in paths)), wanted[-1]
        )
        taken = {file.path.split("/", 1)[0] for file in project.files}
        self.legacy_dir = LEGACY if LEGACY not in taken else "legacy_pybind11"
        self.bridge_dir = BRIDGE if BRIDGE not in taken else "bridge_libtorch"
        leaves = Counter(m.name.rsplit(".", 1)[-1].lstrip("_") for m in model.modules)
        self._stems = {
            (m.name, m.span.file): self._stem(m.name, leaves) for m in model.modules
        }

    @staticmethod
    def _stem(name: str, leaves: Counter[str]) -> str:
        leaf = name.rsplit(".", 1)[-1].lstrip("_")
        if leaves[leaf] > 1 or len(leaf) < 3:
            return name.replace("._", "_").replace(".", "_").lstrip("_")
        return leaf

    def stem(self, module: Module) -> str:
        return self._stems[module.name, module.span.file]

    def extension(self, module: Module) -> Optional[Extension]:
        return next(
            (
                e
                for e in self.project.extensions
                if e.name == module.name and module.span.file in e.sources
            ),
            None,
        )

    def original(self, module: Module) -> BuildSpec:
        extension = self.extension(module)
        sources = tuple(self.files.reach.sources(module))
        backend = extension.backend if extension is not None else self._backend(sources)
        return BuildSpec(
            name=module.name,
            sources=sources,
            include_dirs=self._include_dirs(sources, extension),
            defines=extension.defines if extension is not None else (),
            cxx_flags=extension.cxx_flags if extension is not None else (),
            device_flags=extension.device_flags if extension is not None else (),
            link_flags=extension.link_flags if extension is not None else (),
            backend=backend,
            origin=extension.origin if extension is not None else "inferred",
        )

    def _backend(self, sources: tuple[str, ...]) -> str:
        if not any(source.endswith((".cu", ".hip")) for source in sources):
            return "cpu"
        # Asked for the CPU: a device file that no CPU build takes is still a device's.
        return self.project.backend if self.project.backend != "cpu" else "cuda"

    def _include_dirs(
        self, sources: tuple[str, ...], extension: Optional[Extension]
    ) -> tuple[str, ...]:
        found = dict.fromkeys(extension.include_dirs if extension is not None else ())
        for source in sources:
            found.update(dict.fromkeys(self.files.includes.folders(source)))
        return tuple(found)

    def migrated(self, module: Module) -> BuildSpec:
        spec = self.original(module)
        kept = tuple(self.files.kept_sources(module))
        kept = tuple(dict.fromkeys((*kept, *self._entry_files(module))))
        shim = posixpath.join(self.ffi_dir, f"{self.stem(module)}_ffi.cc")
        return BuildSpec(
            name=module.name,
            sources=(*kept, shim),
            include_dirs=tuple(dict.fromkeys((*spec.include_dirs, self.ffi_dir))),
            defines=spec.defines,
            cxx_flags=spec.cxx_flags,
            device_flags=spec.device_flags,
            link_flags=self._link_flags(spec),
            backend=spec.backend,
            origin=spec.origin,
        )

    def _link_flags(self, spec: BuildSpec) -> tuple[str, ...]:
        """The build file's, and the libraries that torch brought along."""
        paths = sorted({path for source in spec.sources for path in self.files.includes.closure(source)})
        files = (self.project.file(path) for path in paths)
        texts = (file.data.decode("latin-1") for file in files if file is not None)
        carried = carried_link_flags(spec.link_flags)
        return tuple(dict.fromkeys((*carried, *implied_libraries(texts, spec.backend))))

    def _entry_files(self, module: Module) -> list[str]:
        """The files that get the entry points of bound lambdas, statics and template instances:
        those that bound them, or new ones in their place when nothing else is left there."""
        operators = [o for o in self.files.reach.migrated(module) if needs_entry(o)]
        return sorted({entry_file(o, module.span.file) for o in operators})

    def legacy(self, module: Module, alone: bool = False) -> BuildSpec:
        spec = self.original(module)
        package, _, leaf = module.name.rpartition(".")
        old = f"_legacy_{leaf.lstrip('_')}"
        name = module.name if alone else (f"{package}.{old}" if package else old)
        return BuildSpec(
            name=name,
            sources=tuple(_moved(self.legacy_dir, s) for s in spec.sources),
            include_dirs=tuple(_moved(self.legacy_dir, d) for d in spec.include_dirs),
            # Its classes keep the name of the module they were in, whatever its file is called.
            defines=spec.defines if alone else (*spec.defines, f"TORCH_EXTENSION_NAME={leaf}"),
            cxx_flags=spec.cxx_flags,
            device_flags=spec.device_flags,
            link_flags=spec.link_flags,
            backend=spec.backend,
            origin=spec.origin,
        )

    def bridge(self, module: Module, shared: bool) -> BuildSpec:
        """The original's sources without Python, as a library inside the adaptor package. ``shared``:
        another module is registered in the same file, so the build says which one it is."""
        spec = self.original(module)
        named = (f"FFI_BRIDGE_NAMESPACE={self.namespace(module)}",) if shared else ()
        folders = (_moved(self.bridge_dir, d) for d in spec.include_dirs)
        return replace(
            spec,
            name=f"{module.name}._bridge",
            sources=tuple(_moved(self.bridge_dir, s) for s in spec.sources),
            include_dirs=tuple(dict.fromkeys((*folders, self.bridge_dir))),
            defines=(*spec.defines, *named),
        )

    def namespace(self, module: Module) -> str:
        """The dispatcher's namespace: one per module, which nobody else will use."""
        return "_ffi_bridge_" + re.sub(r"\W", "_", module.name).strip("_")

    def legacy_files(self, module: Module) -> tuple[str, ...]:
        """Original files that the legacy extension compiles or includes."""
        return tuple(
            sorted({p for s in self.files.reach.sources(module) for p in self.files.includes.closure(s)})
        )

    def adaptor(self, module: Module) -> str:
        return adaptor_folder(self.project, module.name)

    def files_of(self, operator: Operator) -> tuple[str, ...]:
        """The files of the migrated tree that make up one operator."""
        module = self.files.reach.module_of(operator)
        function = operator.function
        kernel = (function.span.file,) if function is not None else ()
        if self.files.reach.outcomes.is_bridged(operator):
            copies = tuple(_moved(self.bridge_dir, path) for path in (*kernel, module.span.file))
            return (*copies, posixpath.join(self.adaptor(module), "__init__.py"))
        stem = self.stem(module)
        return (
            *kernel,
            posixpath.join(self.ffi_dir, f"{stem}.h"),
            posixpath.join(self.ffi_dir, f"{stem}_ffi.cc"),
            posixpath.join(self.adaptor(module), "__init__.py"),
        )


def _moved(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def adaptor_folder(project: Project, name: str) -> str:
    """The package folder under the old import name, beside the package it belongs to."""
    path = name.replace(".", "/")
    parent = posixpath.dirname(path)
    if not parent:
        return path
    folders = sorted(
        {posixpath.dirname(f.path) for f in project.files if f.kind == "python" and parent in f.path},
        key=lambda folder: (folder.count("/"), folder),
    )
    for folder in folders:
        if folder == parent or folder.endswith("/" + parent):
            return posixpath.join(folder, posixpath.basename(path))
    return path


def adaptor_clash(project: Project, name: str) -> str:
    """The file of the tree that the adaptor package of ``name`` would overwrite, or ""."""
    folder = adaptor_folder(project, name)
    files = (posixpath.join(folder, file) for file in _ADAPTOR_FILES)
    return next((path for path in files if project.file(path) is not None), "")
