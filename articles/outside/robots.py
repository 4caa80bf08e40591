"""What a site lets programs read, as its robots.txt says (RFC 9309)."""

from urllib.parse import urlsplit

from protego import Protego

from articles.outside.client import Client, Question
from articles.outside.errors import FetchError, Forbidden, NotFound, Refused, TooLarge, Unexpected, Unreachable

# The name by which a robots.txt may call us.
NAME = "mskb"
_LIMIT = 512_000
_EVERYTHING: Protego = Protego.parse("")


class Robots:
    """Asks each site once for its robots.txt."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Protego | FetchError] = {}

    def check(self, address: str) -> None:
        """Return where the address may be read. Raises `Forbidden` where it may not, or where that cannot be known."""
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._known:
            self._known[site] = self._rules(site)
        rules = self._known[site]
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(address, NAME):
            by_hand = "save the page in a browser and import the file"
            raise Forbidden(f"{site}/robots.txt does not let programs read {address}; {by_hand}.")

    def _rules(self, site: str) -> Protego | FetchError:
        try:
            answer = self._client.ask(Question(f"{site}/robots.txt", limit=_LIMIT))
        except (NotFound, Refused):
            # A site that has none, or does not show it, forbids nothing.
            return _EVERYTHING
        except (TooLarge, Unexpected) as error:
            return Forbidden(f"Whether programs may read this site cannot be known: {error}")
        except Unreachable as error:
            reason = f"Whether programs may read this site cannot be known now: {error}"
            return Unreachable(reason, is_passing=False)
        except Forbidden as error:
            return error
        return Protego.parse(answer.data.decode("utf-8-sig", "replace"))
