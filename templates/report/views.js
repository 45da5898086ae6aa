// The three views. Each is a function from the data to an element.

function tierChip(tier) {
  return h("span", { class: `chip tier-${tier}`, title: TIER_MEANING[tier] }, tier);
}

function verdictChip(verdict) {
  return verdict && h("span", { class: `chip verdict-${verdict}` }, VERDICT_LABEL[verdict]);
}

function severityChip(severity) {
  const meaning = { note: "for information", manual: "needs a human", error: "not processed" };
  return h("span", { class: `chip severity-${severity}`, title: meaning[severity] }, severity);
}

function findingLink(id) {
  return h("a", { class: "id", href: `#/findings/${id}`, title: DATA.codes[id]?.title }, id);
}

const operatorHref = (operator) => `#/operators/${encodeURIComponent(operator.id)}`;
const titleOf = (operator) => operator.name || "(unnamed)";
const place = (item) => h("span", { class: "place" }, `${item.file}:${item.line}`);

// --- overview ---

function overview() {
  const functions = DATA.operators.filter((operator) => operator.kind === "function");
  const tiers = countBy(functions, TIERS, (operator) => operator.tier);
  const free = tiers.raw + tiers.view;
  return h(
    "article",
    { class: "overview" },
    h("h1", {}, plural(functions.length, "operator"), ": ", headline(tiers, free)),
    h(
      "section",
      { class: "accounts", "aria-label": "Accounts" },
      h("div", {}, h("h2", {}, "How far they get"), stackedBar(tiers, "tier", "Tiers"), legend(tiers, "tier", TIER_MEANING)),
      h("div", {}, h("h2", {}, "What was proved"), stackedBar(DATA.proof, "verdict", "Verdicts"), legend(DATA.proof, "verdict"), proofNote()),
    ),
    needsHuman(),
    modulesTable(),
    findingsSummary(),
  );
}

function headline(tiers, free) {
  const parts = [
    free && `${free} leave torch`,
    tiers.bridge && `${tiers.bridge} keep libtorch`,
    tiers.manual && `${tiers.manual} need a human`,
    tiers.ignored && `${tiers.ignored} ignored`,
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "nothing registered";
}

function proofNote() {
  if (!DATA.proof.NotRun) return null;
  return h("p", { class: "warning" }, h("b", {}, `${plural(DATA.proof.NotRun, "operator")} not run.`), " Nothing is known of them until ", h("code", {}, "migrate test"), " has compared both sides.");
}

function needsHuman() {
  const look = DATA.operators.filter(
    (operator) => operator.tier === "manual" || ["Different", "Crashed"].includes(operator.outcome),
  );
  if (!look.length) return null;
  const groups = groupBy(look, (operator) => reasonOf(operator));
  return h(
    "section",
    {},
    h("h2", {}, `To look at (${look.length})`),
    h(
      "ul",
      { class: "look" },
      [...groups].map(([reason, operators]) =>
        h(
          "li",
          {},
          h("p", {}, prose(sentence(reason))),
          h("p", { class: "names" }, operators.map((operator) => [h("a", { href: operatorHref(operator) }, titleOf(operator)), " "])),
        ),
      ),
    ),
  );
}

function reasonOf(operator) {
  if (["Different", "Crashed"].includes(operator.outcome)) {
    return [operator.outcome, operator.verdict.worst, operator.verdict.reason].filter(Boolean).join(": ");
  }
  return operator.reason || "no reason was given";
}

function modulesTable() {
  const modules = groupBy(DATA.operators, (operator) => operator.module);
  const body = [...modules].map(([module, operators]) => {
    const functions = operators.filter((operator) => operator.kind === "function");
    const tiers = countBy(functions, TIERS, (operator) => operator.tier);
    const verdicts = countBy(operators, VERDICTS, (operator) => operator.outcome);
    const findings = new Set(operators.flatMap((operator) => operator.diagnostics));
    const show = () => setFilters({ module });
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: show, title: "Show its operators in the list" }, module)),
      h("td", { class: "figure" }, String(functions.length)),
      h("td", { class: "picture" }, stackedBar(tiers, "tier", `Tiers of ${module}`)),
      h("td", { class: "picture" }, stackedBar(verdicts, "verdict", `Verdicts of ${module}`)),
      h("td", {}, [...findings].sort().map((id) => [findingLink(id), " "])),
    );
  });
  const heads = ["Module", "Operators", "Tiers", "Verdicts", "Findings"];
  return h(
    "section",
    {},
    h("h2", {}, `Modules (${modules.size})`),
    h("table", { class: "modules" }, h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, body)),
  );
}

