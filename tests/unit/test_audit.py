"""``migrate audit``: libraries of a few lines, each of which breaks one promise, and one that keeps all."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Callable, Optional

import pytest

from migrate.audit import audit, to_json, to_text
from migrate.audit.judge import judge
from migrate.audit.shipments import installed_runtime, read_shipment
from migrate.audit.symbols import RUNTIME, undefined
from migrate.errors import SourceError, UsageError
from migrate.model.binaries import Audit, Binary, Shipment

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="not run: no gcc on this machine")

SHIM = 'int TVMFFIErrorSetRaisedFromCStr(const char*, const char*); int __tvm_ffi_f(void)'
CLEAN = SHIM + ' { return TVMFFIErrorSetRaisedFromCStr("a", "b"); }'
REQUIRES = ("apache-tvm-ffi<0.2,>=0.1.15",)
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A shared library of one C source, linked to empty libraries of the names given."""

    def library(source: str, name: str = "lib.so", needs: Sequence[str] = (), *options: str) -> Path:
        (tmp_path / "lib.c").write_text(source)
        (tmp_path / "empty.c").write_text("")
        for other in needs:
            compile_(tmp_path, "empty.c", other, f"-Wl,-soname,{other}")
        compile_(tmp_path, "lib.c", name, "-Wl,--no-as-needed", *needs, "-Wl,-z,now", *options)
        return tmp_path / name

    return library


def compile_(folder: Path, source: str, output: str, *options: str) -> None:
    subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", output, *options], cwd=folder, check=True)


@pytest.fixture
def clean(make: Make) -> Path:
    return make(CLEAN, needs=["libtvm_ffi.so"])


def wheel(
    library: Path,
    tag: str = "py3-none-linux_x86_64",
    requires: Sequence[str] = REQUIRES,
    also: Optional[dict[str, Path]] = None,
    pure: str = "false",
) -> Path:
    path = library.with_name(f"ops-1.0-{tag}.whl")
    described = "".join(f"Requires-Dist: {row}\n" for row in requires)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(library, "ops/_ops.so")
        for name, file in (also or {}).items():
            archive.write(file, name)
        archive.writestr("ops-1.0.dist-info/WHEEL", f"Root-Is-Purelib: {pure}\nTag: {tag}\n")
        archive.writestr("ops-1.0.dist-info/METADATA", f"Name: ops\nVersion: 1.0\n{described}")
    return path


def broken(result: Audit) -> dict[str, str]:
    return {one.id: " / ".join(one.reasons) for one in result.promises if not one.kept}


def test_a_migrated_library_keeps_every_promise(clean: Path) -> None:
    for subject in (clean, wheel(clean)):
        result = audit(str(subject))
        assert result.kept, broken(result)
    (library,) = json.loads(to_json(audit(str(clean))))["libraries"]
    assert library["operators"] == ["f"]
    assert library["undefined"] == {"python": [], "torch": [], "tvm_ffi": ["TVMFFIErrorSetRaisedFromCStr"]}
    assert library["binds_now"]


def test_an_extension_module_is_tied_to_one_python(make: Make) -> None:
    source = "void* PyModule_Create2(void*, int); void* PyInit_ops(void) { return PyModule_Create2(0, 3); }"
    result = audit(str(make(source, "ops.cpython-311-x86_64-linux-gnu.so")))
    assert broken(result) == {
        "any_python": "needs 1 symbol (PyModule_Create2) of Python / is a Python extension module (PyInit_)"
    }


def test_a_library_linked_to_libtorch_is_tied_to_one_torch(make: Make) -> None:
    result = audit(str(make("", needs=["libtorch.so", "libc10.so"])))
    assert broken(result) == {"any_torch": "is linked to libtorch.so, libc10.so"}


@pytest.mark.parametrize(
    ("symbol", "owner"),
    [
        ("_ZN3c106detail14torchCheckFailEPKcS2_jRKSs", "torch"),
        ("_ZNK2at10TensorBase8data_ptrIfEEPT_v", "torch"),
        ("_ZTIN3c105ErrorE", "torch"),
        ("aoti_torch_get_data_ptr", "torch"),
        ("_Py_Dealloc", "python"),
        ("PyExc_ValueError", "python"),
        ("TVMFFIGetVersion", "tvm_ffi"),
        ("_ZN3tvm3ffi9ModuleObj12LoadFromFileERKNS0_6StringE", "tvm_ffi"),
        ("_ZN3att5torchE", ""),
        ("Pythonic", ""),
        ("_ZSt4cout", ""),
    ],
)
def test_whose_symbol_it_is(symbol: str, owner: str) -> None:
    binary = Binary("lib.so", "x86_64", undefined=(symbol,))
    assert [one for one in ("python", "torch", "tvm_ffi") if undefined(binary, one)] == [owner] * bool(owner)


def test_a_dispatcher_library_is_free_of_python_already(make: Make) -> None:
    source = "void _ZN5torch7Library4_defEv(void); void f(void) { _ZN5torch7Library4_defEv(); }"
    result = audit(str(make(source)))
    assert set(broken(result)) == {"any_torch"}
    assert result.notes == ("free of Python already: it registers its operators with torch's dispatcher",)


def test_a_vendored_runtime_is_found_under_its_new_name(make: Make) -> None:
    library = make(CLEAN, needs=["libtvm_ffi-c33ef534.so"])
    vendored = {"ops.libs/libtvm_ffi-c33ef534.so": library.with_name("libtvm_ffi-c33ef534.so")}
    reason = broken(audit(str(wheel(library, also=vendored))))["one_tvm_ffi"]
    assert "ops/_ops.so: is linked to libtvm_ffi-c33ef534.so, a renamed copy" in reason
    assert "ops.libs/libtvm_ffi-c33ef534.so: is a copy of libtvm_ffi" in reason


