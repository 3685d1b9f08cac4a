// Quantities, be they numbers or arrays: which edges use a node, what is known by now, what is hidden.

/** @type {string[][]} */
const USES = DATA.nodes.map(() => []);
for (const [key, edge] of Object.entries(DATA.edges)) USES[edge.source].push(key);
for (const keys of USES) keys.sort((a, b) => DATA.edges[a].target - DATA.edges[b].target || DATA.edges[a].slot - DATA.edges[b].slot);

function uses(place) {
  return USES[place];
}

function isKnown(quantity) {
  return sinceNow(quantity) <= state.step;
}

// Hidden is what is asked for and not yet found, and whatever would give it away: `givesAway` knows what does.
function isHidden(quantity) {
  const { hidden } = state;
  if (!hidden.size) return false;
  return hidden.has(quantity) || (quantity[0] !== "v" && givesAway(quantity[0], quantity.slice(1), hidden));
}