function findingsSummary() {
  const groups = findingGroups();
  if (!groups.length) return null;
  return h(
    "section",
    {},
    h("h2", {}, `Findings (${DATA.diagnostics.length})`),
    h("ul", { class: "findings-short" }, groups.map(({ id, severity, items }) => h("li", {}, severityChip(severity), " ", findingLink(id), " ", DATA.codes[id]?.title ?? "", h("b", {}, String(items.length))))),
  );
}

/** Every operator in one table, for paper. */
function operatorsTable() {
  const heads = ["Operator", "Module", "Tier", "Verdict", "Findings"];
  return h(
    "section",
    { class: "paper" },
    h("h2", {}, "Operators"),
    h(
      "table",
      { class: "modules" },
      h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
      h(
        "tbody",
        {},
        DATA.operators.map((operator) =>
          h("tr", {}, h("th", { scope: "row" }, titleOf(operator)), h("td", {}, operator.module), h("td", {}, operator.tier), h("td", {}, VERDICT_LABEL[operator.outcome] ?? ""), h("td", {}, operator.diagnostics.join(" "))),
        ),
      ),
    ),
  );
}

// --- findings ---

function findingGroups() {
  const gravity = ["error", "manual", "note"];
  const groups = [...groupBy(DATA.diagnostics, (item) => `${item.id} ${item.severity}`).values()];
  return groups
    .map((items) => ({ id: items[0].id, severity: items[0].severity, items }))
    .sort((a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity) || a.id.localeCompare(b.id));
}

function findings() {
  const groups = findingGroups();
  return h(
    "article",
    { class: "findings" },
    h("h1", {}, groups.length ? `${plural(DATA.diagnostics.length, "finding")} of ${plural(groups.length, "kind")}` : "No findings"),
    groups.map(({ id, severity, items }) => {
      const code = DATA.codes[id] ?? {};
      const facts = [
        ["Why", code.cause],
        ["What to do", code.hint],
        ["By hand", code.by_hand],
        ["Effort", code.effort],
      ].filter(([, text]) => text);
      return h(
        "section",
        { id: `finding-${id}`, tabindex: "-1" },
        h("h2", {}, severityChip(severity), " ", h("span", { class: "id" }, id), " ", sentence(code.title).replace(/\.$/, "")),
        facts.length > 0 && h("dl", { class: "facts" }, facts.map(([name, text]) => [h("dt", {}, name), h("dd", {}, prose(sentence(text)))])),
        h("ul", { class: "places" }, items.map(findingItem)),
      );
    }),
  );
}

function findingItem(item) {
  const operator = item.operator && BY_ID.get(item.operator);
  return h("li", {}, place(item), operator && [" ", h("a", { href: operatorHref(operator) }, titleOf(operator))], h("p", {}, prose(sentence(item.message))));
}

// --- one operator ---

function operatorView(operator) {
  const own = DATA.diagnostics.filter((item) => item.operator === operator.id);
  return h(
    "article",
    { class: "operator" },
    h("p", { class: "crumb" }, operator.module, operator.kind === "function" ? null : ` · ${operator.kind}`),
    h("h1", {}, titleOf(operator)),
    h("p", { class: "chips" }, tierChip(operator.tier), verdictChip(operator.outcome), h("span", { class: "meaning" }, TIER_MEANING[operator.tier]), place(operator)),
    operator.signature && h("pre", { class: "signature" }, drawLine(highlight(operator.signature, "cpp")[0])),
    operator.reason && h("p", { class: "reason" }, h("b", {}, operator.tier === "manual" ? "Why a human: " : "Why not further: "), prose(sentence(operator.reason))),
    h("div", { class: "evidence" }, proofSection(operator), timesSection(operator)),
    own.length > 0 && h("section", {}, h("h2", {}, `Findings (${own.length})`), h("ul", { class: "places" }, own.map((item) => h("li", {}, severityChip(item.severity), " ", findingLink(item.id), " ", place(item), h("p", {}, prose(sentence(item.message)), item.hint && h("span", { class: "hint" }, " ", prose(sentence(item.hint)))))))),
    operator.sheets.map((sheet) => sheetSection(sheet, operator)),
  );
}