@pytest.mark.parametrize(
    ("name", "is_runtime"),
    [("libtvm_ffi.so", True), ("libtvm_ffi-1a.so", True), ("libtvm_ffi_testing.so", False)],
)
def test_names_of_the_runtime(name: str, is_runtime: bool) -> None:
    assert bool(RUNTIME.fullmatch(name)) is is_runtime


@pytest.mark.parametrize("tag", ["cp311-cp311-linux_x86_64", "cp39-abi3-linux_x86_64"])
def test_a_tag_of_one_python_on_a_library_that_needs_none(clean: Path, tag: str) -> None:
    assert broken(audit(str(wheel(clean, tag)))) == {
        "any_python": f"the tag {tag} ties it to one Python, and nothing in it needs that one: "
        "build it with `migrate wheel`, which tags it py3-none"
    }


def test_a_tag_of_any_python_on_a_library_that_needs_one(make: Make) -> None:
    library = make("int Py_IsInitialized(void); int f(void) { return Py_IsInitialized(); }")
    assert "needs one Python's interface" in broken(audit(str(wheel(library))))["tag"]


@pytest.mark.parametrize(
    ("tag", "pure", "reason"),
    [
        ("py3-none-any", "false", "runs on x86_64 only, and the tag says any platform"),
        ("py3-none-linux_aarch64", "false", "runs on x86_64, and the tag says linux_aarch64"),
        ("py3-none-linux_x86_64", "true", "is compiled, and the wheel says that it is pure Python"),
    ],
)
def test_a_tag_that_does_not_fit(clean: Path, tag: str, pure: str, reason: str) -> None:
    assert reason in broken(audit(str(wheel(clean, tag, pure=pure))))["tag"]


def test_a_tag_of_an_older_glibc() -> None:
    binary = Binary("ops.so", "x86_64", versions=("GLIBC_2.17", "GLIBC_2.34", "GLIBCXX_3.4.26"))
    for tag, kept in (("manylinux_2_28_x86_64", False), ("manylinux_2_34_x86_64", True)):
        shipment = Shipment("ops", "wheel", (binary,), (f"py3-none-{tag}",))
        assert judge(shipment, None).kept is kept
    old = replace(shipment, tags=("py3-none-manylinux2014_x86_64",))
    assert "needs glibc 2.34, and the tag says 2.17" in broken(judge(old, None))["tag"]


def test_a_symbol_the_installed_runtime_lacks(make: Make) -> None:
    source = "int TVMFFINewInNextRelease(void); int f(void) { return TVMFFINewInNextRelease(); }"
    result = audit(str(make(source, needs=["libtvm_ffi.so"])))
    reason = broken(result)["installed_tvm_ffi"]
    assert "needs 1 symbol (TVMFFINewInNextRelease) that apache-tvm-ffi" in reason


def test_without_a_runtime_the_answer_is_unknown_not_yes(clean: Path) -> None:
    result = judge(read_shipment(str(clean)), None)
    assert [one.id for one in result.promises if one.kept is None] == ["installed_tvm_ffi"]
    assert not result.kept
    assert "unknown: apache-tvm-ffi is not installed here" in to_text(result)


def test_a_wheel_without_the_requirement(clean: Path) -> None:
    assert "does not require apache-tvm-ffi" in broken(audit(str(wheel(clean, requires=()))))["one_tvm_ffi"]
    unbounded = audit(str(wheel(clean, requires=("apache-tvm-ffi",))))
    assert any("no upper bound" in note for note in unbounded.notes)


def test_what_is_worth_knowing(make: Make) -> None:
    library = make(CLEAN, "lib.so", ["libtvm_ffi.so"], "-Wl,-z,lazy", "-Wl,-rpath,/home/me/lib:$ORIGIN/lib")
    result = audit(str(library))
    assert result.kept
    assert [note.partition(":")[0] for note in result.notes] == [
        "bound lazily",
        "its RPATH names a folder of the machine that built it",
    ]


def test_the_home_of_the_runtime_may_have_one() -> None:
    result = audit("apache-tvm-ffi")
    assert "one_tvm_ffi" not in broken(result)
    assert "installed_tvm_ffi" not in broken(result)
    runtime = installed_runtime()
    assert runtime is not None
    assert "TVMFFIGetVersion" in runtime.exported


def test_a_package_is_found_by_the_name_it_is_imported_under() -> None:
    assert audit("tvm_ffi").shipment.name == audit("apache-tvm-ffi").shipment.name


def test_of_a_migrated_tree_only_the_migrated_libraries_count(clean: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for side in ("original", "migrated"):
        (tree / ".migrate/build" / side).mkdir(parents=True)
    shutil.copy(clean, tree / ".migrate/build/original/a.so")
    with pytest.raises(SourceError, match="nothing is built"):
        read_shipment(str(tree))
    shutil.copy(clean, tree / ".migrate/build/migrated/a.so")
    assert [one.path for one in read_shipment(str(tree)).binaries] == [".migrate/build/migrated/a.so"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.so", b"text"), ("a.so", b"\x7fELF\2\1\1"), ("a.whl", b"no zip")]
)
def test_what_cannot_be_read(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError):
        audit(str(tmp_path / name))


def test_an_object_file_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text(CLEAN)
    subprocess.run(["gcc", "-c", "a.c"], cwd=tmp_path, check=True)
    with pytest.raises(SourceError, match=r"a\.o is not a shared library"):
        audit(str(tmp_path / "a.o"))


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file, no folder and no installed package"):
        audit(str(tmp_path / "nothing"))
    with pytest.raises(SourceError, match="there is no library"):
        audit(str(tmp_path))
