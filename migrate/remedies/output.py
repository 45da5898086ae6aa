"""What to do about findings of the build-file editor and the writer (MIG150 to MIG159, MIG400 on)."""

from __future__ import annotations

from migrate.remedies.remedy import Remedy

REMEDIES: dict[str, Remedy] = {
    "MIG150": Remedy(
        "minutes",
        "The `MIGRATE-TODO[MIG150]` comment names the sources. Make the expression yield them, and run "
        "`migrate build` to see that it does.",
        before="CppExtension('lib._C', **options())",
        after="TVMFFIExtension('lib._C', ['csrc/ffi/lib_C_ffi.cc', 'csrc/kernels.cpp', ...])",
        cause="the list of sources is out of sight, shared by several extensions of which some keep torch or "
        "need other folders, or written for a tool of your own, so an edit would be a guess.",
    ),
    "MIG151": Remedy(
        "minutes",
        "Copy the declaration, and give the copy the name and the sources of the `MIGRATE-TODO[MIG151]` "
        "comment.",
        before="ext_modules=make_extensions()",
        after="ext_modules=[*make_extensions(), CppExtension('lib._legacy_C', ['legacy/csrc/ops.cpp'])]",
        cause="operators that keep torch or pybind11 are built as an extension of their own, and the place "
        "where it has to be declared could not be told.",
    ),
    "MIG152": Remedy(
        "minutes",
        "In the code that makes the list, replace pybind11 by the requirement that the message names.",
        before="install_requires=read('requirements.in')",
        after="install_requires=[*read('requirements.in'), 'apache-tvm-ffi>=0.1.15,<0.2']",
        cause="the requirements are computed, or pybind11 is named where it may mean something else.",
    ),
    "MIG153": Remedy(
        "minutes",
        "See whether something else of the project needs the older version, and pin what suits both.",
        before="apache-tvm-ffi==0.1.2",
        after="apache-tvm-ffi>=0.1.15,<0.2",
        cause="the generated code was tested with the versions of this range, and the requirement named "
        "another.",
    ),
    "MIG154": Remedy(
        "minutes",
        "In the builder that reads the table, add `tvm_ffi.libinfo.find_include_paths()` to the include "
        "folders "
        "and link libtvm_ffi. It no longer needs pybind11 or libtorch for these rows.",
        before="include_dirs = [pybind11.get_include(), *torch_includes]",
        after="include_dirs = tvm_ffi.libinfo.find_include_paths()",
        cause="the sources of the row were changed, but the flags come out of a program of your own.",
    ),
    "MIG155": Remedy(
        "minutes",
        "Delete the torch libraries from `target_link_libraries` where the target holds no bridged operator.",
        before="target_link_libraries(_C PRIVATE ${TORCH_LIBRARIES})",
        after="target_link_libraries(_C PRIVATE tvm_ffi::shared)",
        cause="a bridged operator needs them, another does not, and one target may hold both.",
    ),
    "MIG156": Remedy(
        "minutes",
        "Repair its syntax and run again, or take sources and requirements over by hand from the `ffi` "
        "folder.",
        before="setup(name='lib',",
        after="setup(name='lib')",
        cause="the file is edited by its syntax tree, and has none.",
    ),
    "MIG157": Remedy(
        "minutes",
        "Write the name or the version as a literal where the comment stands: a wheel's metadata is static.",
        before="version = \"0\" # MIGRATE-TODO[MIG157]: the build files compute the version",
        after="version = \"1.4.2\"",
        cause="setup.py computes it, and nothing of the tree is executed.",
    ),
    "MIG450": Remedy(
        "minutes",
        "Move the edit to the source tree, where every run sees it; or delete the file and run again.",
        before="edited: out/lib/__init__.py",
        after="rm out/lib/__init__.py; migrate run . --out out",
    ),
    "MIG451": Remedy(
        "minutes",
        "Keep what you need of it elsewhere, then delete it. Nothing of the migrated tree uses it any more.",
        before="edited: out/csrc/ffi/old_ffi.cc",
        after="rm out/csrc/ffi/old_ffi.cc",
    ),
    "MIG452": Remedy(
        "minutes",
        "Replace the link in the source tree by the folder it leads to, or scan that folder on its own.",
        before="csrc -> ../shared/csrc",
        after="cp -r ../shared/csrc csrc",
    ),
    "MIG453": Remedy(
        "minutes",
        "Keep one of the two versions, or write a third, and delete the rest with its marks.",
        before="<<<<<<< edited by hand\nint block = 256;\n||||||| written by the last run\nint block = 128;\n"
        "=======\nint block = 512;\n>>>>>>> written by migrate",
        after="int block = 256;",
    ),
    "MIG454": Remedy(
        "none",
        "Read the file as it is now; `migrate test` shows whether both changes agree.",
        before="yours: line 12; the new output: line 40",
        after="both are in the file",
    ),
    "MIG455": Remedy(
        "minutes",
        "Copy what still holds to the shim, to the adaptor or above the kernel; most of it speaks of the "
        "registration and went with it.",
        before="// Defines the operators\nTORCH_LIBRARY(lib, m) {",
        after="",
    ),
}
