"""The command line's promises: exit codes, clean streams, quiet ends. The rooms are stood in for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
import samples

from migrate import cli, pipeline
from migrate.console import guarded
from migrate.errors import WriteError
from migrate.model.plan import FileSet
from migrate.model.verdicts import Artifact, Artifacts, Verdict, Verdicts

ROOT = Path(__file__).resolve().parents[2]
VERBS = (
    *("scan", "run", "map"),
    *("build", "record", "test", "bench"),
    *("diff", "report", "status", "check", "retire"),
    *("wheel", "audit"),
    *("doctor", "explain"),
)


class Result:
    def __init__(self, code: Any, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def migrate(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """``migrate("scan", ...)`` in this process, as the installed command would run."""

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["migrate", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capfd.readouterr()
        return Result(end.value.code, out, err)

    return call


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Rooms that return what the test puts here."""
    norm = samples.operator("norm")
    values: dict[str, Any] = {"tier": "raw", "said": (), "files": FileSet({"csrc/a.cu": b"migrated\n"})}
    monkeypatch.setattr(pipeline, "scan", lambda *_: samples.project(*values["said"]))
    monkeypatch.setattr(pipeline, "parse", lambda *_: samples.model(norm))
    monkeypatch.setattr(pipeline, "plan", lambda *_: samples.plan({norm: values["tier"]}))
    monkeypatch.setattr(pipeline, "render", lambda *_: values["files"])
    source = tmp_path / "source"
    (source / "csrc").mkdir(parents=True)
    (source / "csrc" / "a.cu").write_bytes(b"original\n")
    values["source"], values["out"] = source, tmp_path / "out"
    return values


@pytest.mark.parametrize(
    ("tier", "said", "code"),
    [("raw", (), 0), ("manual", (), 1), ("raw", (samples.MANUAL,), 1), ("raw", (samples.ERROR,), 2)],
)
@pytest.mark.parametrize("verb", ["scan", "run"])
def test_exit_code(migrate: Any, rooms: Any, verb: str, tier: str, said: Any, code: int) -> None:
    rooms["tier"], rooms["said"] = tier, said
    more = ["--out", rooms["out"]] if verb == "run" else []
    assert migrate(verb, rooms["source"], *more).code == code


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_scan_prints_data_only_on_stdout(migrate: Any, rooms: Any, form: str) -> None:
    result = migrate("scan", rooms["source"], "--format", form, "--timings")
    assert json.loads(result.out)
    assert "total" in result.err


def test_scan_writes_nothing(migrate: Any, rooms: Any, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    migrate("scan", rooms["source"])
    assert sorted(tmp_path.rglob("*")) == before


def test_run_then_diff_and_status(migrate: Any, rooms: Any) -> None:
    rooms["tier"] = "manual"
    result = migrate("run", rooms["source"], "--out", rooms["out"])
    assert "1 manual" in result.out
    assert "1 files written" in result.err
    assert (rooms["source"] / "csrc/a.cu").read_bytes() == b"original\n"
    patch = migrate("diff", "-C", rooms["out"])
    assert patch.out.startswith("diff --git a/csrc/a.cu b/csrc/a.cu\n")
    assert "why manual" in patch.err
    assert patch.code == 1
    assert "norm" in migrate("status", "-C", rooms["out"]).out


def test_run_twice_is_byte_identical(migrate: Any, rooms: Any) -> None:
    migrate("run", rooms["source"], "--out", rooms["out"])
    first = {path: path.read_bytes() for path in rooms["out"].rglob("*") if path.is_file()}
    again = migrate("run", rooms["source"], "--out", rooms["out"])
    assert "0 files written" in again.err
    assert {path: path.read_bytes() for path in rooms["out"].rglob("*") if path.is_file()} == first


def test_a_hand_edit_is_kept_and_a_conflict_ends_with_1(migrate: Any, rooms: Any) -> None:
    migrate("run", rooms["source"], "--out", rooms["out"])
    (rooms["out"] / "csrc/a.cu").write_bytes(b"mine\n")
    result = migrate("run", rooms["source"], "--out", rooms["out"])
    assert result.code == 0
    assert "1 edited by hand" in result.err
    assert (rooms["out"] / "csrc/a.cu").read_bytes() == b"mine\n"
    assert "csrc/a.cu" in migrate("status", "-C", rooms["out"]).err
    rooms["files"] = FileSet({"csrc/a.cu": b"migrated again\n"})
    result = migrate("run", rooms["source"], "--out", rooms["out"])
    assert result.code == 1
    assert "MIG453" in result.out
    assert b"mine\n" in (rooms["out"] / "csrc/a.cu").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("scan",),
        ("scan", "/no/such/folder"),
        ("scan", ".", "--format", "html"),
        ("scan", ".", "--backend", "tpu"),
        ("run", "."),
        ("diff", "-C", "/no/such/folder"),
        ("status", "-C", "/no/such/folder"),
        ("check", "-C", "/no/such/folder"),
        ("build", "-C", "/no/such/folder"),
        ("test", "-C", "/no/such/folder"),
        ("explain", "MIG000"),
        ("audit",),
        ("wheel", "-C", "/no/such/folder"),
        ("wheel", "--backend", "tpu"),
        ("audit", "/no/such/library.so"),
        ("doctor", "--process", "4194999"),
    ],
)
def test_usage_ends_with_2_and_one_message(migrate: Any, arguments: tuple[str, ...]) -> None:
    result = migrate(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err
    assert "Traceback" not in result.err


def test_status_and_check_tell_a_stale_tree(migrate: Any, rooms: Any, tmp_path: Path) -> None:
    out = rooms["out"]
    migrate("run", rooms["source"], "--out", out)
    assert migrate("status", "-C", out).code == 0
    assert migrate("check", "-C", out).code == 0
    (rooms["source"] / "csrc/b.h").write_bytes(b"new upstream\n")
    stale = migrate("status", "-C", out)
    assert stale.code == 1
    assert "stale: 1 files" in stale.err
    assert f"migrate run {out / '../source'} --out {out}" in stale.err
    before = sorted((path, path.is_file() and path.read_bytes()) for path in out.rglob("*"))
    gate = migrate("check", "-C", out, "--format", "github")
    assert gate.code == 1
    assert gate.out == "::error file=csrc/b.h,line=1::run would rewrite it\n"
    assert json.loads(migrate("check", "-C", out, "--format", "json").out)["files"][0]["file"] == "csrc/b.h"
    assert sorted((path, path.is_file() and path.read_bytes()) for path in out.rglob("*")) == before
    migrate("run", rooms["source"], "--out", out)
    assert migrate("check", "-C", out).out == "up to date\n"
    rooms["source"].rename(tmp_path / "moved")
    assert "is gone" in migrate("status", "-C", out).err
    assert migrate("check", "-C", out).code == 2
    assert migrate("check", "-C", out, "--source", tmp_path / "moved").code == 0


def test_check_does_not_mind_what_a_human_has_to_do(migrate: Any, rooms: Any) -> None:
    rooms["tier"] = "manual"
    migrate("run", rooms["source"], "--out", rooms["out"])
    assert migrate("check", "-C", rooms["out"]).code == 0
    rooms["said"] = (samples.ERROR,)
    assert migrate("check", "-C", rooms["out"]).code == 2


def test_check_ends_with_1_while_a_conflict_is_open(migrate: Any, rooms: Any) -> None:
    migrate("run", rooms["source"], "--out", rooms["out"])
    (rooms["out"] / "csrc/a.cu").write_bytes(b"mine\n")
    rooms["files"] = FileSet({"csrc/a.cu": b"migrated again\n"})
    migrate("run", rooms["source"], "--out", rooms["out"])
    result = migrate("check", "-C", rooms["out"])
    assert result.code == 1
    assert "csrc/a.cu:1: MIG453" in result.out


def test_an_unknown_operator_is_named(migrate: Any, rooms: Any) -> None:
    migrate("run", rooms["source"], "--out", rooms["out"])
    result = migrate("diff", "-C", rooms["out"], "nrom")
    assert result.code == 2
    assert "Did you mean 'norm'" in result.err


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("Equal", "Close"), 0),
        (("Equal", "NotRun"), 1),
        (("Different",), 1),
        (("Crashed",), 1),
        ((), 1),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_test(
    migrate: Any, monkeypatch: pytest.MonkeyPatch, form: str, verdicts: tuple[str, ...], code: int
) -> None:
    items = tuple(Verdict(f"m.{n}", f"op{n}", "m", verdict, 100) for n, verdict in enumerate(verdicts))
    monkeypatch.setattr(pipeline, "compare_tree", lambda *_: Verdicts(items))
    result = migrate("test", "--format", form)
    assert result.code == code
    assert all(verdict in result.out for verdict in verdicts)


