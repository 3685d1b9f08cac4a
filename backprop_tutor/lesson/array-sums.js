// What an entry is made of: the sum of products behind it, in symbols and numbers, and the entries it takes.

const MOST_TERMS = 6;

// {terms: [{texts, values, lit}], whole}: each term a product; `lit` are [quantity, flat] of other tables.
function termsOf(part, row, column) {
  const { result, kind } = part;
  const flat = flatOf(result, row, column);
  if (kind === "product") return productTerms(part, row, column);
  if (kind === "slopes") {
    const [above, local] = part.tables;
    return { terms: [factors([above, local], row, column)] };
  }
  if (kind === "handed") return handedTerms(part, flat);
  if (kind === "added") return { terms: part.tables.map((table) => factors([table], row, column)) };
  if (kind === "formula" || kind === "mixes") return { terms: [], lit: takenBy(part, flat) };
  return { terms: [] };
}

function factors(tables, row, column) {
  return {
    names: tables.map((table) => entryName(table, row, column)),
    texts: tables.map((table) => textAt(table, flatOf(table, row, column))),
    lit: tables.map((table) => [table.q, flatOf(table, row, column)]),
  };
}

function textAt(table, flat) {
  const array = arrayOf(table.q) ?? [];
  return array[flat] === undefined ? "…" : numberText(array[flat], array);
}

function productTerms({ tables: [left, right] }, row, column) {
  const inner = DATA.whole ? left.columns : Math.min(left.columns, 0);
  const terms = [];
  for (let k = 0; k < inner; k++) {
    const [a, b] = [flatOf(left, row, k), flatOf(right, k, column)];
    terms.push({
      names: [entryName(left, row, k), entryName(right, k, column)],
      texts: [textAt(left, a), textAt(right, b)],
      lit: [[left.q, a], [right.q, b]],
    });
  }
  return { terms };
}

// What each entry of the operation hands back: its gradient times its slope along the entry.
function handedTerms({ tables: [above], target, slot }, flat) {
  const upstream = state.found["g" + target];
  const terms = [];
  for (let entry = 0; entry < DATA.nodes[target].size; entry++) {
    const slopes = slopesAt(target, slot, entry);
    if (!slopes) return { terms: [] };
    if (slopes[flat] === 0) continue;
    const plain = slopes[flat] === 1;
    terms.push({
      names: [entryName(above, ...rowOf(above, entry))], lit: [[above.q, entry]],
      texts: [numberText(upstream[entry], upstream), ...(plain ? [] : [shown(slopes[flat], DATA.figures)])],
    });
  }
  return { terms, slopes: true };
}

// The entries of the operands on which an entry of a value depends.
function takenBy({ target }, flat) {
  const found = [];
  DATA.nodes[target].operands.forEach((operand, slot) => {
    const slopes = slopesAt(target, slot, flat);
    const from = unrepeated(operand);
    slopes?.forEach((slope, n) => { if (slope !== 0) found.push(["v" + from, from === operand ? n : broadcast(operand, from, n)]); });
  });
  return found;
}

function unrepeated(place) {
  return DATA.repeats[place] ?? place;
}

// The entry of a smaller array that stands at an entry of the one it is repeated to.
function broadcast(large, small, flat) {
  const [to, from] = [DATA.nodes[large].shape, DATA.nodes[small].shape];
  let rest = flat, at = 0, step = 1;
  for (let i = to.length - 1, j = from.length - 1; j >= 0; i--, j--) {
    if (from[j] !== 1) at += (rest % to[i]) * step;
    rest = Math.floor(rest / to[i]);
    step *= from[j];
  }
  return at;
}

function bracketed(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

function joined(texts) {
  const kept = texts.length <= MOST_TERMS ? texts : [...texts.slice(0, 3), "…", texts[texts.length - 1]];
  return kept.join(" + ");
}

// The line below the tables: `∂L/∂W[0, 2] = X[0, 0]·δ[0, 2] + … = 0.5·0.3 + … = −0.05`.
function sumOf(part, row, column) {
  const { result } = part;
  const flat = flatOf(result, row, column);
  const name = entryName(result, row, column);
  const { terms, lit = [] } = termsOf(part, row, column);
  const used = [...terms.flatMap((term) => term.lit), ...lit];
  const value = entryText(result.q, flat);
  const end = make("span", { class: `result ${result.role}` }, value);
  const blank = isHidden(result.q) || used.some(([quantity]) => isHidden(quantity));
  if (part.kind === "formula" && part.numbered && !blank) return { used, line: [`${name} = `, numberedRow(part, flat), " = ", end] };
  if (!terms.length) return { used, line: [`${name} = `, end, lit.length ? make("span", { class: "remark" }, ` (${word("made-of")})`) : ""] };
  const symbols = joined(terms.map((term) => term.names.join("·")));
  const symbolic = part.kind === "handed" && terms.some((term) => term.texts.length > 1) ? "" : `${symbols} = `;
  const numeric = joined(terms.map(({ texts: [first, ...rest] }, i) => [i ? bracketed(first) : first, ...rest.map(bracketed)].join("·")));
  return { used, line: [`${name} = `, symbolic, blank ? "" : `${numeric} = `, end, blank ? "" : remarkOf(terms, value)] };
}

// Whether the numbers as shown still give the result as shown.
function remarkOf(terms, value) {
  const made = terms.reduce((sum, { texts }) => sum + texts.reduce((product, text) => product * shownValue(text), 1), 0);
  const decimals = value.includes("×") ? 0 : value.split(".")[1]?.length ?? 0;
  const result = shownValue(value);
  const off = value.includes("×") ? Math.abs(made - result) > Math.abs(result) * 10 ** (1 - DATA.figures) / 2 : Math.abs(made - result) > (0.5 + 1e-9) * 10 ** -decimals;
  return off ? make("span", { class: "remark" }, ` (${word("unrounded")})`) : "";
}

function numberedRow(part, flat) {
  const row = math(part.numbered);
  const { target } = part;
  for (const element of row.querySelectorAll("[data-q]")) {
    const place = Number((element.dataset.q ?? "").slice(1));
    const text = entryText("v" + place, broadcast(target, place, flat));
    element.textContent = element.hasAttribute("data-wrap") ? bracketed(text) : text;
    element.removeAttribute("data-q");
    element.setAttribute("class", "number value");
  }
  return row;
}
