"""What to do about findings of the planner (MIG300 to MIG399)."""

from __future__ import annotations

from migrate.remedies.remedy import Remedy

REMEDIES: dict[str, Remedy] = {
    "MIG301": Remedy(
        "hours",
        "The message names the construct. Move it out of the bound function: a Python object becomes plain "
        "values in the adaptor, a type without a counterpart becomes a list or an optional, mutable state "
        "that several operators share is migrated with all of them. Or leave it: the adaptor calls the "
        "original.",
        before="at::Tensor f(at::Tensor x, py::object config) {\n  return scale(x, "
        'config.attr("eps").cast<double>());\n}',
        after="at::Tensor f(at::Tensor x, double eps) { return scale(x, eps); }   // eps taken in Python",
    ),
    "MIG302": Remedy(
        "hours",
        "Compile the migrated file named in the message: `migrate build -C DIR OP`. If the original holds a "
        "construct that no rule knows, give it a row in migrate.toml; else report it, with the file.",
    ),
    "MIG303": Remedy(
        "minutes",
        "If something outside this tree calls it, move it to a file of its own before the migration. Else "
        "delete it.",
        before="static at::Tensor unused_reference(at::Tensor x) { return at::softmax(x, -1); }",
        after="",
    ),
    "MIG310": Remedy(
        "minutes",
        "After the migration, in a commit of its own, guard the device of the tensor that the kernel works "
        "on. Until then the caller has to set the device, as before.",
        before="void scale(at::Tensor x) {\n  scale_kernel<<<grid, block, 0, "
        "stream>>>(x.data_ptr<float>());\n}",
        after="void scale(at::Tensor x) {\n  const at::cuda::OptionalCUDAGuard guard(x.device());\n"
        "  scale_kernel<<<grid, block, 0, stream>>>(x.data_ptr<float>());\n}",
    ),
    "MIG311": Remedy(
        "minutes",
        "In a commit of its own, launch on torch's current stream. Work on the default stream is not ordered "
        "with side streams and cannot be captured in a graph.",
        before="scale_kernel<<<grid, block>>>(x.data_ptr<float>());",
        after="scale_kernel<<<grid, block, 0, at::cuda::getCurrentCUDAStream()>>>(x.data_ptr<float>());",
    ),
    "MIG312": Remedy(
        "minutes",
        "Find the operand that was meant and write it. The stricter check may refuse calls that passed until "
        "now, so it belongs in a commit of its own.",
        before="TORCH_CHECK(x.size(0) == x.size(0));",
        after="TORCH_CHECK(x.size(0) == y.size(0));",
    ),
    "MIG320": Remedy(
        "minutes",
        "Build and test the operator on a machine that has these headers; `verified` then becomes "
        "`compiled`. "
        "Or put the headers on the include path of the build file and scan again.",
        before="#include <cutlass/gemm/device/gemm.h>   // in no folder of the tree",
        after="git submodule update --init",
    ),
    "MIG321": Remedy(
        "none",
        "Nothing has to be done under torch. For another host, give the library a service `compute(name, "
        "arguments, keywords)` through `__ffi_port_set_host`; or replace the operation by a kernel.",
        before="return parts.sum(0);   // split-K parts of the kernel above",
        after="launch_sum_of_parts(parts, out); return out;",
    ),
    "MIG330": Remedy(
        "none",
        "Nothing has to be done: the library loads without pybind11 in every Python. To leave torch as well, "
        "replace what the message names by a kernel, or give it a row in migrate.toml.",
        before="at::Tensor f(const at::Tensor& x) { return at::softmax(x, -1); }",
        after="at::Tensor f(const at::Tensor& x) { auto y = at::empty_like(x); launch_softmax(x, y); "
        "return y; }",
    ),
    "MIG399": Remedy(
        "no equivalent",
        "There is nothing to do in your tree. Report it with the file; `[[ignore]]` of the operator lets the "
        "others go on.",
    ),
}
