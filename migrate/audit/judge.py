"""The verdicts: what a library asks for at load, against what each promise allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Callable, Optional

from migrate.audit import symbols
from migrate.model.binaries import Audit, Binary, Promise, Runtime, Shipment

_SHOWN = 3  # symbols named in a reason
_ANY_PYTHON = re.compile(r"py[\d.py]+-none-")
_HOME = re.compile(r"apache[-_]tvm[-_]ffi[- ]")  # the one package that may have a libtvm_ffi
_FIX_TAG = "build it with `migrate wheel`, which tags it py3-none"
_OWN_TOO = "two of them in one process end it: exclude libtvm_ffi.so when the wheel is repaired"


def judge(shipment: Shipment, runtime: Optional[Runtime]) -> Audit:
    copies = [] if _HOME.match(shipment.name) else [*_each(shipment, _second_copy), *_requirement(shipment)]
    promises = [
        _promise("any_python", "any Python", [*_each(shipment, _python), *_python_tag(shipment)]),
        _promise("any_torch", "any torch", _each(shipment, _torch)),
        _promise("one_tvm_ffi", "one tvm-ffi", copies),
        _installed(shipment, runtime),
    ]
    if shipment.tags:
        promises.append(_promise("tag", "tag fits content", _each(shipment, _misfit(shipment))))
    return Audit(shipment, tuple(promises), tuple(_each(shipment, _notes)) + tuple(_tag_notes(shipment)))


def _promise(id_: str, title: str, reasons: Sequence[str]) -> Promise:
    return Promise(id_, title, not reasons, tuple(reasons))


def _each(shipment: Shipment, look: Callable[[Binary], Iterator[str]]) -> list[str]:
    """Reasons per library, which is named where there are several."""
    several = len(shipment.binaries) > 1
    return [
        f"{binary.path}: {reason}" if several else reason
        for binary in shipment.binaries
        for reason in look(binary)
    ]


def _python(binary: Binary) -> Iterator[str]:
    yield from _asks(binary, "python", "Python")
    if any(name.startswith("PyInit_") for name in binary.defined):
        yield "is a Python extension module (PyInit_)"


def _torch(binary: Binary) -> Iterator[str]:
    yield from _asks(binary, "torch", "torch")


def _asks(binary: Binary, owner: str, whose: str) -> Iterator[str]:
    linked, wanted = symbols.needed(binary, owner), symbols.undefined(binary, owner)
    if linked:
        yield f"is linked to {', '.join(linked)}"
    if wanted:
        yield f"needs {_counted(wanted)} of {whose}"


def _counted(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > _SHOWN else ""
    return f"{len(names)} symbol{'s' * (len(names) > 1)} ({', '.join(names[:_SHOWN])}{more})"


def _python_tag(shipment: Shipment) -> Iterator[str]:
    """A tag that ties a library to one Python, though the library does not ask for it."""
    if any(list(_python(binary)) for binary in shipment.binaries):
        return  # then the tag is right
    tied = [tag for tag in shipment.tags if not _ANY_PYTHON.match(tag)]
    if tied and len(tied) == len(shipment.tags):
        yield f"the tag {tied[0]} ties it to one Python, and nothing in it needs that one: {_FIX_TAG}"


def _second_copy(binary: Binary) -> Iterator[str]:
    if symbols.is_runtime(binary):
        yield f"is a copy of libtvm_ffi: {_OWN_TOO}"
        return
    for name in symbols.needed(binary, "tvm_ffi"):
        if name != "libtvm_ffi.so":
            yield f"is linked to {name}, a renamed copy: {_OWN_TOO}"


def _requirement(shipment: Shipment) -> Iterator[str]:
    uses = shipment.tags and any(symbols.uses_runtime(binary) for binary in shipment.binaries)
    if uses and _tvm_ffi_requirement(shipment) is None:
        yield "it does not require apache-tvm-ffi, which has the one libtvm_ffi.so: add the requirement"


def _tvm_ffi_requirement(shipment: Shipment) -> Optional[str]:
    return next((row for row in shipment.requires if re.match(r"apache[-_.]tvm[-_.]ffi\b", row, re.I)), None)


def _installed(shipment: Shipment, runtime: Optional[Runtime]) -> Promise:
    """Whether it loads with the tvm-ffi of this environment."""
    id_, title = "installed_tvm_ffi", "installed tvm-ffi"
    users = [binary for binary in shipment.binaries if symbols.uses_runtime(binary)]
    if runtime is None and users:
        return Promise(id_, title, None, ("apache-tvm-ffi is not installed here: install it and ask again",))

    beside = {name for binary in shipment.binaries for name in binary.defined}
    exported = beside | (runtime.exported if runtime is not None else frozenset())

    def lacking(binary: Binary) -> Iterator[str]:
        wanted = symbols.undefined(binary, "tvm_ffi") if binary in users else ()
        missing = [name for name in wanted if name not in exported]
        if missing and runtime is not None:
            yield (
                f"needs {_counted(missing)} that apache-tvm-ffi {runtime.version} lacks: "
                "install a newer apache-tvm-ffi, or build against this one"
            )

    return _promise(id_, title, _each(shipment, lacking))


def _misfit(shipment: Shipment) -> Callable[[Binary], Iterator[str]]:
    """What a library is, against what the wheel's tags say it is."""
    tags = [tag.split("-") for tag in shipment.tags if tag.count("-") == 2]
    platforms = [tag[2] for tag in tags]

    def look(binary: Binary) -> Iterator[str]:
        if shipment.pure:
            yield "is compiled, and the wheel says that it is pure Python: wheel.platlib = true"
        if "any" in platforms:
            yield f"runs on {binary.machine} only, and the tag says any platform"
        elif not any(platform.endswith(binary.machine) for platform in platforms):
            yield f"runs on {binary.machine}, and the tag says {', '.join(platforms)}"
        if any(_ANY_PYTHON.match(tag) for tag in shipment.tags) and list(_python(binary)):
            yield "needs one Python's interface, and the tag says any Python"
        lowest = symbols.lowest_glibc(binary)
        for promised in filter(None, map(_glibc_of, platforms)):
            if lowest is not None and lowest > promised:
                said, wanted = _dotted(promised), _dotted(lowest)
                yield f"needs glibc {wanted}, and the tag says {said}: build it in the image of that tag"

    return look


_OLD_TAGS = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}


def _glibc_of(platform: str) -> Optional[tuple[int, ...]]:
    found = re.match(r"manylinux_(\d+)_(\d+)_", platform)
    if found:
        return int(found.group(1)), int(found.group(2))
    return _OLD_TAGS.get(platform.partition("_")[0])


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _notes(binary: Binary) -> Iterator[str]:
    if symbols.registers_with_dispatcher(binary) and not list(_python(binary)):
        yield "free of Python already: it registers its operators with torch's dispatcher"
    if symbols.uses_runtime(binary) and not binary.binds_now:
        yield "bound lazily: a missing symbol ends the process during a call; link it with -Wl,-z,now"
    for folder in binary.rpath:
        if not folder.startswith("$ORIGIN"):
            yield f"its RPATH names a folder of the machine that built it: {folder}"


def _tag_notes(shipment: Shipment) -> Iterator[str]:
    if shipment.tags and all("-linux_" in tag for tag in shipment.tags):
        yield (
            "an index refuses the tag linux: retag the wheel with "
            "`auditwheel repair --exclude libtvm_ffi.so`, in an old enough image"
        )
    row = _tvm_ffi_requirement(shipment)
    if row is not None and not re.search(r"<|==|~=", row):
        yield f"its requirement {row} has no upper bound: tvm-ffi may change its ABI in 0.2"
