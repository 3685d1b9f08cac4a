"""A derivation as a program: what a student would hand in, written by the operations' own rules.

Enters: a derivation. Leaves: the text of a program in NumPy.
"""
