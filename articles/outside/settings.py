"""Who we are to the sites we ask, where they are, and how often they may be asked."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from articles.outside.client import Client, Patience
from articles.outside.guard import Guard
from articles.outside.pace import Pace
from articles.outside.robots import NAME

_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)
_SECONDS_PER_PAGE = 1.0
# E-utilities allow 3 requests a second, and 10 with a key; a little less is never too much.
_SECONDS_PER_REQUEST, _SECONDS_WITH_KEY = 0.35, 0.11


@dataclass(frozen=True)
class Settings:
    """How to fetch. `version` is ours; `contact` an e-mail address that sites may write to before they lock us out.

    Without `contact` and `ncbi_api_key` fetching works, slower. `guard` and the three addresses change in tests only.
    Raises `ValueError` for a contact that is no e-mail address and a key with other characters than letters and digits.
    """

    version: str
    contact: str = ""
    ncbi_api_key: str = field(default="", repr=False)
    eutils: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    converter: str = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
    crossref: str = "https://api.crossref.org/works/"
    guard: Guard = field(default_factory=Guard)
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        if self.contact and not _EMAIL.fullmatch(self.contact):
            raise ValueError(f"The contact {self.contact!r} is no e-mail address.")
        if self.ncbi_api_key and not re.fullmatch("[0-9A-Za-z]+", self.ncbi_api_key):
            raise ValueError("The API key of NCBI must be letters and digits only.")

    def client(self) -> Client:
        """A client that says who it is and keeps to each site's pace."""
        contact = f" (+mailto:{self.contact})" if self.contact else ""
        return Client(f"{NAME}/{self.version}{contact}", self.guard, self._pace(), self.patience)

    def introduction(self) -> dict[str, str]:
        """The parameters by which NCBI's services know who asks."""
        return {"tool": NAME, **({"email": self.contact} if self.contact else {})}

    def credentials(self) -> dict[str, str]:
        """The introduction, and the key to E-utilities if there is one."""
        return self.introduction() | ({"api_key": self.ncbi_api_key} if self.ncbi_api_key else {})

    def _pace(self) -> Pace:
        hosts = [urlsplit(address).hostname or "" for address in (self.converter, self.crossref, self.eutils)]
        intervals = dict.fromkeys(hosts, _SECONDS_PER_REQUEST)
        if self.ncbi_api_key:
            intervals[hosts[-1]] = _SECONDS_WITH_KEY
        return Pace(intervals, _SECONDS_PER_PAGE)
