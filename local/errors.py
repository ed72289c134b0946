"""What can go wrong on a laptop, each with the one sentence that says what to do.

    LocalStackError
    ├── PortInUse          another program has the port
    ├── AlreadyRunning     a stack runs from this state folder
    ├── UnsupportedMachine a processor that Lambda does not have
    ├── ToolFailed         sam, or the import, ended with a failure
    ├── SamplesRejected            the sample members and their PINs do not fit together
    └── CloudFailed        the local cloud did not start, stopped by itself, or answers wrongly

``Stopped`` stands beside it: to be asked to stop is no failure.
"""


class LocalStackError(Exception):
    """A failure that its message explains to the person who typed the command."""


class PortInUse(LocalStackError):
    """The port that the stack should answer on cannot be had."""


class AlreadyRunning(LocalStackError):
    """Another local stack uses the same state folder."""


class UnsupportedMachine(LocalStackError):
    """This machine cannot stand in for Lambda."""


class ToolFailed(LocalStackError):
    """A tool ended with a failure; the message has the last of what it said, and the log to read."""


class SamplesRejected(LocalStackError):
    """The files of sample members contradict each other."""


class CloudFailed(LocalStackError):
    """The local cloud is not there, or not as it should be."""


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or sent a signal: what was started is stopped, and that is all."""
