"""``migrate report --html`` in a real browser: what a reviewer sees, finds and prints."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import Chromium, find_chromium

from migrate import pipeline, state
from migrate.model.source import Diagnostic
from migrate.model.verdicts import Verdict
from migrate.report.excerpts import Source
from migrate.report.page import review_to_html
from migrate.report.review import Review
from migrate.report.rows import OperatorRow, Report

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "templates" / "report").glob("*.js"))
PROGRAM = find_chromium()
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="not run: no Chromium (apt install chromium)")
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
VERDICTS = ("Equal", "Close", "Different", "Crashed")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_syntax(script: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("not run: no node")
    subprocess.run([node, "--check", script], check=True)


def made_up(count: int) -> Review:
    """A review of ``count`` operators in forty modules, all tiers, all verdicts, hostile texts."""
    tiers = ("raw", "view", "bridge", "manual", "ignored")
    hostile = "</script><script>throw 'run'</script> <b>&amp;"
    rows = tuple(
        OperatorRow(
            f"lib.m{n % 40}:op_{n}", "function", f"op_{n}", f"lib.m{n % 40}", "csrc/a.cu", n + 1,
            f"torch::Tensor op_{n}(const torch::Tensor & x, double eps)", tiers[n % 5], "syntax",
            "" if n % 5 == 0 else f"`x.mul` is torch compute {hostile}",
            () if n % 5 > 2 else ("csrc/a.cu", "csrc/ffi/a_ffi.cc", "lib/a/__init__.py"),
            ("MIG310",) if n % 3 == 0 else (),
        )
        for n in range(count)
    )  # fmt: skip
    said = tuple(
        Diagnostic("MIG310", "note", row.file, row.line, 1, f"no device guard {hostile}", "", row.id)
        for row in rows
        if row.diagnostics
    )
    verdicts = {
        row.id: Verdict(row.id, row.name, row.module, VERDICTS[n % 4], 100, 98, 4, f"case 7 {hostile}", "why")
        for n, row in enumerate(rows[: count // 2])
        if row.tier in ("raw", "view", "bridge")
    }
    cases = [
        {"case": f"float32 ({n}, 4096)", "original": 10.0 + n, "migrated": 9.0 + 2 * n} for n in range(4)
    ]
    line = "torch::Tensor op_{}(torch::Tensor x) {{ return x; }} // é " + hostile + "\n"
    before = "".join(line.format(n) for n in range(count))
    after = before.replace("torch::Tensor", "ffi_port::Tensor")
    adaptor = "".join(f"def op_{n}(x):\n    return _op_{n}(x)\n\n\n" for n in range(count))
    sources = {
        "csrc/a.cu": Source(before, after),
        "csrc/ffi/a_ffi.cc": Source(None, after.replace("op_", "shim_")),
        "lib/a/__init__.py": Source(None, adaptor),
    }
    bench = {rows[0].id: {"id": rows[0].id, "cases": cases}}
    return Review("made-up", Report(rows, (), said, ()), verdicts, bench, sources)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    assert PROGRAM is not None
    running = Chromium(PROGRAM)
    yield running
    running.close()


@pytest.fixture(autouse=True)
def no_complaint(request: pytest.FixtureRequest) -> Iterator[None]:
    """No error on the console, nothing asked of a network, in any test of this file."""
    yield
    if "browser" in request.fixturenames:
        browser: Chromium = request.getfixturevalue("browser")
        assert browser.complaints == []
        assert [url for url in browser.requests if not url.startswith(("file:", "about:"))] == []


def page_of(review: Review, folder: Path) -> Path:
    page = folder / "report.html"
    page.write_text(review_to_html(review), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(made_up(1000), tmp_path_factory.mktemp("thousand"))


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(made_up(60), tmp_path_factory.mktemp("sixty"))


@pytest.fixture(scope="module")
def fixture_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a fixture, migrated as it is: nothing of it is made up."""
    folder = tmp_path_factory.mktemp("conv1d")
    pipeline.migrate(pipeline.Request(ROOT / "fixtures" / "conv1d"), folder / "tree")
    return page_of(state.load_review(folder / "tree"), folder)


def links(browser: Chromium) -> list[str]:
    found: list[str] = browser.evaluate("[...document.querySelectorAll('#list a')].map((a) => a.dataset.id)")
    return found


def search(browser: Chromium, text: str) -> list[str]:
    browser.evaluate(f"query.value = {json.dumps(text)}; drawList()")
    return links(browser)


