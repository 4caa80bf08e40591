"""What can go wrong, in words for whoever started the command."""


class PostgresError(Exception):
    """The embedded server cannot be made, started or stopped; the message says why and what to do."""
