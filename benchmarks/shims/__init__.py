"""Packages of other engines' names, made of `backprop_tutor.engine`, for their own tests to import."""
