"""Edit ``setup.py``: extensions, build command, imports and requirements."""

from __future__ import annotations

import ast
import posixpath
from typing import Optional, Sequence

from migrate.model.plan import BuildSpec, ModulePlan
from migrate.model.project import Extension, SourceFile
from migrate.model.source import Edit
from migrate.render.buildfiles_codes import todo
from migrate.render.buildfiles_edits import Editor, StringList, edit_list, first_entry
from migrate.render.buildfiles_imports import edit_imports, import_os
from migrate.render.buildfiles_python import Placed, Script, argument, called, constant, unpacking
from migrate.render.buildfiles_requirements import REQUIREMENT, Needs, edit_setup_requirements
from migrate.render.buildfiles_sources import added_lists, added_macros, relisted, relisted_each, source_list
from migrate.text.edits import apply_edits

_LOADERS = ("load", "load_inline")
_TOO_MANY = 9
_COMMAND = '"build_ext": BuildTVMFFI'


class SetupScript:
    """One script with the calls in it that declare extensions. ``listed_elsewhere``: a pyproject.toml
    beside it lists the project's requirements, and setuptools ignores those of the script."""

    def __init__(
        self, file: SourceFile, extensions: Sequence[Extension], listed_elsewhere: bool = False
    ) -> None:
        self.script = Script(file)
        self.editor = Editor(file)
        self.folder = posixpath.dirname(file.path)
        self.extensions = extensions
        self.listed_elsewhere = listed_elsewhere
        self.replaced: set[ast.Name] = set()
        self.edited = self.names_folders = self.relists = False
        self._seen: set[ast.Call] = set()
        self._modules: Sequence[ModulePlan] = ()

    def edit(self, modules: Sequence[ModulePlan], needs: Needs, root: bool) -> None:
        self._modules = modules
        for module in modules:
            for call in self._calls_of(module):
                self._edit_call(call, module)
        if self.edited:
            self._edit_command()
            edit_imports(self.script, self.editor, self.replaced, [relisted.__name__] if self.relists else [])
        elif self.names_folders:
            import_os(self.script, self.editor)
        for call in self.script.calls():
            if called(call) == "setup":
                edit_setup_requirements(self.script, self.editor, call, needs, self.edited, root)
                listed = argument(call, "install_requires") is not None or self.listed_elsewhere
                if self.edited and not listed:
                    self._add_keyword(call, f'install_requires=["{REQUIREMENT}"]')

    def _calls_of(self, module: ModulePlan) -> list[ast.Call]:
        """The calls that declare this module here: by the place noted at scan, else by its name."""
        lines = {
            int(extension.declared.rsplit(":", 1)[1])
            for extension in self.extensions
            if extension.name == module.original.name
            and extension.declared.rsplit(":", 1)[0] == self.script.path
            and set(extension.sources) == set(module.original.sources)
        }
        found = [call for line in sorted(lines) if (call := self._call_at(line)) is not None]
        if found:
            return found
        named = [
            call
            for call in self.script.calls()
            if constant(argument(call, "name", 0)) == module.original.name
        ]
        return [call for call in named if called(call).endswith("Extension") and self._builds(call, module)]

    def _builds(self, call: ast.Call, module: ModulePlan) -> bool:
        found = self.script.string_list(argument(call, "sources", 1))
        paths = (
            {self._tree_path(item.value) for item in found.items} if found else set(module.original.sources)
        )
        return bool(paths & set(module.original.sources))

    def _call_at(self, line: int) -> Optional[ast.Call]:
        calls = [call for call in self.script.calls() if call.lineno == line and called(call) != "setup"]
        by_name = [call for call in calls if called(call).endswith("Extension") or called(call) in _LOADERS]
        aliased = [call for call in calls if argument(call, "sources", 1) is not None]
        return next(iter([*by_name, *aliased]), None)

    def _edit_call(self, call: ast.Call, module: ModulePlan) -> None:
        migrated = module.migrated
        others = [spec for spec in (module.bridge, module.legacy) if spec is not None]
        start = self.script.start(call)
        declared = f"{self.script.path}:{call.lineno}"
        shared = [extension for extension in self.extensions if extension.declared == declared]
        if len(shared) > 1 and self._edit_shared(call, len(shared)):
            return
        given = argument(call, "sources", 1)
        sources = self.script.string_list(given)
        specs = [*([migrated] if migrated else []), *others]
        is_computed = given is not None and migrated and all(self._sources(call, module, s) for s in specs)
        if not (sources or is_computed) or len(shared) > 1 or called(call) in _LOADERS or call in self._seen:
            for spec in specs:
                self._leave("MIG150" if spec is migrated else "MIG151", call, spec)
            return
        self._seen.add(call)
        if migrated is None:  # nothing leaves torch: the first of the others takes its place
            self.editor.replace(start, self.script.end(call), self._copy(call, module, others[0]))
            self._add_beside(call, module, others[1:])
            return
        self.edited = True
        self._add_beside(call, module, others)
        if not others:
            self.replaced.update(_names(call.func))
        self.editor.replace(start, self.script.end(call.func), "TVMFFIExtension")
        if sources is not None:
            self._edit_list(sources, migrated)
        elif given is not None:
            self.relists = True
            text = self._sources(call, module, migrated) or ""
            self.editor.replace(self.script.start(given), self.script.end(given), text)
        self._add_to_lists(call, module.original, migrated)

    def _edit_shared(self, call: ast.Call, count: int) -> bool:
        """One call for ``count`` extensions, in a helper or a loop: possible where all that it builds
        leaves torch, and needs the same folders and libraries for it."""
        if call in self._seen:
            return True
        group = [module for module in self._modules if call in self._calls_of(module)]
        pairs = [(m.original, m.migrated) for m in group if m.migrated and not (m.bridge or m.legacy)]
        given, name = argument(call, "sources", 1), argument(call, "name", 0)
        if len(pairs) != count or not given or not name or called(call) in _LOADERS:
            return False
        added = [added_lists(original, spec, self.folder) for original, spec in pairs]
        if any(one != added[0] for one in added):
            return False
        indent = self.editor.indent(self.script.start(given))
        text = relisted_each(self._utf8(given), self._utf8(name), pairs, self.folder, indent)
        if text is None:
            return False
        self._seen.add(call)
        self.edited = self.relists = True
        self.replaced.update(_names(call.func))
        self.editor.replace(self.script.start(call), self.script.end(call.func), "TVMFFIExtension")
        self.editor.replace(self.script.start(given), self.script.end(given), text)
        self._add_to_lists(call, *pairs[0])
        return True

    def _edit_list(self, sources: StringList, migrated: BuildSpec) -> None:
        present = [self._tree_path(item.value) for item in sources.items]
        drop = [index for index, path in enumerate(present) if path not in migrated.sources]
        quote = self.script.text[sources.items[0].start] if sources.items else '"'
        quote = quote if quote in "\"'" else '"'
        new = [f"{quote}{self._local(path)}{quote}" for path in migrated.sources if path not in present]
        edit_list(self.editor, sources, drop, new)

    def _leave(self, code: str, call: ast.Call, spec: BuildSpec) -> None:
        """The place is left as it is, with a comment on what a human must write there."""
        local = [self._local(path) for path in spec.sources]
        # The comment goes above the statement: inside an expression it could break a line apart.
        start = self.script.start(self.script.statement(call))
        self.editor.comment_above(start, todo(code, spec.name, local))
        named = ", ".join(local) if len(local) < _TOO_MANY else f"the {len(local)} files in the comment there"
        self.editor.say(code, "manual", self.script.start(call), f"build {spec.name} from: {named}")

    def _add_to_lists(self, call: ast.Call, original: BuildSpec, migrated: BuildSpec) -> None:
        rows = added_lists(original, migrated, self.folder)
        # A list that is there may end where a new keyword begins: its end comes first.
        for keyword in sorted(rows, key=lambda keyword: argument(call, keyword) is None):
            self._add_to_list(call, keyword, rows[keyword])

    def _add_to_list(self, call: ast.Call, keyword: str, new: Sequence[str]) -> None:
        if not new:
            return
        listed = ", ".join(f'"{text}"' for text in new)
        given = argument(call, keyword)
        if given is None:
            self._add_keyword(call, f"{keyword}=[{listed}]")
            return
        if isinstance(given, ast.List) and given.elts:
            self.editor.insert(self.script.end(given.elts[-1]), f", {listed}")
            return
        before, behind = unpacking(given)
        self.editor.insert(self.script.start(given), f"[{before}")
        self.editor.insert(self.script.end(given), f"{behind}, {listed}]")

    def _add_beside(self, call: ast.Call, module: ModulePlan, specs: Sequence[BuildSpec]) -> None:
        """More extensions beside the first: the original call under other names, which torch builds."""
        parent = self.script.parents[call]
        copies = [self._copy(call, module, spec) for spec in specs]
        indent = self.editor.indent(self.script.start(call))
        if isinstance(parent, ast.List):
            text = "".join(f",\n{indent}{copy}" for copy in copies)
            self.editor.insert(self.script.end(call), text)
            return
        statement = self.script.parents.get(parent)
        if isinstance(parent, ast.Call) and called(parent) == "append" and isinstance(statement, ast.Expr):
            start, end = self.script.start(statement), self.script.end(statement)
            before = self.script.text[start : self.script.start(call)]
            after = self.script.text[self.script.end(call) : end]
            lead = f"\n{self.editor.indent(start)}{before}"
            self.editor.insert(end, "".join(f"{lead}{copy}{after}" for copy in copies))
            return
        for spec in specs:
            self._leave("MIG151", call, spec)

    def _copy(self, call: ast.Call, module: ModulePlan, spec: BuildSpec) -> str:
        base, original = self.script.start(call), module.original
        sources, folders = argument(call, "sources", 1), argument(call, "include_dirs")
        listed = (self._sources(call, module, spec) or "[]") + self._extra(call, original, spec)
        added = [self._local(path) for path in spec.include_dirs if path not in original.include_dirs]
        # torch's ninja runs in another folder.
        new = ", ".join(f'os.path.abspath("{path}")' for path in added)
        self.names_folders |= bool(new)
        wanted = [(argument(call, "name", 0), f'"{spec.name}"')]
        # The untouched headers must be found before the migrated ones of the same name.
        if new and folders is not None:
            wanted.append((folders, f"[{new}, {self._utf8(folders).join(unpacking(folders))}]"))
        elif new:
            listed += f", include_dirs=[{new}]"
        macros, given = added_macros(original, spec), argument(call, "define_macros")
        if macros and given is not None:
            wanted.append((given, f"[{macros}, {self._utf8(given).join(unpacking(given))}]"))
        wanted.append((sources, listed))
        places = [(self.script.start(n) - base, self.script.end(n) - base, text) for n, text in wanted if n]
        edits = [Edit("", start, end, text.encode().decode("latin-1")) for start, end, text in places]
        copy = apply_edits(self.script.source(call), edits)
        return copy.replace("\r\n", "\n").encode("latin-1").decode("utf-8")

    def _extra(self, call: ast.Call, original: BuildSpec, spec: BuildSpec) -> str:
        """What the other library is told besides. From one without Python torch leaves its part out."""
        is_limited = argument(call, "py_limited_api") or not spec.name.endswith("._bridge")
        text = "" if is_limited else ", py_limited_api=True"
        macros = added_macros(original, spec)
        if macros and argument(call, "define_macros") is None:
            text += f", define_macros=[{macros}]"
        return text

    def _utf8(self, node: ast.expr) -> str:
        return self.script.source(node).encode("latin-1").decode("utf-8")

    def _sources(self, call: ast.Call, module: ModulePlan, spec: BuildSpec) -> Optional[str]:
        """The sources of ``spec`` in place of the call's own."""
        old = argument(call, "sources", 1)
        indent = "" if old is None else self.editor.indent(self.script.start(old))
        if old is not None and self.script.string_list(old) is None:
            return relisted(self._utf8(old), module.original, spec, self.folder, indent)
        is_long = old is not None and "\n" in self.script.source(old)
        return source_list([self._local(path) for path in spec.sources], indent if is_long else None)

    def _edit_command(self) -> None:
        """``BuildExtension`` becomes ``BuildTVMFFI``, which also builds what is left for torch."""
        names = self.script.uses("BuildExtension")
        commands = [*names, *self.script.members("BuildExtension")]
        for one in commands:
            self.editor.replace(self.script.start(one), self.script.end(one), "BuildTVMFFI")
        self.replaced.update(names)
        if commands or self.script.uses("BuildTVMFFI"):
            return
        for call in self.script.calls():
            if called(call) == "setup":
                self._add_command(call)

    def _add_command(self, setup: ast.Call) -> None:
        given = argument(setup, "cmdclass")
        if given is None:
            self._add_keyword(setup, 'cmdclass={"build_ext": BuildTVMFFI}')
        elif isinstance(given, ast.Dict) and "build_ext" not in [constant(key) for key in given.keys]:
            at = self.script.start(given) + 1
            self.editor.insert(at, first_entry(self.script.text[at:], _COMMAND) if given.keys else _COMMAND)
        else:
            self.editor.comment_above(
                self.script.start(self.script.statement(setup)),
                "# MIGRATE-TODO[MIG150]: use BuildTVMFFI of tvm_ffi_extension as build_ext",
            )
            self.editor.say("MIG150", "manual", self.script.start(given), "add BuildTVMFFI as build_ext")

    def _add_keyword(self, call: ast.Call, text: str) -> None:
        arguments: list[Placed] = [*call.args, *call.keywords]
        last = max(arguments, key=self.script.end, default=None)
        if last is None:
            self.editor.insert(self.script.end(call) - 1, text)
            return
        before = self.script.text[self.script.start(call) : self.script.start(last)]
        lead = "\n" + self.editor.indent(self.script.start(last)) if "\n" in before else " "
        self.editor.insert(self.script.end(last), f",{lead}{text}")

    def _tree_path(self, local: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, local))

    def _local(self, path: str) -> str:
        """A path of the tree as the script must name it: relative to its own folder."""
        return posixpath.relpath(path, self.folder or ".")


def _names(node: ast.expr) -> list[ast.Name]:
    return [name for name in ast.walk(node) if isinstance(name, ast.Name)]
