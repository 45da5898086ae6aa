// State, routes, the list, keys and colours.

const DATA = JSON.parse(document.getElementById("data").textContent);
const BY_ID = new Map(DATA.operators.map((operator) => [operator.id, operator]));
const main = document.getElementById("main");
const list = document.getElementById("list");
const query = document.getElementById("query");
const form = document.querySelector("form.search");

for (const operator of DATA.operators) {
  const parts = [operator.id, operator.name, operator.module, operator.signature, operator.file, operator.tier, VERDICT_LABEL[operator.outcome], ...operator.diagnostics];
  operator.haystack = parts.join("\n").toLowerCase();
}

// --- list and filters ---

const FILTERS = {
  tier: { values: (operator) => [operator.tier], order: TIERS },
  verdict: { values: (operator) => (operator.outcome ? [operator.outcome] : []), order: VERDICTS },
  module: { values: (operator) => [operator.module] },
  finding: { values: (operator) => operator.diagnostics },
};

function setUpFilters() {
  for (const [name, { values, order }] of Object.entries(FILTERS)) {
    const present = [...new Set(DATA.operators.flatMap(values))];
    present.sort(order ? (a, b) => order.indexOf(a) - order.indexOf(b) : undefined);
    const select = document.getElementById(`filter-${name}`);
    select.append(h("option", { value: "" }, "any"), ...present.map((value) => h("option", { value }, VERDICT_LABEL[value] ?? value)));
    select.disabled = present.length === 0;
  }
}

function setFilters(values) {
  form.reset();
  for (const [name, value] of Object.entries(values)) document.getElementById(`filter-${name}`).value = value;
  drawList();
  links()[0]?.focus();
}

function found() {
  const wanted = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = Object.entries(FILTERS)
    .map(([name, { values }]) => [document.getElementById(`filter-${name}`).value, values])
    .filter(([value]) => value);
  return DATA.operators.filter(
    (operator) =>
      wanted.every((word) => operator.haystack.includes(word)) &&
      chosen.every(([value, values]) => values(operator).includes(value)),
  );
}

function drawList() {
  const operators = found();
  const sections = [...groupBy(operators, (operator) => operator.module)].map(([module, members]) => [
    h("h2", {}, module),
    h(
      "ul",
      {},
      members.map((operator) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: operatorHref(operator), "data-id": operator.id },
            h("span", { class: `swatch tier-${operator.tier}` }),
            h("span", { class: "name" }, titleOf(operator)),
            h("span", { class: "hidden" }, `, ${operator.tier}`),
            operator.outcome && h("span", { class: `mark verdict-${operator.outcome}`, title: VERDICT_LABEL[operator.outcome] }, { Equal: "=", Close: "≈", Different: "≠", Crashed: "✕", NotRun: "–" }[operator.outcome]),
          ),
        ),
      ),
    ),
  ]);
  list.replaceChildren(...sections.flat(), ...(operators.length ? [] : [h("p", { class: "empty" }, "No operator matches.")]));
  const all = DATA.operators.length;
  document.getElementById("count").textContent = operators.length === all ? plural(all, "registration") : `${operators.length} of ${all}`;
  document.getElementById("clear").hidden = operators.length === all && !query.value;
  markCurrent();
}

const links = () => [...list.querySelectorAll("a")];

function markCurrent() {
  for (const link of links()) {
    if (link.getAttribute("href") === location.hash) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
}

// --- routes ---

function route() {
  if (location.hash && !location.hash.startsWith("#/")) return; // a place inside the view
  const [, view = "", argument = ""] = location.hash.split("/");
  const operator = view === "operators" && BY_ID.get(decodeURIComponent(argument));
  const shown = operator ? operatorView(operator) : view === "findings" ? findings() : overview();
  main.replaceChildren(shown);
  document.title = `${operator ? `${titleOf(operator)} · ` : ""}${DATA.title} · migration report`;
  const active = operator ? "" : view === "findings" ? "findings" : "overview";
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === active) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  markCurrent();
  const target = view === "findings" && argument && document.getElementById(`finding-${argument}`);
  if (target) {
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  } else window.scrollTo(0, 0);
}

// --- keys ---

function step(by) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const from = at >= 0 ? at : all.findIndex((link) => link.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** To the next run of changed lines below (or above) the top of the window. */
function stepChange(by) {
  const starts = [...main.querySelectorAll("tr.change")].filter((row) => !row.previousElementSibling?.classList.contains("change"));
  const margin = 140;
  const tops = starts.map((row) => row.getBoundingClientRect().top - margin);
  const index = by > 0 ? tops.findIndex((top) => top > 4) : tops.findLastIndex((top) => top < -4);
  if (index >= 0) window.scrollBy({ top: tops[index] });
}

const KEYS = {
  "/": () => (query.focus(), query.select()),
  j: () => step(1),
  k: () => step(-1),
  n: () => stepChange(1),
  p: () => stepChange(-1),
  o: () => (location.hash = "#/"),
  f: () => (location.hash = "#/findings"),
  "?": () => document.getElementById("keys").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys").open) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.target === query && event.key === "Escape") {
    form.reset();
    query.blur();
  } else if (event.target === query && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    if (event.key === "Enter") links()[0]?.click();
    links()[0]?.focus();
  } else if (!typing && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

// --- colours ---

const THEMES = { auto: "Auto", light: "Light", dark: "Dark" };

function setTheme(name) {
  const button = document.getElementById("theme-button");
  document.documentElement.dataset.theme = name;
  button.textContent = THEMES[name];
  button.setAttribute("aria-label", `Colours: ${name === "auto" ? "as the system" : name}`);
}

function nextTheme() {
  const names = Object.keys(THEMES);
  setTheme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]);
}

// --- paper ---

function beforePrint() {
  if (main.querySelector(".overview")) main.firstElementChild.append(operatorsTable());
}

function afterPrint() {
  main.querySelector(".paper")?.remove();
}

setTheme("auto");
setUpFilters();
drawList();
route();
window.addEventListener("hashchange", route);
window.addEventListener("beforeprint", beforePrint);
window.addEventListener("afterprint", afterPrint);
document.addEventListener("keydown", onKey);
form.addEventListener("input", drawList);
form.addEventListener("reset", () => setTimeout(drawList));
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("theme-button").addEventListener("click", nextTheme);
document.getElementById("keys-button").addEventListener("click", KEYS["?"]);
document.documentElement.dataset.ready = "true";
