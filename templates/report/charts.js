// Pictures of counts and of times. Each has its numbers as text beside it.

const TIERS = ["raw", "view", "bridge", "manual", "ignored"];
const VERDICTS = ["Equal", "Close", "Different", "Crashed", "NotRun"];
const TIER_MEANING = {
  raw: "free of torch; launcher with raw pointers",
  view: "free of torch; launcher with views",
  bridge: "keeps libtorch, leaves pybind11",
  manual: "needs a human; the old binding serves it",
  ignored: "left alone on your word",
};
const VERDICT_LABEL = { Equal: "Equal", Close: "Close", Different: "Different", Crashed: "Crashed", NotRun: "not run" };

/** A stacked bar; `counts` maps names to numbers, in order. */
function stackedBar(counts, kind, label) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const text = parts.map(([name, count]) => `${count} ${VERDICT_LABEL[name] ?? name}`).join(", ") || "none";
  return h(
    "span",
    { class: "stack", role: "img", "aria-label": `${label}: ${text}`, title: text },
    parts.map(([name, count]) => h("span", { class: `${kind}-${name}`, style: `flex-grow:${count}` })),
    total === 0 && h("span", { class: "stack-none" }),
  );
}

function legend(counts, kind, meaning = {}) {
  return h(
    "ul",
    { class: "legend" },
    Object.entries(counts).map(([name, count]) =>
      h(
        "li",
        { class: count ? null : "zero" },
        h("span", { class: `swatch ${kind}-${name}` }),
        h("b", {}, String(count)),
        " ",
        VERDICT_LABEL[name] ?? name,
        meaning[name] && h("small", {}, meaning[name]),
      ),
    ),
  );
}

function countBy(items, names, key) {
  const counts = Object.fromEntries(names.map((name) => [name, 0]));
  for (const item of items) if (key(item) in counts) counts[key(item)] += 1;
  return counts;
}

const UNITS = { us: "µs", s: "s", bytes: "B", "": "" };

/** `12.3 µs`, `1.7 s`, `1.02 MB`. */
function quantity(value, unit) {
  if (unit === "bytes") {
    const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), 3);
    return `${(value / 1000 ** power).toPrecision(3)} ${["B", "kB", "MB", "GB"][power]}`;
  }
  return `${value >= 100 || unit === "" ? Math.round(value) : value.toPrecision(3)} ${UNITS[unit] ?? unit}`;
}

/** How much larger or smaller the migrated side is, in words that fit its size. */
function change({ original, migrated, unit }) {
  if (original <= 0 || migrated <= 0) return ["", ""];
  const ratio = original / migrated;
  if (ratio >= 1.5) return [`${ratio.toFixed(1)}× less`, "better"];
  const percent = 100 * (migrated / original - 1);
  const style = Math.abs(percent) <= 3 || unit === "" ? "" : percent > 0 ? "worse" : "better";
  return [`${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`, style];
}

/** Measurements of both sides: a pair of bars each, the longer one as long as the column. */
function measuresTable(measures) {
  const bar = (value, most, side, unit) =>
    h("span", { class: `time ${side}` }, h("i", { style: `width:${(100 * value) / most}%` }), h("span", {}, quantity(value, unit)));
  const row = (measure) => {
    const head = h("th", { scope: "row" }, measure.what, measure.detail && h("small", {}, measure.detail));
    if (measure.original == null || measure.migrated == null) {
      return h("tr", {}, head, h("td", { colspan: 2, class: "warning" }, h("b", {}, measure.reason || "not run")));
    }
    const most = Math.max(measure.original, measure.migrated, Number.MIN_VALUE);
    const [text, style] = change(measure);
    return h(
      "tr",
      {},
      head,
      h("td", {}, bar(measure.original, most, "original", measure.unit), bar(measure.migrated, most, "migrated", measure.unit)),
      h("td", { class: `change-of ${style}` }, text),
    );
  };
  const heads = ["What", "Original, migrated", "Change"];
  return h(
    "table",
    { class: "times" },
    h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, measures.map(row)),
  );
}
