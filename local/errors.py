"""The errors of the local stack; each message says what to do.

    LocalStackError
    ├── PortInUse          another program uses the port
    ├── AlreadyRunning     a stack runs from this state folder
    ├── UnsupportedMachine a processor that Lambda does not have
    ├── ToolFailed         sam or the import failed
    ├── SamplesRejected            the sample members and their PINs do not match
    └── CloudFailed        the local cloud did not start, stopped, or gave a wrong answer

``Stopped`` is separate, because a request to stop is not a failure.
"""


class LocalStackError(Exception):
    """A failure whose message explains it to the person who ran the command."""


class PortInUse(LocalStackError):
    """The stack cannot listen on the port."""


class AlreadyRunning(LocalStackError):
    """Another local stack uses the same state folder."""


class UnsupportedMachine(LocalStackError):
    """This machine cannot stand in for Lambda."""


class ToolFailed(LocalStackError):
    """A tool failed; the message has its last lines and names the log."""


class SamplesRejected(LocalStackError):
    """The files of sample members contradict each other."""


class CloudFailed(LocalStackError):
    """The local cloud is missing or does not work."""


class Stopped(Exception):
    """Someone pressed Ctrl-C or sent a signal: stop everything that was started."""
