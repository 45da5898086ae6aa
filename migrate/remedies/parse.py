"""What to do about findings of the parser (MIG200 to MIG299)."""

from __future__ import annotations

from migrate.remedies.remedy import Remedy

REMEDIES: dict[str, Remedy] = {
    "MIG201": Remedy(
        "hours",
        "Halve the file until it is small and still fails, and report it. Until then `[[ignore]]` its "
        "operators in migrate.toml: they stay with their original binding.",
    ),
    "MIG202": Remedy(
        "minutes",
        "Compile the file as your build does, with the same defines. A list of registrations with an "
        "error in "
        "it cannot be trusted, so nothing after the error is counted as found.",
        before='PYBIND11_MODULE(ops, m) {\n  m.def("twice", &twice;\n}',
        after='PYBIND11_MODULE(ops, m) {\n  m.def("twice", &twice);\n}',
    ),
    "MIG210": Remedy(
        "minutes",
        "Register a named function under a literal name. A loop over names becomes one `m.def` a name; a "
        "function out of a macro or a table becomes a small function of its own.",
        before="for (auto name : names) m.def(name, &twice);",
        after='m.def("twice", &twice);\nm.def("double_", &twice);',
    ),
    "MIG211": Remedy(
        "minutes",
        "Add the source with the body to the tree or to the extension's sources. Where it comes out of a "
        "generator, run the generator first; where it lies in a closed library, the operator stays with its "
        "original binding.",
        before="at::Tensor twice(at::Tensor x);   // defined in libkernels.a",
        after="at::Tensor twice(at::Tensor x) { ... }   // in csrc/twice.cu",
    ),
    "MIG212": Remedy(
        "minutes",
        "Put the missing header into the tree, or its folder on the include path of the build file; or give "
        "the name a row in migrate.toml. The operator works meanwhile, with libtorch.",
        before="at::Tensor f(at::Tensor x) { return my::scale(x); }   // my/scale.h is not in the tree",
        after='[[name]]\nname = "my::scale"\ndeclare = "namespace my { at::Tensor scale(at::Tensor); }"',
    ),
    "MIG213": Remedy(
        "minutes",
        "Scan once more with the macro that the message names, or for the other backend. Code that no build "
        "includes can be deleted.",
        before='#ifdef WITH_FP8\n  m.def("quant_fp8", &quant_fp8);\n#endif',
        after="migrate scan . --define WITH_FP8",
    ),
    "MIG214": Remedy(
        "minutes",
        "Scan for the other backend as well, and compare the two outcomes. Where both backends share the "
        "file, migrate the one with more branches first.",
        before="#ifdef USE_ROCM\n  x = x.contiguous();\n#endif",
        after="migrate scan . --backend hip",
    ),
    "MIG215": Remedy(
        "minutes",
        "Find out who builds with that macro. If nobody does, delete the branch; else pass `--define`.",
        before="#ifdef OLD_TORCH\n  auto t = x.type();\n#endif",
        after="",
    ),
    "MIG220": Remedy(
        "minutes",
        "Call the function that registers it from PYBIND11_MODULE, or delete it. It is in the report's list "
        "of dead registrations either way.",
        before='void register_old(py::module& m) { m.def("old", &old); }   // called by no one',
        after="PYBIND11_MODULE(ops, m) { register_old(m); }",
    ),
    "MIG221": Remedy(
        "hours",
        "Leave it: the module that serves it stays as it was. To be rid of pybind11, write the class in "
        "Python over functions that take an opaque handle, or over a tvm-ffi object.",
        before='py::class_<Buffer>(m, "Buffer").def(py::init<int>()).def("read", &Buffer::read);',
        after='m.def("buffer_new", &buffer_new);\nm.def("buffer_read", &buffer_read);   // class Buffer '
        "in Python",
    ),
}
