"""Anomaly detection: where was the operation recorded whose gradient failed or became nan?"""

from __future__ import annotations

import warnings

from . import tape

__all__ = [
    "detect_anomaly", "is_anomaly_check_nan_enabled", "is_anomaly_enabled", "set_detect_anomaly",
]


def is_anomaly_enabled() -> bool:
    """Return whether anomaly detection is on."""
    return tape.anomaly_is_on()


def is_anomaly_check_nan_enabled() -> bool:
    """Return whether a nan counts as a failure under anomaly detection."""
    return tape.nan_is_checked()


class set_detect_anomaly:
    """Switches anomaly detection at once; as a context, back at the end."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before: tuple[bool, bool] = (tape.anomaly_is_on(), tape.nan_is_checked())
        tape.set_anomaly(bool(mode), check_nan)

    def __enter__(self) -> None:
        """Leave it as switched."""

    def __exit__(self, *exc: object) -> None:
        tape.set_anomaly(*self.before)


class detect_anomaly:
    """A context in which a failing or nan gradient tells where its operation was recorded."""

    def __init__(self, check_nan: bool = True) -> None:
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.", UserWarning, stacklevel=2,
        )

    def __enter__(self) -> None:
        self.before = (tape.anomaly_is_on(), tape.nan_is_checked())
        tape.set_anomaly(True, self.check_nan)

    def __exit__(self, *exc: object) -> None:
        tape.set_anomaly(*self.before)
