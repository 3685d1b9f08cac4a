"""The derivation told and drawn: text, Markdown, LaTeX, HTML, pictures. Nothing here computes."""
