"""What stops the whole program: the machine, never the user's source.

Findings about the source are ``Diagnostic`` values and never stop a room. A ``FatalError`` is caught
in one place (``cli.main``), printed as one line, and ends the process with exit code 2. Every message
ends with what to do next.
"""

from __future__ import annotations


class FatalError(Exception):
    """``what`` happened, and the ``next_step`` the user can take."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what.rstrip('.')}. {next_step.rstrip('.')}.")
        self.what = what
        self.next_step = next_step


class UsageError(FatalError):
    """The command line or a configuration file asks for something that cannot be."""


class SourceError(FatalError):
    """The source tree as a whole cannot be read."""


class WriteError(FatalError):
    """The output folder cannot be written: no space, no permission, not ours."""


class TreeError(FatalError):
    """A folder that should be a migrated tree is not one, or is damaged."""


class ToolchainError(FatalError):
    """Something that must be installed is missing or does not work."""


class BuildError(FatalError):
    """A build could not even be started."""


class OperatorError(UsageError):
    """An operator named on the command line does not exist."""
