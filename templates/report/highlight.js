// Source text -> lines of [class, text] pairs. Enough to read by; a wrong colour harms nobody.

const CPP_WORDS = `alignas auto bool break case catch char class const constexpr continue decltype default delete do
  double else enum explicit extern false float for friend goto if inline int int8_t int16_t int32_t int64_t long mutable
  namespace new noexcept nullptr operator private protected public return short signed sizeof size_t static static_cast
  struct switch template this throw true try typedef typename uint8_t uint16_t uint32_t uint64_t union unsigned using
  virtual void volatile while __device__ __global__ __host__ __shared__ __restrict__ __launch_bounds__ __forceinline__`;
const PYTHON_WORDS = `and as assert async await break class continue def del elif else except False finally for from
  global if import in is lambda None nonlocal not or pass raise return True try while with yield`;

const words = (text) => new Set(text.split(/\s+/));

const LANGUAGES = {
  cpp: {
    words: words(CPP_WORDS),
    token: new RegExp(
      [
        String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S])))`,
        String.raw`(?<directive>^[ \t]*#[ \t]*\w+)`,
        String.raw`(?<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])'|<[\w./+-]+\.(?:h|hpp|cuh|inc)>)`,
        String.raw`(?<number>\b(?:0x[\da-fA-F']+|\d[\d.']*(?:e[+-]?\d+)?)[uUlLfF]*\b)`,
        String.raw`(?<name>[A-Za-z_]\w*)`,
      ].join("|"),
      "gm",
    ),
  },
  python: {
    words: words(PYTHON_WORDS),
    token: new RegExp(
      [
        String.raw`(?<comment>#[^\n]*)`,
        String.raw`(?<string>[rbf]?(?:"""[\s\S]*?(?:"""|$(?![\s\S]))|'''[\s\S]*?(?:'''|$(?![\s\S]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))`,
        String.raw`(?<directive>^[ \t]*@[\w.]+)`,
        String.raw`(?<number>\b\d[\d._]*(?:e[+-]?\d+)?\b)`,
        String.raw`(?<name>[A-Za-z_]\w*)`,
      ].join("|"),
      "gm",
    ),
  },
};

function languageOf(path) {
  return /\.pyi?$/.test(path) ? "python" : "cpp";
}

/** One array of [class, text] per line of `text`. */
function highlight(text, language) {
  const { token, words } = LANGUAGES[language];
  const lines = [[]];
  const put = (kind, piece) => {
    piece.split("\n").forEach((part, index) => {
      if (index) lines.push([]);
      if (part) lines[lines.length - 1].push([kind, part]);
    });
  };
  let end = 0;
  for (const match of text.matchAll(token)) {
    put("", text.slice(end, match.index));
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    const known = kind !== "name" || words.has(match[0]);
    put(known ? `t-${kind === "name" ? "word" : kind}` : "", match[0]);
    end = match.index + match[0].length;
  }
  put("", text.slice(end));
  return lines;
}

/** The pairs of a line as elements; the ranges of characters in `marks` are set off as changed. */
function drawLine(pairs, marks = []) {
  const cuts = marks.flat();
  const parts = [];
  let position = 0;
  for (const [kind, text] of pairs) {
    const end = position + text.length;
    const bounds = [position, ...cuts.filter((cut) => cut > position && cut < end), end];
    for (let index = 0; index + 1 < bounds.length; index += 1) {
      const [from, to] = [bounds[index], bounds[index + 1]];
      const changed = marks.some(([first, last]) => first <= from && to <= last);
      const styles = [kind, changed && "changed"].filter(Boolean).join(" ");
      const piece = text.slice(from - position, to - position);
      parts.push(styles ? h("span", { class: styles }, piece) : piece);
    }
    position = end;
  }
  return parts;
}
