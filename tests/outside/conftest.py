"""A server for each test."""

from collections.abc import Iterator

import pytest

from tests.outside.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """A local server that knows nothing yet."""
    site = Site()
    yield site
    site.close()
