"""The current stream inside a launcher: a parameter, taken from the tensor whose device counts."""

from __future__ import annotations

from typing import Optional, Sequence

from migrate.model.launcher import StreamUse
from migrate.text.lexer import Token

_GETTERS = {
    "getCurrentCUDAStream": "cudaStream_t",
    "getCurrentHIPStream": "hipStream_t",
    "getCurrentHIPStreamMasqueradingAsCUDA": "hipStream_t",
}
PARAMETER = "env_stream"


def find_stream(tokens: Sequence[Token], tensors: Sequence[str]) -> Optional[StreamUse] | str:
    """Every read of the current stream, or None; a reason when a stream of another device is read."""
    edits: list[tuple[int, int, str]] = []
    holders: set[str] = set()
    for index, token in enumerate(tokens):
        if token.text not in _GETTERS:
            continue
        words = [t.text for t in tokens[index + 1 : index + 3]]
        if words != ["(", ")"]:
            return "it reads the stream of a device by index"
        start = _qualified_start(tokens, index)
        end = index + 2
        if [t.text for t in tokens[end + 1 : end + 5]] == [".", "stream", "(", ")"]:
            end += 4
        cast = f"static_cast<{_GETTERS[token.text]}>({PARAMETER})"
        edits.append((tokens[start].start, tokens[end].end, cast))
        if start >= 2 and tokens[start - 1].text == "=":
            holders.add(tokens[start - 2].text)
    if not edits:
        return None
    if not tensors:
        return "it launches without a tensor to take the stream from"
    for index, token in enumerate(tokens):
        words = [t.text for t in tokens[index + 1 : index + 5]]
        if token.text in holders and words == [".", "stream", "(", ")"]:
            edits.append((token.end, tokens[index + 4].end, ""))
    return StreamUse(_guarded_tensor(tokens, tensors) or tensors[0], tuple(edits))


def _qualified_start(tokens: Sequence[Token], index: int) -> int:
    start = index
    while start >= 2 and tokens[start - 1].text == "::" and tokens[start - 2].kind == "name":
        start -= 2
    if start >= 1 and tokens[start - 1].text == "::":
        start -= 1
    return start


def _guarded_tensor(tokens: Sequence[Token], tensors: Sequence[str]) -> Optional[str]:
    """The tensor a device guard was made from."""
    for index, token in enumerate(tokens):
        if token.kind == "name" and token.text.endswith(("Guard", "GuardMasqueradingAsCUDA")):
            for later in tokens[index + 1 : index + 16]:
                if later.text in tensors:
                    return later.text
    return None
