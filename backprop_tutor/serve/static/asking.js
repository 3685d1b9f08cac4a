// Requests of this page: a newer one ends the older, and what comes late is dropped.

const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
let turn = 0;
/** @type {AbortController | null} */
let under_way = null;

// The answer to what was typed last; null where something newer was typed meanwhile.
/** @param {object} wanted */
export async function askPicture(wanted) {
  under_way?.abort();
  const mine = ++turn;
  const asking = new AbortController();
  under_way = asking;
  let response;
  try {
    response = await fetch("/picture", {
      method: "POST", body: JSON.stringify(wanted), signal: asking.signal, cache: "no-store",
      headers: { "content-type": "application/json", "x-page": PAGE, "x-turn": String(mine) },
    });
    const found = await response.json();
    if (mine !== turn || found.superseded) return null;
    if (found.error) throw new Error(found.error);
    return found;
  } catch (error) {
    if ((error instanceof Error && error.name === "AbortError") || mine !== turn) return null;
    throw error;
  }
}

// What tells the server that a lesson is no longer waited for.
export function turnNow() {
  return { page: PAGE, turn: String(turn) };
}

/** @param {string} kind @param {object} wanted */
export async function askFile(kind, wanted) {
  const response = await fetch(`/export/${kind}`, {
    method: "POST", body: JSON.stringify(wanted), headers: { "content-type": "application/json" },
  });
  if (!response.ok) {
    const found = await response.json();
    throw new Error(found.faults?.map((/** @type {FaultFound} */ fault) => fault.message).join("\n") ?? found.error);
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? kind;
  return { name, blob: await response.blob() };
}
