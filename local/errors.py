"""The errors of the local stack; each message says what to do. ``Stopped`` is a request, not a failure."""


class LocalStackError(Exception):
    """A failure whose message explains it to the user of the command."""


class PortInUse(LocalStackError):
    """The stack cannot listen on the port."""


class AlreadyRunning(LocalStackError):
    """Another local stack uses the same state folder."""


class UnsupportedMachine(LocalStackError):
    """Lambda does not support the processor of this machine."""


class ToolFailed(LocalStackError):
    """sam or the import failed; the message has the last lines of its log."""


class SamplesRejected(LocalStackError):
    """A sample PIN belongs to no sample member."""


class CloudFailed(LocalStackError):
    """The local cloud is missing, did not start, stopped, or returned an error."""


class Stopped(Exception):
    """Someone pressed Ctrl-C or sent a signal: stop everything that was started."""
