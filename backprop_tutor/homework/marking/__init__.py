"""Sheets marked cell by cell, a problem at a time or a class at a time."""
