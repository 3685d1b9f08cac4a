"""Answer files, and whose answers they are."""
