"""Stands for micrograd while its tests run."""