def every_operator_is_found(browser: Chromium, page: Path, most: float) -> None:
    browser.size(*SIZES["desk"])
    seconds = browser.open(page)
    assert seconds < most
    ids = browser.evaluate("DATA.operators.map((operator) => operator.id)")
    # In one go, in the page: a thousand searches by a person would take the afternoon.
    lost = browser.evaluate(
        "DATA.operators.filter((o) => (query.value = o.id, !found().includes(o))).map((o) => o.id)"
    )
    assert lost == []
    assert ids[-1] in search(browser, ids[-1])


@needs_browser
def test_a_thousand_operators(browser: Chromium, thousand: Path) -> None:
    every_operator_is_found(browser, thousand, 2.0)
    assert search(browser, "op_77 view m") == ["lib.m11:op_771", "lib.m16:op_776"]


@needs_browser
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["", "findings", "operators/lib.m0%3Aop_0", "operators/lib.m3%3Aop_3"])
def test_views(browser: Chromium, sixty: Path, view: str, size: str, colours: str) -> None:
    browser.size(*SIZES[size])
    browser.media(colours=colours)
    browser.open(sixty)
    browser.go(f"#/{view}")
    looks_right(browser)


def looks_right(browser: Chromium) -> None:
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
    assert browser.evaluate("main.innerText.length") > 200
    assert browser.evaluate("main.querySelectorAll('h1').length") == 1
    assert browser.evaluate(_OVERFLOWING) == []
    assert browser.evaluate(_PALE) == []
    assert browser.evaluate(_NAMELESS) == []
    assert colours_of(browser.screenshot()) > 30


# Elements whose text sticks out of the column they stand in.
_OVERFLOWING = """[...main.querySelectorAll("h1, h2, p, li, td, th, pre, dd")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".hidden"))
  .map((e) => e.outerHTML.slice(0, 200))"""
# Text with less contrast than WCAG AA asks for.
_PALE = """(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.fillStyle = "#fff"; canvas.fillRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const under = (e) => e ? [...under(e.parentElement), getComputedStyle(e).backgroundColor] : [];
  const known = new Map();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    if (e.closest(".hidden, .skip, option, script, style")) continue;
    const layers = under(e), ink = getComputedStyle(e).color, key = layers.join() + ink;
    if (known.has(key)) continue;
    const [a, b] = [light(paint(layers)), light(paint([...layers, ink]))].sort().reverse();
    known.set(key, (a + 0.05) / (b + 0.05) < 4.5 && `${e.tagName}.${e.className} ${ink} on ${layers.at(-1)}`);
  }
  return [...known.values()].filter(Boolean);
})()"""
# Controls that a screen reader could not name.
_NAMELESS = """[...document.querySelectorAll("button, a, input, select")]
  .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length))
  .map((e) => e.outerHTML)"""


def colours_of(png: bytes) -> int:
    """How many different byte values the picture's rows hold: one or two for an empty page."""
    data, position = b"", 8
    while position < len(png):
        size, kind = int.from_bytes(png[position : position + 4], "big"), png[position + 4 : position + 8]
        data += png[position + 8 : position + 8 + size] if kind == b"IDAT" else b""
        position += size + 12
    return len(set(zlib.decompress(data)))


@needs_browser
def test_an_operator_of_a_fixture(browser: Chromium, fixture_page: Path) -> None:
    browser.size(*SIZES["desk"])
    browser.open(fixture_page)
    first = browser.evaluate("DATA.operators.find((o) => o.sheets.some((s) => s.kind === 'source')).id")
    browser.go(f"#/operators/{first.replace(':', '%3A')}")
    looks_right(browser)
    kinds = browser.evaluate("[...main.querySelectorAll('.sheet')].map((e) => e.className.split('-')[1])")
    assert {"source", "shim", "adaptor"} <= set(kinds)
    assert browser.evaluate("main.querySelectorAll('td.removed, td.added').length") > 0
    text = "document.querySelector('.sheet-{}').innerText"
    assert "def " in browser.evaluate(text.format("adaptor"))
    assert "TVM_FFI_DLL_EXPORT_TYPED_FUNC" in browser.evaluate(text.format("shim"))
    lines = "main.querySelectorAll('.sheet-source tr').length"
    shown = browser.evaluate(lines)
    browser.evaluate("document.querySelectorAll('.sheet-source .fold button').forEach((b) => b.click())")
    assert browser.evaluate(lines) > shown


