"""What can go wrong on a laptop, each with the one sentence that says what to do.

    LocalStackError
    ├── PortInUseError          another program has the port
    ├── AlreadyRunningError     a stack runs from this state folder
    ├── UnsupportedMachineError a processor that Lambda does not have
    ├── ToolFailedError         sam, or the import, ended with a failure
    ├── SamplesError            the sample members and their PINs do not fit together
    └── CloudFailedError        the local cloud did not start, stopped by itself, or answers wrongly

``Stopped`` stands beside it: to be asked to stop is no failure.
"""


class LocalStackError(Exception):
    """A failure that its message explains to the person who typed the command."""


class PortInUseError(LocalStackError):
    """The port that the stack should answer on cannot be had."""


class AlreadyRunningError(LocalStackError):
    """Another local stack uses the same state folder."""


class UnsupportedMachineError(LocalStackError):
    """This machine cannot stand in for Lambda."""


class ToolFailedError(LocalStackError):
    """A tool ended with a failure; the message has the last of what it said, and the log to read."""


class SamplesError(LocalStackError):
    """The files of sample members contradict each other."""


class CloudFailedError(LocalStackError):
    """The local cloud is not there, or not as it should be."""


class Stopped(Exception):  # noqa: N818 - being asked to stop is no error
    """Somebody pressed Ctrl-C, or sent a signal: what was started is stopped, and that is all."""
