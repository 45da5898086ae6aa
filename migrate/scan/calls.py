"""Functions and methods a build script may call, as rows: dotted name -> what it does.

Each row gets the world and the evaluated arguments. A row that raises makes the result unknown.
"""

from __future__ import annotations

import itertools
import posixpath
from pathlib import PurePosixPath
from typing import Callable

from migrate.scan.values import UNKNOWN, Symbol, Unknown, Value, alternatives, flatten, lift
from migrate.scan.world import World


def _plain(function: Callable[..., Value]) -> Callable[..., Value]:
    def row(_world: World, *arguments: Value) -> Value:
        return lift(function, *arguments)

    return row


def _worldly(function: Callable[..., Value]) -> Callable[..., Value]:
    def row(world: World, *arguments: Value, **keywords: Value) -> Value:
        return lift(lambda *known: function(world, *known, **keywords), *arguments)

    return row


def _sequence(kind: Callable[..., Value]) -> Callable[..., Value]:
    """Rows that must see a list's unknown elements, and so are not lifted over them."""

    def row(_world: World, *arguments: Value, **_keywords: Value) -> Value:
        if len(arguments) > 1 or any(isinstance(one, Unknown) for one in arguments):
            return list(arguments)
        return kind(*arguments)

    return row


def _text(value: Value) -> str:
    if not isinstance(value, (str, PurePosixPath)):
        raise TypeError("not a path")
    return str(value)


def _join(*parts: Value) -> str:
    return posixpath.join(*map(_text, parts))


def _abspath(world: World, path: Value) -> str:
    return world.absolute(_text(path))


def _getenv(world: World, _name: Value, default: Value = None) -> Value:
    return default if world.environment else UNKNOWN


def _glob(world: World, pattern: Value, recursive: bool = False) -> list[str]:
    return world.glob(_text(pattern), recursive is True)


def _as_list(value: Value) -> list[Value]:
    return [one for choice in alternatives(value) for one in choice]


def _sorted(value: Value) -> list[Value]:
    return sorted(_as_list(value), key=str)


def _unique(*value: Value) -> list[Value]:
    return list(dict.fromkeys(_as_list(value[0]))) if value else []


def _map(world: World, function: Value, *sequences: Value) -> Value:
    row = FUNCTIONS.get(function.dotted) if isinstance(function, Symbol) else None
    if row is None:
        return UNKNOWN
    return [row(world, *values) for values in zip(*map(_as_list, sequences))]


def _dict(_world: World, *arguments: Value, **keywords: Value) -> Value:
    made = dict(arguments[0]) if arguments else {}
    made.update(keywords)
    return made


def _path(*parts: Value) -> PurePosixPath:
    return PurePosixPath(*map(_text, parts))


def _forget(_world: World, *_arguments: Value, **_keywords: Value) -> Value:
    return None


def _same(_world: World, value: Value, *_more: Value) -> Value:
    return value


_OS_PATH: dict[str, Callable[..., Value]] = {
    "join": _plain(_join),
    "dirname": _plain(lambda path: posixpath.dirname(_text(path))),
    "basename": _plain(lambda path: posixpath.basename(_text(path))),
    "splitext": _plain(lambda path: posixpath.splitext(_text(path))),
    "normpath": _plain(lambda path: posixpath.normpath(_text(path))),
    "abspath": _worldly(_abspath),
    "realpath": _worldly(_abspath),
    "expanduser": _same,
    "relpath": _worldly(
        lambda world, path, start=".": posixpath.relpath(_abspath(world, path), _abspath(world, start))
    ),
    "exists": _worldly(lambda world, path: world.exists(_text(path))),
    "isfile": _worldly(lambda world, path: world.is_file(_text(path))),
    "isdir": _worldly(lambda world, path: world.is_folder(_text(path))),
}

