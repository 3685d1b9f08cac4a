"""Every value and every gradient of a computational graph, derived, explained and drawn.

The public names are loaded when they are first used, so that importing the package stays light.
"""
