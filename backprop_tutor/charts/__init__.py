"""Plots in the house's own drawing: axes, curves, regions, bars, planes in space, and what moves.

Enters: numbers. Leaves: marks of `render.stage`, pictures as SVG and PNG, GIF. This room knows nothing of
networks, and needs nothing but what a plain install brings (Pillow for a GIF).
"""
