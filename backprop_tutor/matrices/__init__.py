"""Programs over vectors and matrices: shapes first, then one pass forward and one back.

Enters: a program and arrays. Leaves: an `ArrayDerivation`. The rules are the tensor records' of `ops`, the
same ones that the engine trains with; single entries go by the rows of `OPS`.
"""
