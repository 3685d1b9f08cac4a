"""tinygrad's compiler: not here."""
