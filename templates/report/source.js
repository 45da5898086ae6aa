// Sources: unpacked when they are looked at, compared line by line, drawn with what is of interest
// open and the rest folded. Lines count from 0 here, from 1 in the data.

const CONTEXT = 3; // lines around a change or a finding
const WHOLE = 60; // a function up to this long is shown whole

const unpacked = new Map();

/** `before` or `after` of a file, as lines and highlighted lines. */
function readSource(path, side) {
  const key = `${side}:${path}`;
  if (!unpacked.has(key)) unpacked.set(key, unpack(DATA.files[path][side], languageOf(path)));
  return unpacked.get(key);
}

async function unpack(packed, language) {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const text = (await new Response(stream).text()).replace(/\r\n/g, "\n");
  return { lines: text.split("\n"), coloured: highlight(text, language) };
}

const within = (line, ranges) => ranges.some(([first, last]) => line + 1 >= first && line + 1 <= last);

/** Rows of a comparison: {before, after, changed}, null where a side has no line. */
function compared(before, after, changes) {
  const rows = [];
  let [left, right] = [0, 0];
  const same = (end) => {
    while (left < end) rows.push({ before: left++, after: right++, changed: false });
  };
  for (const [i, j, k, l] of changes) {
    same(i);
    for (let step = 0; step < Math.max(j - i, l - k); step += 1) {
      rows.push({
        before: i + step < j ? i + step : null,
        after: k + step < l ? k + step : null,
        changed: true,
      });
    }
    [left, right] = [j, l];
  }
  same(before.lines.length);
  return rows;
}

const tokensOf = (line) => line.match(/\w+|\s+|[^\w\s]/g) ?? [];

/** Lengths of the longest common subsequences of all tails of two token lists. */
function commonTails(old, now) {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let k = now.length - 1; k >= 0; k -= 1) {
      table[i][k] = old[i] === now[k] ? table[i + 1][k + 1] + 1 : Math.max(table[i + 1][k], table[i][k + 1]);
    }
  }
  return table;
}

/** Which characters of two paired lines changed, as [ranges of the old, ranges of the new]. Lines that
 * have little in common are marked as a whole: no ranges. */
function difference(oldLine, newLine) {
  const [old, now] = [tokensOf(oldLine), tokensOf(newLine)];
  if (old.length * now.length > 40000) return [[], []];
  const common = commonTails(old, now);
  const marks = [[], []];
  let [i, k, oldAt, newAt, kept] = [0, 0, 0, 0, 0];
  while (i < old.length || k < now.length) {
    if (i < old.length && old[i] === now[k]) {
      if (old[i].trim()) kept += old[i].length;
      oldAt += old[i++].length;
      newAt += now[k++].length;
    } else if (k === now.length || (i < old.length && common[i + 1][k] >= common[i][k + 1])) {
      marks[0].push([oldAt, (oldAt += old[i++].length)]);
    } else {
      marks[1].push([newAt, (newAt += now[k++].length)]);
    }
  }
  const size = Math.max(oldLine.trim().length, newLine.trim().length);
  return kept * 3 < size ? [[], []] : marks.map(joined);
}

/** Ranges that touch become one. */
function joined(ranges) {
  return ranges.reduce((all, [from, to]) => {
    const last = all[all.length - 1];
    if (last && last[1] === from) last[1] = to;
    else all.push([from, to]);
    return all;
  }, []);
}

/** Which rows are open: changes and findings with their surroundings, inside the operator's ranges. */
function openRows(rows, inFocus, noted) {
  const open = new Array(rows.length).fill(false);
  const anyFocus = rows.some(inFocus);
  const size = rows.filter(inFocus).length;
  rows.forEach((row, index) => {
    const focus = !anyFocus || inFocus(row);
    if (anyFocus && focus && size <= WHOLE) open[index] = true;
    if (!noted(row) && !(row.changed && focus)) return;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near += 1) if (near in open) open[near] = true;
  });
  // The head of what is shown says what it is.
  const head = rows.findIndex(inFocus);
  for (let near = head; head >= 0 && near < head + CONTEXT; near += 1) if (near in open) open[near] = true;
  if (!open.includes(true)) open.fill(true, 0, WHOLE);
  return open;
}

/** Consecutive rows that are open, or folded, as {open, rows}. Short folds are not worth a click. */
function runsOf(rows, open) {
  const runs = [];
  rows.forEach((row, index) => {
    const last = runs[runs.length - 1];
    if (last && last.open === open[index]) last.rows.push(row);
    else runs.push({ open: open[index], rows: [row] });
  });
  for (const run of runs) if (run.rows.length <= 2) run.open = true;
  return runs;
}