FUNCTIONS: dict[str, Callable[..., Value]] = {
    **{f"os.path.{name}": row for name, row in _OS_PATH.items()},
    **{f"posixpath.{name}": row for name, row in _OS_PATH.items()},
    "os.getcwd": lambda world: world.absolute("."),
    "os.fspath": _plain(_text),
    "os.getenv": _getenv,
    "os.environ.get": _getenv,
    "os.environ.setdefault": _getenv,
    "os.listdir": _worldly(lambda world, path=".": world.listdir(_text(path))),
    "os.walk": _worldly(lambda world, top: list(world.walk(_text(top)))),
    "glob.glob": _worldly(_glob),
    "glob.iglob": _worldly(_glob),
    "pathlib.Path": _plain(_path),
    "pathlib.PurePath": _plain(_path),
    "pathlib.PosixPath": _plain(_path),
    "pathlib.Path.cwd": lambda world: PurePosixPath(world.absolute(".")),
    "itertools.product": lambda _world, *values: list(itertools.product(*map(_as_list, values))),
    "itertools.chain": lambda _world, *values: [one for value in values for one in _as_list(value)],
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "builtins.str": _plain(str),
    "builtins.int": _plain(int),
    "builtins.bool": _plain(bool),
    "builtins.len": _plain(len),
    "builtins.any": _plain(any),
    "builtins.all": _plain(all),
    "builtins.range": _plain(lambda *bounds: list(range(*bounds)[:2_000])),
    "builtins.list": _sequence(lambda value=(): _as_list(value)),
    "builtins.tuple": _sequence(lambda value=(): tuple(_as_list(value))),
    "builtins.set": _sequence(_unique),
    "builtins.frozenset": _sequence(_unique),
    "builtins.sorted": _sequence(_sorted),
    "builtins.reversed": _sequence(lambda value: _as_list(value)[::-1]),
    "builtins.enumerate": _plain(lambda value: list(enumerate(value))),
    "builtins.zip": lambda _world, *values: list(zip(*map(_as_list, values))),
    "builtins.map": _map,
    "builtins.dict": _dict,
    "builtins.print": _forget,
    "warnings.warn": _forget,
}

_STR = frozenset(
    (
        "split rsplit splitlines join replace endswith startswith strip lstrip rstrip lower upper count "
        "find partition rpartition removeprefix removesuffix"
    ).split()
)
_DICT = frozenset(("get", "items", "keys", "values", "copy", "setdefault", "pop"))
_PATH = frozenset(("joinpath", "with_suffix", "with_name", "relative_to", "as_posix", "is_absolute"))


def call_method(world: World, owner: Value, name: str, arguments: tuple[Value, ...]) -> Value:
    """``owner.name(*arguments)`` for a known string, list, dict or path."""
    if isinstance(owner, list):
        return _list_method(owner, name, arguments)
    if isinstance(owner, dict):
        return _dict_method(owner, name, arguments)
    if isinstance(owner, PurePosixPath):
        return _path_method(world, owner, name, arguments)
    if name == "format" and isinstance(owner, str) and ":" not in owner:
        return lift(owner.format, *arguments)
    if isinstance(owner, str) and name in _STR:
        return lift(getattr(owner, name), *arguments)
    return UNKNOWN


def _list_method(owner: list[Value], name: str, arguments: tuple[Value, ...]) -> Value:
    argument = arguments[-1] if arguments else UNKNOWN
    if name in ("append", "insert", "add"):
        owner.append(argument)
    elif name in ("extend", "update"):
        owner.extend(argument if isinstance(argument, (list, tuple)) else [argument])
    elif name in ("remove", "discard"):
        owner[:] = [one for one in owner if one != argument]
    elif name == "copy":
        return list(owner)
    else:
        return UNKNOWN
    return None


def _dict_method(owner: dict[Value, Value], name: str, arguments: tuple[Value, ...]) -> Value:
    if name == "update":
        for argument in arguments:
            owner.update(argument if isinstance(argument, dict) else {})
        return None
    if name not in _DICT or not all(isinstance(one, (str, int, list, type(None))) for one in arguments):
        return UNKNOWN
    try:
        value = getattr(owner, name)(*arguments)
    except (KeyError, TypeError):  # the script would stop here, or our picture of the dict is not whole
        return UNKNOWN
    return list(value) if name in ("items", "keys", "values") else value


def _path_method(world: World, owner: PurePosixPath, name: str, arguments: tuple[Value, ...]) -> Value:
    if name in ("resolve", "absolute"):
        return PurePosixPath(world.absolute(str(owner)))
    if name in ("exists", "is_file", "is_dir"):
        test = {"exists": world.exists, "is_file": world.is_file, "is_dir": world.is_folder}[name]
        return test(str(owner))
    if name in ("glob", "rglob", "iterdir"):
        pattern = next((one for one in flatten(list(arguments)) if isinstance(one, str)), "*")
        below = owner / "**" / pattern if name == "rglob" else owner / pattern
        return [PurePosixPath(path) for path in world.glob(str(below), recursive=True)]
    if name in _PATH:
        return lift(getattr(owner, name), *arguments)
    return UNKNOWN
