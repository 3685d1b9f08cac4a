"""Sheets as students hand them in, made without the tutor's passes, and whether the cause is named."""
