"""State dicts: tinygrad's are of its own layout."""

from benchmarks.shims.not_offered import Missing

load_state_dict = Missing("load_state_dict", "tinygrad's layers are not the engine's modules")
