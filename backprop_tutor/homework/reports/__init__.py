"""Marks written for people and for other programs: Markdown, HTML, class tables, Gradescope.

Each file makes one kind of document from the records of `results`; nothing is marked here, and all
that a student typed passes through `escaping` first.
"""
