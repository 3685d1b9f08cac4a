"""The house's HTML: one base for every page, its shared style, and what fills a template in.

Each room keeps its own templates in a folder `templates`; this room has the base that they extend, the
style sheet of variables that they share, and the small parts that several use.
"""