function noteRow(notes, columns) {
  const items = notes.map((note) =>
    h("p", {}, severityChip(note.severity), " ", findingLink(note.id), " ", prose(note.message), note.hint && h("span", { class: "hint" }, " ", prose(sentence(note.hint)))),
  );
  return h("tr", { class: "note" }, h("td", { colspan: columns }, items));
}

function numberCell(line) {
  return h("td", { class: "number" }, line == null ? "" : String(line + 1));
}

function codeCell(side, line, style, marks) {
  if (line == null) return h("td", { class: "code none" });
  return h("td", { class: `code ${style}` }, drawLine(side.coloured[line] ?? [], marks));
}

/** Column widths: a first row that is folded spans them all and says nothing of each. */
function columnsOf(sides) {
  const side = () => [h("col", { class: "number" }), h("col", {})];
  return h("colgroup", {}, Array.from({ length: sides }, side));
}

function hiddenHead(...texts) {
  return h("thead", { class: "hidden" }, h("tr", {}, texts.map((text) => h("th", { scope: "col" }, text))));
}

/** A table of runs; folded ones are one button each until it is pressed. */
function foldable(runs, columns, draw, label) {
  const body = h("tbody");
  for (const run of runs) {
    if (run.open) {
      body.append(...run.rows.flatMap(draw));
      continue;
    }
    const unfold = () => fold.replaceWith(...run.rows.flatMap(draw));
    const fold = h("tr", { class: "fold" }, h("td", { colspan: columns }, h("button", { type: "button", onclick: unfold }, label(run.rows))));
    body.append(fold);
  }
  return body;
}

function foldLabel(rows) {
  const changed = rows.filter((row) => row.changed).length;
  const tail = changed ? `, ${changed} of them changed elsewhere in the file` : "";
  return `⋯ ${plural(rows.length, "line")}${tail}`;
}

/** Two versions of one file side by side. `notes` are the findings in the old one. */
async function drawComparison(before, after, changes, notes) {
  const [old, now] = await Promise.all([readSource(before.path, "before"), readSource(after.path, "after")]);
  const rows = compared(old, now, changes);
  const noteAt = groupBy(notes, (note) => note.line - 1);
  const inFocus = (row) =>
    (row.before != null && within(row.before, before.lines)) || (row.after != null && within(row.after, after.lines));
  const open = openRows(rows, inFocus, (row) => row.before != null && noteAt.has(row.before));
  const draw = (row) => {
    const both = row.before != null && row.after != null;
    const [oldMarks, newMarks] =
      row.changed && both ? difference(old.lines[row.before], now.lines[row.after]) : [[], []];
    const line = h(
      "tr",
      { class: row.changed ? "change" : null },
      numberCell(row.before),
      codeCell(old, row.before, row.changed ? "removed" : "", oldMarks),
      numberCell(row.after),
      codeCell(now, row.after, row.changed ? "added" : "", newMarks),
    );
    return noteAt.has(row.before) ? [line, noteRow(noteAt.get(row.before), 4)] : [line];
  };
  return h(
    "table",
    { class: "source two" },
    h("caption", { class: "hidden" }, `${before.path} before, ${after.path} after`),
    columnsOf(2),
    hiddenHead("Line", "Before", "Line", "After"),
    foldable(runsOf(rows, open), 4, draw, foldLabel),
  );
}

/** One file alone, folded around the ranges that matter. */
async function drawAlone(place, notes) {
  const side = await readSource(place.path, place.side);
  const rows = side.lines.map((_, line) => ({ before: line, changed: false }));
  if (rows.length > 1 && side.lines[rows.length - 1] === "") rows.pop();
  const noteAt = groupBy(notes, (note) => note.line - 1);
  const open = rows.map((row) => within(row.before, place.lines) || noteAt.has(row.before));
  if (!open.includes(true)) open.fill(true, 0, WHOLE);
  const draw = (row) => {
    const line = h("tr", {}, numberCell(row.before), codeCell(side, row.before, ""));
    return noteAt.has(row.before) ? [line, noteRow(noteAt.get(row.before), 2)] : [line];
  };
  return h(
    "table",
    { class: "source one" },
    h("caption", { class: "hidden" }, `${place.path} ${place.side}`),
    columnsOf(1),
    hiddenHead("Line", "Text"),
    foldable(runsOf(rows, open), 2, draw, foldLabel),
  );
}
