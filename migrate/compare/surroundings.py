"""torch's switches as they were when a call was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

import torch

from migrate.compare.call import Call


def surrounded(call: Call) -> AbstractContextManager[None]:
    return _switched(call) if call.surroundings else nullcontext()


@contextmanager
def _switched(call: Call) -> Iterator[None]:
    switches = dict(call.surroundings)
    usual = torch.get_default_dtype()
    with ExitStack() as stack:
        if switches.get("inference"):
            stack.enter_context(torch.inference_mode())
        if switches.get("grad") is False:
            stack.enter_context(torch.no_grad())
        if "default dtype" in switches:
            torch.set_default_dtype(getattr(torch, str(switches["default dtype"])))
            stack.callback(torch.set_default_dtype, usual)
        yield
