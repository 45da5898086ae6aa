"""The fixtures from end to end: migrated, built both ways, compared, and their own tests on both sides."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rust_host
from fixture_trees import CPP, ROOT, Case, files_of, make_case, migrate, own_tests, python, tree_hash

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
from planted.catalogue import read_catalogue

from migrate.audit import audit
from migrate.audit.symbols import operators

pytestmark = pytest.mark.e2e
pytest.importorskip("torch")

HERE = Path(__file__).parent
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
CONV1D = ("conv_fwd", "conv_update", "init_state", "state_len")
NAMES = ("norm", "conv1d", "registry", "softblend", "border", "dispatcher")
# An enum's constant is shown by its `repr`, which is no expression.
_ENUM = re.compile(r"<(\w+\.\w+): -?\d+>")
_FRAMEWORK = re.compile(r'#\s*include\s*[<"](?:torch|ATen|c10|pybind11|caffe2)[/.]')
_CANNOT_RUN = ("classes are not compared", "this build of the original does not have it")


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Filled on demand: each original is built once, and torch's headers cost most of the time."""
    return {}


@pytest.fixture(params=NAMES)
def case(request: Any, cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of(request.param, cases, tmp_path_factory)


@pytest.fixture
def norm(cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of("norm", cases, tmp_path_factory)


@pytest.fixture
def softblend(cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of("softblend", cases, tmp_path_factory)


def case_of(name: str, cases: dict[str, Case], factory: pytest.TempPathFactory) -> Case:
    if name not in cases:
        cases[name] = make_case(name, factory.mktemp(name))
    return cases[name]


def test_every_operator_is_equal_or_says_why_it_did_not_run(case: Case) -> None:
    devices = {module["name"] for module in case.manifest["modules"]} - {m["name"] for m in case.modules}
    wrong = []
    for row in case.verdicts:
        if row["module"] in devices:
            fine = row["verdict"] == "Equal" or (row["verdict"] == "NotRun" and row["reason"])
        else:
            known = any(text in row["reason"] for text in _CANNOT_RUN)
            fine = row["verdict"] == "Equal" or (row["verdict"] == "NotRun" and known)
        if not fine:
            wrong.append(f"{row['id']}: {row['verdict']} {row['worst']} {row['reason']}")
    assert not wrong, "\n".join(wrong)
    assert case.code == int(any(row["verdict"] == "NotRun" for row in case.verdicts))


def test_every_planted_fault_has_its_place(case: Case) -> None:
    faults = [fault for fault in read_catalogue() if fault.fixture == case.name]
    assert not [text for fault in faults for text in fault.misplaced(case.tree)]


def test_functions_ran_on_a_hundred_cases(case: Case) -> None:
    """Fewer where a function has no arguments to vary, or a switch or two."""
    params = {o["id"]: o["params"] for module in case.modules for o in module["operators"]}
    rows = [row for row in case.verdicts if row["verdict"] == "Equal" and row["id"] in params]
    few = [
        row["id"]
        for row in rows
        if row["ran"] < 100 and any(p["type"]["kind"] == "tensor" for p in params[row["id"]] or ())
    ]
    assert rows
    assert not few


def test_the_migrated_libraries_keep_every_promise(case: Case) -> None:
    migrated = audit(str(case.tree))
    assert migrated.kept, [one for one in migrated.promises if not one.kept]
    assert all(operators(binary) for binary in migrated.shipment.binaries)


def test_the_originals_and_the_bridges_do_not(case: Case) -> None:
    for path in sorted((case.tree / ".migrate/build").glob("*/*/*.so")):
        broken = {one.id for one in audit(str(path)).promises if not one.kept}
        side = path.parts[-3]
        if side == "bridge":
            assert broken == {"any_torch"}, path
        elif side in ("original", "legacy"):
            assert broken == {"any_python", "any_torch"}, path


def test_a_rust_program_calls_a_migrated_library(
    cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory
) -> None:
    case = case_of("conv1d", cases, tmp_path_factory)
    library = case.tree / ".migrate/build/migrated/shortconv_cpu/shortconv_cpu.so"
    program = rust_host.compiled(tmp_path_factory.mktemp("rust"))
    done = rust_host.run(program, rust_host.runtime(), library)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[1:5] == [
        "conv_fwd wrote [1.5, 12.5, 23.5, 34.5]",
        "state_len is 1",
        "init_state made [5, 2, 3], all zero: true",
        "tensors from Rust: 1, then 0",
    ]
    assert said[5] == "refused with RuntimeError: weight must be (dim, width), got 1 dimensions"
    assert said[6].startswith("refused with TypeError: Mismatched type on argument #0")
    assert "has no operator no_such_operator" in said[7]
    assert said[8:] == [
        "half of 8 is 4",
        "refused with ValueError: 7 is odd",
        "refused with RuntimeError: Rust panicked: one number, not 0",
    ]


def test_own_tests_pass_on_both_sides(case: Case) -> None:
    for folder in (case.original, case.tree):
        done = own_tests(folder)
        assert done.returncode == 0, done.stdout + done.stderr
        assert " passed" in done.stdout


def test_the_adaptor_offers_what_the_original_did(case: Case) -> None:
    before: list[str] = []
    for module in case.modules:
        if not module["adaptor"]:
            continue
        name = module["name"]
        built = case.tree / f".migrate/build/original/{name}/{name.rpartition('.')[2]}.so"
        script = str(HERE / "describe_module.py")
        original = python(script, name, str(built), *before, folder=case.source, path=case.source, check=True)
        before.append(f"{name}={built}")
        root = case.tree / module["adaptor"].removesuffix(name.replace(".", "/"))
        migrated = python(script, name, folder=root, path=root, check=True)
        compare_offers(json.loads(original.stdout), json.loads(migrated.stdout), name)


def compare_offers(original: dict[str, Any], migrated: dict[str, Any], where: str) -> None:
    assert set(original) <= set(migrated), where
    for name, row in original.items():
        there = migrated[name]
        if "members" in row:
            compare_offers(row["members"], there["members"], f"{where}.{name}")
            continue
        signature = there.pop("signature", None)
        assert there == row, f"{where}.{name}"
        if signature is not None:
            signature = [[n, k, d and _ENUM.sub(r"\1", d)] for n, k, d in signature]
            assert signature == promised(row["doc"]), f"{where}.{name}"


def promised(doc: str) -> list[list[Any]]:
    """The parameters that pybind11's signature line announces, as ``inspect`` would give them."""
    line = _ENUM.sub(r"\1", doc.splitlines()[0])
    if line.endswith("(*args, **kwargs)"):
        return [["args", "VAR_POSITIONAL", None], ["kwargs", "VAR_KEYWORD", None]]
    # A type that Python does not know yet is printed as C++ spells it.
    line = line.replace("::", ".")
    arguments = ast.parse(f"def {line}: ...").body[0].args  # type: ignore[attr-defined]
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[Any] = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    rows = []
    for index, (argument, default) in enumerate(zip(plain, defaults)):
        nameless = argument.arg == f"arg{index}" or argument in arguments.posonlyargs
        kind = "POSITIONAL_ONLY" if nameless else "POSITIONAL_OR_KEYWORD"
        rows.append([argument.arg, kind, None if default is None else written(default)])
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        rows.append([argument.arg, "KEYWORD_ONLY", None if default is None else written(default)])
    return rows


def written(node: Any) -> str:
    """``repr`` of a default; ``inf`` and the like are names in pybind11's text, dtypes torch's names."""
    if isinstance(node, ast.Attribute):
        return ast.unparse(node)
    return repr(ast.literal_eval(node)) if not isinstance(node, ast.Name) else node.id


def test_nothing_migrated_includes_a_framework(case: Case) -> None:
    before, compiled = files_of(case.source), set()
    for module in case.manifest["modules"]:
        compiled |= set((module["migrated"] or {}).get("sources", ()))
    sources = {
        name: data
        for name, data in files_of(case.tree).items()
        if name.endswith(CPP) and not name.startswith(("legacy/", "bridge/"))
    }
    assert any(name.endswith("_ffi.cc") for name in sources)
    for name, data in sources.items():
        if name in compiled or data != before.get(name):
            assert not _FRAMEWORK.search(data.decode("latin-1")), name


def test_libraries_need_tvm_ffi_and_no_framework(case: Case) -> None:
    from elftools.elf.elffile import ELFFile

    libraries = sorted((case.tree / ".migrate/build/migrated").glob("*/*.so"))
    assert len(libraries) >= len(case.modules)
    for library in libraries:
        with library.open("rb") as stream:
            section = ELFFile(stream).get_section_by_name(".dynamic")
            needed = [tag.needed for tag in section.iter_tags() if tag.entry.d_tag == "DT_NEEDED"]
        assert any(name.startswith("libtvm_ffi.so") for name in needed), library
        assert not [n for n in needed if re.match(r"lib(torch|c10|python|ATen)", n)], needed


def test_a_bridge_needs_libtorch_and_no_python(softblend: Case) -> None:
    """One file for every Python: no symbol of CPython, none of torch's Python half, no pybind11."""
    from elftools.elf.elffile import ELFFile

    path = softblend.tree / ".migrate/build/bridge/softblend._C._bridge/_bridge.so"
    with path.open("rb") as stream:
        elf = ELFFile(stream)
        tags = elf.get_section_by_name(".dynamic").iter_tags()
        needed = {tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"}
        symbols = [s.name for s in elf.get_section_by_name(".dynsym").iter_symbols()]
    assert {"libtorch_cpu.so", "libc10.so"} <= needed
    assert not [name for name in needed if "python" in name]
    assert not [name for name in symbols if name.startswith(("Py", "_Py", "THP")) or "pybind11" in name]


def test_what_the_host_cannot_compute_is_bridged(softblend: Case) -> None:
    (module,) = softblend.modules
    tiers = {operator["name"]: operator["tier"] for operator in module["operators"]}
    assert tiers == {
        **dict.fromkeys("attention moments split scaled window power".split(), "bridge"),
        **dict.fromkeys("head_rows accumulate_ blend cosine calls".split(), "view"),
        "rows": "raw",
    }
    assert module["legacy"] is None
    assert {row["verdict"] for row in softblend.verdicts} == {"Equal"}
    texts = b"".join(files_of(softblend.tree / "bridge").values())
    assert re.search(rb"pybind11(?:/|::)|PYBIND11", texts) is None


_GRADIENTS = """
import softblend
import torch

generator = torch.Generator().manual_seed(1)
leaves = [torch.randn(s, generator=generator, requires_grad=True) for s in [(3, 4), (5, 4), (5, 2), (3, 5)]]
results = [
    softblend.attention(*leaves, 0.7),
    softblend.head_rows(leaves[0].t()),
    softblend.blend([leaves[0], leaves[0] * leaves[0]], [2.0, -0.5]),
    *softblend.moments(leaves[2])[:2],
    softblend.cosine(leaves[0][0], leaves[1][0]),
    softblend.split(leaves[3], 2)[0][1],
]
total = torch.zeros(3, 4)
assert softblend.accumulate_(total, leaves[0] * 2) is total
results.append(total)
with torch.no_grad():
    assert not softblend.head_rows(leaves[0].t()).requires_grad
try:
    softblend.accumulate_(leaves[0], leaves[1][:3])
except RuntimeError as error:
    print(error)
for result in results:
    weight = torch.randn(result.shape, generator=generator)
    gradients = torch.autograd.grad((result * weight).sum(), leaves, allow_unused=True)
    print(result.grad_fn.name(), [None if g is None else g.flatten().tolist() for g in gradients])
"""


def test_gradients_are_the_originals(softblend: Case) -> None:
    sides = [
        python("-c", _GRADIENTS, folder=folder, path=folder, check=True).stdout
        for folder in (softblend.original, softblend.tree)
    ]
    assert sides[0].count("Backward") == 8
    assert sides[0].startswith("a leaf Variable that requires grad")
    assert sides[0] == sides[1]


_FROM_NUMPY = """
import sys
import numpy as np
import tvm_ffi

library = tvm_ffi.load_module(sys.argv[1])
codes = np.arange(-6, 6, dtype=np.int8).reshape(3, 4)
scale = np.array([1, 2, 0.5], dtype=np.float32)
out = np.zeros((3, 4), np.float32)
library.dequantize(codes, scale, None, out)
assert np.array_equal(out, codes * scale[:, None])
try:
    library.dequantize(codes, scale, None, np.zeros((3, 5), np.float32))
except ValueError as error:
    assert "[3, 5]" in str(error)
else:
    raise AssertionError("a wrong destination was taken")
"""


def test_a_host_without_torch_passes_the_destination(norm: Case) -> None:
    """NumPy has no allocator for the shim: the results are trailing arguments."""
    name = "fastnorm.jit.module_quant"
    library = norm.tree / f".migrate/build/migrated/{name}/{name}.so"
    done = python("-c", _FROM_NUMPY, str(library), folder=norm.tree, path=norm.tree)
    assert done.returncode == 0, done.stderr


def test_two_runs_give_the_same_bytes(case: Case, tmp_path: Path) -> None:
    migrate("run", case.source, "--out", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(case.tree)
    for name in ("manifest.json", "report.json"):
        one, other = (tree / ".migrate" / name for tree in (case.tree, tmp_path / "again"))
        assert one.read_bytes() == other.read_bytes()
    assert tree_hash(case.source) == case.before


def test_the_patch_makes_the_migrated_tree_of_the_original(case: Case, tmp_path: Path) -> None:
    patch = migrate("diff", "-C", case.tree).stdout
    copy = shutil.copytree(case.source, tmp_path / "copy")
    for command in (["init", "-q"], ["apply", "--check", "-"], ["apply", "-"]):
        subprocess.run(["git", *command], cwd=copy, input=patch, text=True, check=True)
    assert files_of(copy) == files_of(case.tree)


# One of each kind of place: a kernel file, a shim, the adaptor, and a situation. All: `make campaign`.
SAMPLE = (
    "stride of the other tensor",
    "weight and bias swapped",
    "layout check dropped",
    "second call on the same tensors",
)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_planted_fault_is_found(norm: Case, tmp_path: Path, name: str) -> None:
    (fault,) = (fault for fault in read_catalogue() if fault.name == name)
    tree = shutil.copytree(norm.tree, tmp_path / "tree")
    fault.plant(tree)
    (chosen,) = fault.operators
    done = migrate("test", "-C", tree, chosen)
    assert done.returncode == 1, done.stderr
    operator = chosen.rpartition(":")[2]
    assert re.search(rf"\b{operator}\b.*\bDifferent\b.*see \.migrate/repro/", done.stdout), done.stdout


def test_the_generated_tests_pass_and_fail_with_a_fault(norm: Case, tmp_path: Path) -> None:
    """`pytest` on the file that `run` wrote, as the user's CI would run it."""
    module, fault = "module_quant", "tuple became list"
    tree = shutil.copytree(norm.tree, tmp_path / "tree")
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/test_{module}_equivalence.py")
    done = python(*command, folder=tree, path=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    next(each for each in read_catalogue() if each.name == fault).plant(tree)
    done = python(*command, "-k", "dynamic_per_token", folder=tree, path=ROOT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "is Different: result: " in done.stdout


@pytest.fixture
def conv1d(cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of("conv1d", cases, tmp_path_factory)


def record(tree: Path, *tests: str) -> dict[str, Any]:
    done = migrate("record", "-C", tree, "--format", "json", "--", *PYTEST, *tests)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def shadow(tree: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """The library's own tests on the original that ``record`` left, with every call made on both sides."""
    stage = tree / ".migrate/record/original"
    options = ("-p", "migrate.shadow", "--migrate-shadow", "--migrate-tree", str(tree), "-rf")
    return python(*PYTEST[1:], *options, *tests, folder=stage, path=f"{stage}{os.pathsep}{ROOT}")


def test_a_fault_is_found_by_the_library_s_own_calls(conv1d: Case, tmp_path: Path) -> None:
    """Recorded and replayed, and in the shadow of its tests; where the fault does not show, all is equal."""
    tests = ("tests", "-k", "forward_dtypes or update or states or rejections")
    tree = shutil.copytree(conv1d.tree, tmp_path / "tree", symlinks=True)
    recorded = {row["operator"]: row for row in record(tree, *tests)["operators"]}
    assert set(recorded) == {f"shortconv_cpu:{name}" for name in CONV1D}
    assert all(row["kept"] and not row["left_out"] for row in recorded.values())

    source = tree / "csrc/cpu/conv_fwd_cpu.cpp"
    text = source.read_text(encoding="utf-8")
    strided = "out[l * params.out_l_stride] = input_t(acc)"  # the first is conv_fwd's
    assert text.index(strided) < text.index("update_channel")
    source.write_text(text.replace(strided, "out[l] = input_t(acc)", 1), encoding="utf-8")
    done = migrate("test", "-C", tree, "--replay", "--format", "json", "shortconv_cpu")
    assert done.returncode == 1, done.stderr
    rows = {row["name"]: row for row in json.loads(done.stdout)["operators"]}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        name: "Different" if name == "conv_fwd" else "Equal" for name in CONV1D
    }
    for name in set(CONV1D) - {"conv_fwd"}:
        assert rows[name]["ran"] >= recorded[f"shortconv_cpu:{name}"]["kept"]
    assert "argument arg4 after the call" in rows["conv_fwd"]["worst"]  # pybind11 was given no names

    done = shadow(tree, *tests)
    assert done.returncode == 1, done.stdout + done.stderr
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    assert failed == re.findall(r"^FAILED (\S*::test_forward_dtypes\S*True\S*)", done.stdout, re.MULTILINE)
    assert len(failed) == 9
    assert "shortconv_cpu:conv_fwd differs\n  argument arg4 after the call: " in done.stdout
    assert re.search(r"element \d+ is \S+ in the original, \S+ in the migrated", done.stdout)


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["conv1d", "norm", "registry", "dispatcher"])
def test_own_tests_are_equal_replayed_and_shadowed(
    name: str, cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`make replay` keeps the figures; here with pytest-xdist, whose processes record side by side."""
    tree = case_of(name, cases, tmp_path_factory).tree
    assert record(tree, "-n", "2", "tests")["operators"]
    done = migrate("test", "-C", tree, "--replay", "--format", "json")
    verdicts = {row["verdict"] for row in json.loads(done.stdout)["operators"] if row["cases"]}
    assert verdicts == {"Equal"}
    done = shadow(tree, "-n", "2", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* calls compared, 0 differ$", done.stdout, re.MULTILINE)