@pytest.mark.parametrize(("ok", "code"), [((True, True), 0), ((True, False), 1), ((), 1)])
def test_build(migrate: Any, monkeypatch: pytest.MonkeyPatch, ok: tuple[bool, ...], code: int) -> None:
    items = tuple(Artifact("m", "migrated", good, reason="" if good else "no nvcc") for good in ok)
    monkeypatch.setattr(pipeline, "build_tree", lambda *_: Artifacts(items))
    assert migrate("build").code == code


def test_verbs_that_exist_are_all_there_and_no_others() -> None:
    assert set(cli.commands.commands) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_has_help(verb: str) -> None:
    command = cli.commands.commands[verb]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{verb} {parameter.name}"


def test_help_states_the_exit_codes(migrate: Any) -> None:
    result = migrate("--help")
    assert result.code == 0
    assert "Exit codes: 0" in result.out


def raising(error: BaseException) -> Any:
    def command() -> NoReturn:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WriteError("no space", "make room"), 2),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ZeroDivisionError("x"), 2),
    ],
)
def test_failures_are_short(capfd: pytest.CaptureFixture[str], error: BaseException, code: int) -> None:
    with pytest.raises(SystemExit) as end:
        guarded(raising(error))
    assert end.value.code == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert 1 <= err.count("\n") <= 2


def command_line(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "migrate", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize("arguments", [("explain",), ("--help",), ("scan", "{tmp_path}")])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    process = command_line(*(argument.format(tmp_path=tmp_path) for argument in arguments))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_no_colours_into_a_pipe() -> None:
    process = command_line("doctor", env={**os.environ, "TERM": "xterm-256color", "FORCE_COLOR": "1"})
    out, err = process.communicate()
    assert b"\x1b" not in out + err


def test_interrupt_is_one_line() -> None:
    command = "lambda: (print('up', flush=True), time.sleep(60))"
    program = f"import time; from migrate.console import guarded; guarded({command})"
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.count(b"\n") == 1


def test_interrupted_workers_say_nothing() -> None:
    """Ctrl-C reaches the workers as well; only one process may speak."""
    program = (
        "import time, multiprocessing\n"
        "from migrate.console import guarded\n"
        "def work():\n"
        "    fork = multiprocessing.get_context('fork')\n"
        "    workers = [fork.Process(target=time.sleep, args=(60,)) for _ in 'ab']\n"
        "    [worker.start() for worker in workers]\n"
        "    time.sleep(0.5)  # a signal during the fork itself is lost to the worker\n"
        "    print('up', flush=True)\n"
        "    [worker.join() for worker in workers]\n"
        "guarded(work)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.count(b"\n") == 1
