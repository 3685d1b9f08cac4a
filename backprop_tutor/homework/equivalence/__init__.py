"""Whether two formulas are the same function, and what shows that they are not."""
