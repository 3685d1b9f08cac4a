"""The command line: one file a command, loaded when it is called; no mathematics.

`main` ends with one exit status, and with one message where something is wrong, never a traceback:

    0    what was asked for is done
    1    it is done, and faults were found: `problem-check`, `check-gradients`
    2    a mistake of the user's, or a place that cannot be read or written
    130  stopped by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP
    141  the reader of the output has closed it, as `| head -1` does; no message
"""

from __future__ import annotations

import os
import signal
import sys

from ..errors import TutorError
from ..files.parts import drop_unfinished
from ..sentences import said
from ..translation import of_system, speaking
from .streams import OutputClosedError, Stopped, standard_streams, stopping

__all__ = ["main"]


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with the status that the module's head lists."""
    with standard_streams():
        try:
            status = _status(args)
        except KeyboardInterrupt:  # while Python loads, or while the first Ctrl-C is answered
            status = 130
    if status > 128:
        drop_unfinished()
    if args is None and status > 128:
        # While Python closes what is left, a further Ctrl-C has nothing to stop.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)


def _status(args: list[str] | None) -> int:
    from .printing import failed  # start-up: what click takes to load can be interrupted
    from .speech import speaking_as_asked

    with speaking(of_system(os.environ)):
        try:
            with speaking_as_asked(sys.argv[1:] if args is None else args):
                return _spoken_status(args)
        except TutorError as error:  # BACKPROP_TUTOR_LANG names no language
            failed(str(error))
            return 2


def _spoken_status(args: list[str] | None) -> int:
    """Run the command line in the language that was chosen."""
    import click

    from .group import cli
    from .printing import failed, say
    from .speech import show

    try:
        with stopping():
            status = cli.main(args=args, prog_name="backprop-tutor", standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        say(said("Stopped."))
        return 130
    except Stopped as stopped:
        say(said("Stopped."))
        return 128 + stopped.signal
    except OutputClosedError:
        return 141
    except click.ClickException as error:
        show(error)
        return error.exit_code
    except TutorError as error:
        failed(str(error))
        return 2
    return status if isinstance(status, int) else 0  # what a command passed to `Exit`
