"""Work that the worker does later."""


def defer_import(run: int) -> None:
    """Queue an import."""
