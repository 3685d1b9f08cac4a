"""The derivation drawn: circuits, their layouts, one picture a step."""
