"""What to do about findings of the scan room (MIG100 to MIG149)."""

from __future__ import annotations

from migrate.remedies.remedy import Remedy

REMEDIES: dict[str, Remedy] = {
    "MIG100": Remedy(
        "minutes",
        "Give yourself the right to read the file, or repair the link, or delete what nobody needs. An "
        "unreadable source may hold registrations, so the scan cannot say that nothing is lost.",
        before="csrc/ops.cpp -> ../generated/ops.cpp   (missing)",
        after="csrc/ops.cpp",
        cause="the file may not be read, its name is no UTF-8, or it is a link that leads nowhere.",
    ),
    "MIG101": Remedy(
        "none",
        "Nothing has to be done. To see the text as it is meant, convert the file with `iconv -f latin1 -t "
        "utf-8`, in a commit of its own.",
        before="// gr\\xf6\\xdfe in Latin-1",
        after="// größe in UTF-8",
        cause="some bytes are not UTF-8. They are carried over as they are; only messages show them wrongly.",
    ),
    "MIG102": Remedy(
        "minutes",
        "Rename what is no source (`.bin`), or remove the NUL bytes: `tr -d '\\\\0' < file`.",
        before="weights.cu   (a binary file)",
        after="weights.bin",
        cause="a NUL byte ends the text for some tools and not for others, so what was read is not certain.",
    ),
    "MIG103": Remedy(
        "none",
        "If sources lie behind the link, replace it by the files; else leave it.",
        before="csrc/third_party -> /opt/kernels",
        after="csrc/third_party/*.cu",
        cause="a link to a folder or a device is not followed: it may leave the tree, or never end.",
    ),
    "MIG104": Remedy(
        "minutes",
        "`chmod u+rx` the folder, then scan again. What it holds is unknown until then.",
        cause="the folder may not be read, and sources may lie in it.",
    ),
    "MIG110": Remedy(
        "minutes",
        "Make the file parse: `python -m py_compile setup.py`, `python -m json.tool table.json`. Python 2 "
        "scripts have to become Python 3.",
        before='print "building"',
        after='print("building")',
        cause="names, sources and flags of extensions are read from this file, without running it.",
    ),
    "MIG111": Remedy(
        "minutes",
        "Spell the list of sources out, or compute it from `glob` and literals only. Then check in `migrate "
        "scan` that every module has its operators.",
        before="sources=find_sources(os.environ['KERNELS'])",
        after="sources=glob.glob('csrc/*.cu')",
        cause="build files are read, not run. A part of the list is computed in a way that is not "
        "followed, or "
        "a listed file is not in the tree.",
    ),
    "MIG112": Remedy(
        "minutes",
        "Name the sources as string literals. If they are generated at build time, generate them first and "
        "scan the result.",
        before="CUDAExtension('lib._C', sources())",
        after="CUDAExtension('lib._C', ['csrc/ops.cpp', 'csrc/ops.cu'])",
        cause="the extension is declared, but none of its sources could be told from the build file.",
    ),
    "MIG113": Remedy(
        "none",
        "Scan once more with `--backend` for the other one; each backend is migrated by a run of its own.",
        before="if torch.version.hip: ext = CUDAExtension('lib._hip', ...)",
        after="migrate scan . --backend hip",
        cause="the declaration stands in a branch that is not taken for this backend.",
    ),
    "MIG114": Remedy(
        "minutes",
        "Move the string to a file of the tree and give its name to `load`.",
        before="load_inline('ops', cpp_sources=[TEXT])",
        after="load('ops', sources=['csrc/ops.cpp'])",
        cause="the C++ text lies in a Python string: there is no file that could be migrated in place.",
    ),
    "MIG115": Remedy(
        "none",
        "Nothing has to be done. To have one truth, delete one of the two declarations.",
        before="setup.py and CMakeLists.txt both build lib._C",
        after="setup.py builds lib._C",
        cause="two build files declare the same extension from the same sources.",
    ),
    "MIG116": Remedy(
        "minutes",
        "Check the sources that were assumed: those beside the module that no other extension takes. Declare "
        "the extension in setup.py where they are wrong.",
        before="PYBIND11_MODULE(ops, m) in a folder without a build file",
        after="setup(ext_modules=[CppExtension('ops', ['ops.cpp', 'kernels.cpp'])])",
        cause="a source defines a Python module, and no build file that was found names that source.",
    ),
    "MIG117": Remedy(
        "minutes",
        "Rename one of the two, or scan each folder on its own.",
        before="CppExtension('ops', ['a/ops.cpp']) and CppExtension('ops', ['b/ops.cpp'])",
        after="CppExtension('a_ops', ['a/ops.cpp']) and CppExtension('b_ops', ['b/ops.cpp'])",
        cause="two extensions with different sources have one import name: Python finds whichever comes "
        "first.",
    ),
    "MIG120": Remedy(
        "none",
        'Pass `--backend cpu|cuda|hip`, or write `backend = "cuda"` under `[tool.migrate]`.',
        before="migrate scan .",
        after="migrate scan . --backend hip",
        cause="sources read differently for each backend; this is the one chosen, with what spoke for it.",
    ),
    "MIG122": Remedy(
        "minutes",
        "Name the folder that holds setup.py, CMakeLists.txt or the sources. Submodules have to be checked "
        "out.",
        before="migrate scan library/python",
        after="migrate scan library",
        cause="no build file of the folder declares an extension, and no source in it defines a module.",
    ),
    "MIG130": Remedy(
        "minutes",
        "Compare its name with the source (a qualified C++ name, an operator's id), or delete the row.",
        before='[[name]]\nname = "mylib::twise"',
        after='[[name]]\nname = "mylib::twice"',
        cause="nothing of the tree is called so. A misspelt row would be missed silently.",
    ),
    "MIG131": Remedy(
        "minutes",
        "Delete the comment, or correct its id. It has to stand on the finding's line or right above it.",
        before="// migrate: ignore[MIG310] -- one device only\nint rank(at::Tensor x) { return x.dim(); }",
        after="int rank(at::Tensor x) { return x.dim(); }",
        cause="no finding with this id was made at the comment's place: the reason for it is gone.",
    ),
    "MIG132": Remedy(
        "minutes",
        "Say after ` -- ` why the finding is answered. Without it the comment does not count.",
        before="// migrate: ignore[MIG310]",
        after="// migrate: ignore[MIG310] -- the caller sets the device",
        cause="whoever reads the source next cannot tell an answered finding from an overlooked one.",
    ),
}