@needs_browser
def test_what_stands_on_an_operators_page(browser: Chromium, sixty: Path) -> None:
    browser.size(*SIZES["desk"])
    browser.open(sixty)
    browser.go("#/operators/lib.m0%3Aop_0")
    text = browser.evaluate("main.innerText")
    for wanted in ("Equal", "98 ran on both", "Worst case:", "float32 (3, 4096)", "MIG310", "</script>"):
        assert wanted in text
    assert browser.evaluate("document.querySelectorAll('.sheet-source .note').length") == 1, "in place"
    browser.go("#/operators/lib.m3%3Aop_3")
    assert "Why a human" in browser.evaluate("main.innerText")


@needs_browser
def test_filters(browser: Chromium, thousand: Path) -> None:
    browser.open(thousand)
    choose = "document.getElementById('filter-{}').value = {!r}; drawList()"
    browser.evaluate(choose.format("tier", "manual"))
    assert len(links(browser)) == 200
    browser.evaluate(choose.format("finding", "MIG310"))
    assert len(links(browser)) == 67
    browser.evaluate("document.getElementById('clear').click(); new Promise((done) => setTimeout(done, 20))")
    browser.evaluate(choose.format("verdict", "Crashed"))
    browser.evaluate(choose.format("module", "lib.m7"))
    assert links(browser) == [f"lib.m7:op_{n}" for n in range(7, 500, 40) if n % 5 < 3 and n % 4 == 3]


@needs_browser
def test_keys(browser: Chromium, thousand: Path) -> None:
    browser.open(thousand)
    focused = "document.activeElement.dataset.id ?? document.activeElement.id"
    browser.press("/")
    assert browser.evaluate(focused) == "query"
    search(browser, "op_12")
    browser.press("Escape")
    browser.evaluate("new Promise((done) => setTimeout(done, 20))")
    for key in ("j", "j", "k", "j"):
        browser.press(key)
    assert browser.evaluate(focused) == links(browser)[1]
    browser.press("Enter")
    browser.wait("main.querySelector('.operator h1')")
    assert browser.evaluate("main.querySelector('h1').innerText") == links(browser)[1].split(":")[1]
    browser.press("f")
    browser.wait("main.querySelector('.findings')")
    browser.press("?")
    assert browser.evaluate("document.getElementById('keys').open")


@needs_browser
def test_paper(browser: Chromium, fixture_page: Path) -> None:
    """Printed, the overview lists every operator, and an operator shows its sources."""
    browser.size(794, 1123)
    browser.open(fixture_page)
    browser.evaluate("beforePrint()")
    browser.media("print")
    names = browser.evaluate("DATA.operators.map((operator) => operator.name)")
    text = browser.evaluate("main.innerText")
    assert all(name in text for name in names)
    assert not browser.evaluate("document.querySelector('aside').checkVisibility()")
    assert browser.printed().startswith(b"%PDF")
    browser.media("screen")
    browser.evaluate("afterPrint()")


@pytest.mark.corpus
@needs_browser
@pytest.mark.parametrize("name", ["aiter", "DeepGEMM"])
def test_open_trees(browser: Chromium, name: str, tmp_path: Path) -> None:
    source = Path(os.environ.get("MIGRATE_CORPUS", "/nowhere")) / name
    if not source.is_dir():
        pytest.skip(f"not run: {name} is not under MIGRATE_CORPUS")
    pipeline.migrate(pipeline.Request(source, jobs=2), tmp_path / "tree")
    review = state.load_review(tmp_path / "tree")
    page = page_of(review, tmp_path)
    every_operator_is_found(browser, page, 2.0)
    for size in SIZES.values():
        browser.size(*size)
        for view in ("#/", "#/findings"):
            browser.go(view)
            looks_right(browser)
    # One operator of each tier and kind, with its sources unpacked.
    samples = {(row.tier, row.kind): row for row in review.report.operators}
    for row in samples.values():
        browser.go(f"#/operators/{browser.evaluate(f'encodeURIComponent({json.dumps(row.id)})')}")
        looks_right(browser)


def test_the_page_names_no_place_outside_itself() -> None:
    page = review_to_html(replace(made_up(3), title="x"))
    outside = ("src=", "@import", "url(", "<link", "fetch(", "XMLHttpRequest", "http://", "https://")
    assert [word for word in outside if word in page.replace("http://www.w3.org/2000/svg", "")] == []
