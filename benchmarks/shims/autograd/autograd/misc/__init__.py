"""autograd's extras."""

from benchmarks.shims.not_offered import Missing

const_graph = Missing("const_graph", "not in the shim")
flatten = Missing("flatten", "not in the shim")
