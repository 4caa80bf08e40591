"""Why something could not be fetched; each message is a plain sentence for the person who asked for it."""


class FetchError(ValueError):
    """It could not be fetched."""


class Forbidden(FetchError):
    """We must not ask: the address is not a public one, or its site does not want programs there."""


class NotFound(FetchError):
    """The site says that there is no such thing."""


class Refused(FetchError):
    """The site will not answer this; asking again would not help. `status` is its HTTP status, 0 where it has none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class TooLarge(FetchError):
    """The answer is larger than allowed."""


class Unexpected(FetchError):
    """The answer is not what was asked for. `content_type` is what it says it is."""

    def __init__(self, message: str, content_type: str = "") -> None:
        super().__init__(message)
        self.content_type = content_type


class Unreachable(FetchError):
    """No whole answer came. `is_passing`: it may come when asked again; `retry_after`: after so many seconds."""

    def __init__(self, message: str, *, is_passing: bool = True, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.is_passing = is_passing
        self.retry_after = retry_after
