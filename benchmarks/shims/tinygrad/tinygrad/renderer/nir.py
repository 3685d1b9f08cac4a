"""A kind of compiled code."""


class NIRRenderer:
    """No device here renders by it."""
