"""What users hold: derivations of numbers, of arrays, without values, at a scale; and what makes them."""
