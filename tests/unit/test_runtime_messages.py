"""What a user reads where tvm-ffi is missing, too old, there twice, or lacks a symbol: one ImportError
with the next step. Each in a process of its own, on the generated ``_runtime`` and a library of a line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from migrate import __version__
from migrate.audit.shipments import installed_runtime
from migrate.render.buildfiles_requirements import OLDEST, REQUIREMENT
from migrate.render.contexts import RuntimeContext
from migrate.render.templates import render_template

# Without torch, which would take its second to be imported.
_PROGRAM = """\
import sys
sys.modules["torch"] = None
from pathlib import Path
{before}
try:
    from ops import _runtime
    {load}
except ImportError as error:
    print(error)
else:
    print("loaded")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    package = tmp_path / "site-packages" / "ops"
    package.mkdir(parents=True)
    context = RuntimeContext(__version__, "ops", REQUIREMENT, OLDEST)
    (package / "_runtime.py").write_text(render_template("_runtime.py.j2", context))
    (package / "__init__.py").write_text("")
    return package.parent


def message(site: Path, before: str = "", library: str = "") -> str:
    load = f"_runtime.load(Path({str(site / library)!r}))" if library else "pass"
    program = _PROGRAM.format(before=before, load=load)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{program}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def library(site: Path, source: str, *options: str) -> str:
    if shutil.which("gcc") is None:
        pytest.skip("not run: no gcc on this machine")
    (site / "lib.c").write_text(source)
    command = ["gcc", "-shared", "-fPIC", "lib.c", "-o", "ops.so", "-Wl,-z,now", *options]
    subprocess.run(command, cwd=site, check=True)
    return "ops.so"


def own() -> Path:
    runtime = installed_runtime()
    assert runtime is not None
    return Path(runtime.path)


def test_all_is_well(site: Path) -> None:
    name = library(site, "int TVMFFIGetVersion(void*); int f(void) { return TVMFFIGetVersion(0); }")
    assert message(site, library=name) == "loaded"
    assert message(site, "import tvm_ffi", name) == "loaded"


def test_the_runtime_is_missing(site: Path) -> None:
    said = message(site, 'sys.modules["tvm_ffi"] = None')
    assert said.startswith("ops needs the package apache-tvm-ffi, which this Python (")
    assert said.endswith(f"Install it: pip install '{REQUIREMENT}'")


def test_the_runtime_is_too_old(site: Path) -> None:
    (site / "tvm_ffi").mkdir()
    (site / "tvm_ffi" / "__init__.py").write_text('__version__ = "0.1.12.post1"\n')
    said = message(site)
    assert said.startswith("ops needs a newer apache-tvm-ffi than 0.1.12.post1")
    assert said.endswith(f"Install one: pip install '{REQUIREMENT}'")


def test_the_runtime_does_not_load(site: Path) -> None:
    (site / "tvm_ffi").mkdir()
    (site / "tvm_ffi" / "__init__.py").write_text("raise OSError('libtvm_ffi.so: file too short')\n")
    assert "which does not load: libtvm_ffi.so: file too short. Install it again" in message(site)


@pytest.mark.parametrize("name", ["libtvm_ffi.so", "libtvm_ffi-c33ef534.so"])
def test_another_runtime_is_loaded_already(site: Path, name: str) -> None:
    copy = site / "other.libs" / name
    copy.parent.mkdir()
    shutil.copy(own(), copy)
    said = message(site, f"import ctypes; ctypes.CDLL({str(copy)!r})")
    assert said.startswith(f"ops cannot be loaded: this process has loaded another libtvm_ffi, {copy}")
    assert "Import tvm_ffi before the package that brings it" in said
    assert said.endswith("auditwheel repair --exclude libtvm_ffi.so")


def test_the_package_that_brought_the_other_one_is_named(site: Path) -> None:
    copy = site / "other.libs" / "libtvm_ffi-c33ef534.so"
    for folder in (copy.parent, site / "other-2.0.dist-info"):
        folder.mkdir()
    shutil.copy(own(), copy)
    (site / "other-2.0.dist-info" / "METADATA").write_text("Name: other\nVersion: 2.0\n")
    (site / "other-2.0.dist-info" / "RECORD").write_text(f"other.libs/{copy.name},,\n")
    assert "(other 2.0), and two" in message(site, f"import ctypes; ctypes.CDLL({str(copy)!r})")


def test_its_own_wheel_was_repaired_with_a_copy(site: Path) -> None:
    (site / "ops.libs").mkdir()
    copy = site / "ops.libs" / "libtvm_ffi-c33ef534.so"
    shutil.copy(own(), copy)
    name = library(site, 'const char* needs = "libtvm_ffi-c33ef534.so";')
    assert f"asks for {copy}, a second libtvm_ffi. Build its wheel again" in message(site, library=name)


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        (
            "int TVMFFINew(void); int f(void) { return TVMFFINew(); }",
            (),
            "this tvm-ffi does not have TVMFFINew. Install a newer one: pip install -U apache-tvm-ffi",
        ),
        (
            "int helper(void); int f(void) { return helper(); }",
            (),
            "nothing has the symbol helper. Build the library again, with what is installed here",
        ),
        (
            "",
            ("-Wl,--no-as-needed", "./libnot_there.so"),
            "it needs libnot_there.so, which is not found. Install it, or name its folder in LD_LIBRARY_PATH",
        ),
    ],
)
def test_the_library_does_not_load(site: Path, source: str, options: tuple[str, ...], said: str) -> None:
    if options:
        empty = ["-Wl,-soname,libnot_there.so", "-xc", "/dev/null"]
        subprocess.run(["gcc", "-shared", "-o", "libnot_there.so", *empty], cwd=site, check=True)
    name = library(site, source, *options)
    for file in site.glob("libnot_there.so"):
        file.unlink()
    assert message(site, library=name) == f"ops cannot be loaded from {site / name}: {said}"