function proofSection(operator) {
  const verdict = operator.verdict;
  if (!verdict) {
    if (!operator.outcome) return null;
    return h("section", {}, h("h2", {}, "Proof"), h("p", { class: "warning" }, h("b", {}, "Not run."), " ", h("code", {}, `migrate test ${operator.id}`), " compares it with its original."));
  }
  const figures = [
    ["cases", verdict.cases],
    ["ran on both sides", verdict.ran],
    ["raised the same", verdict.raised_both],
  ];
  return h(
    "section",
    {},
    h("h2", {}, "Proof"),
    h("p", { class: "figures" }, verdictChip(verdict.verdict), figures.map(([name, count]) => h("span", {}, h("b", {}, String(count)), ` ${name}`))),
    verdict.worst && h("p", {}, h("b", {}, "Worst case: "), h("code", {}, verdict.worst)),
    verdict.reason && h("p", {}, prose(sentence(verdict.reason))),
  );
}

function timesSection(operator) {
  const rows = operator.times;
  if (!rows?.length) return null;
  return h("section", {}, h("h2", {}, "Time of a call"), timesPlot(rows, "µs"));
}

const SHEET_TITLES = {
  source: "Source",
  header: "Launcher header",
  shim: "Shim",
  adaptor: "Python adaptor",
  binding: "Registration",
};

function sheetSection(sheet, operator) {
  const box = h("div", { class: "sheet-body", "aria-busy": "true" }, h("p", { class: "loading" }, "…"));
  const section = h("section", { class: `sheet sheet-${sheet.kind}` }, sheetHead(sheet), box);
  drawSheet(sheet, operator).then(
    (drawn) => box.replaceChildren(...[drawn].flat()),
    (error) => box.replaceChildren(h("p", { class: "warning" }, `This browser cannot unpack the source: ${error.message}`)),
  ).finally(() => box.removeAttribute("aria-busy"));
  return section;
}

function sheetHead(sheet) {
  const paths = [...new Set([...sheet.before, ...sheet.after].map((item) => item.path))];
  const changes = sheet.kind === "source" ? DATA.diffs[sheet.after[0].path].changes : null;
  const removed = changes?.reduce((sum, [i, j]) => sum + j - i, 0);
  const added = changes?.reduce((sum, [, , k, l]) => sum + l - k, 0);
  return h(
    "h2",
    {},
    h("span", {}, SHEET_TITLES[sheet.kind]),
    h("span", { class: "paths" }, paths.map((path, index) => [index > 0 && h("span", { class: "arrow" }, " → "), h("code", {}, path)])),
    changes && h("span", { class: "delta", title: "lines of the whole file" }, h("span", { class: "plus" }, `+${added}`), " ", h("span", { class: "minus" }, `−${removed}`)),
  );
}

/** Findings to show in an original: the operator's own, and those of no operator. */
function notesIn(path, operator) {
  return DATA.diagnostics.filter((item) => item.file === path && (item.operator === operator.id || !item.operator));
}

async function drawSheet(sheet, operator) {
  if (sheet.kind === "source") {
    const [before, after] = [sheet.before[0], sheet.after[0]];
    return drawComparison(before, after, DATA.diffs[after.path].changes, notesIn(before.path, operator));
  }
  const draw = (item) => drawAlone(item, item.side === "before" ? notesIn(item.path, operator) : []);
  const sides = await Promise.all([sheet.before, sheet.after].map((places) => Promise.all(places.map(draw))));
  if (!sides[0].length || !sides[1].length) return sides.flat();
  return h("div", { class: "panes" }, sides.map((tables, index) => h("div", {}, h("h3", {}, index ? "Now" : "Before"), tables)));
}
