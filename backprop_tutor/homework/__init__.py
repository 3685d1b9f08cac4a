"""Homework: problem and answer files, the equivalence of formulas, marking, diagnosis and reports.

What a student hands in is compared with what the graph derives; the expected answers are never
typed. Everything here computes; sentences for readers live in the records' reasons and in reports.
"""
