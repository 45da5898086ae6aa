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

const micro = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Times of one operator, original over migrated, a pair of bars a case, on one scale. */
function timesPlot(rows, unit) {
  const most = Math.max(...rows.flatMap((row) => [row.original, row.migrated]));
  const bar = (value, side) =>
    h("span", { class: `time ${side}` }, h("i", { style: `width:${(100 * value) / most}%` }), h("span", {}, `${micro(value)} ${unit}`));
  return h(
    "table",
    { class: "times" },
    h("thead", {}, h("tr", {}, ["Case", "Original, migrated", "Change"].map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      rows.map((row) => {
        const change = (100 * (row.migrated - row.original)) / row.original;
        const verdict = change > 3 ? "slower" : change < -3 ? "faster" : "";
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, row.label),
          h("td", {}, bar(row.original, "original"), bar(row.migrated, "migrated")),
          h("td", { class: `change-of ${verdict}` }, `${change > 0 ? "+" : ""}${change.toFixed(1)} %`),
        );
      }),
    ),
  );
}
