"""E-utilities, by which programs ask PubMed; and how they say that something is wrong."""

from collections.abc import Callable, Mapping

from articles.outside import json_answer
from articles.outside.client import Answer, Client, Question
from articles.outside.errors import Refused, Unreachable
from articles.outside.settings import Settings

XML_TYPES = ("text/xml", "application/xml")
_BAD_REQUEST = 400
_NOTHING_FOUND = b"ID list is empty"
# A server in front passes the troubles of those behind it on as a bad request.
_TROUBLE_BEHIND = (b"proxy_stream", b"failed to connect", b"502 bad gateway", b"error forwarding request")
_LIMIT = 64_000_000


def ask(
    client: Client, settings: Settings, tool: str, form: Mapping[str, str], check: Callable[[Answer], object]
) -> Answer:
    """The answer of one tool, such as efetch, about PubMed; `check` sees answers in which no error is told.

    The answer is `is_empty` where none of the numbers is known. Raises `FetchError`.
    """

    def check_all(answer: Answer) -> None:
        if answer.status == _BAD_REQUEST:
            _check_bad_request(answer)
        else:
            check(answer)

    types = json_answer.TYPES if form.get("retmode") == "json" else XML_TYPES
    # By POST: a key in an address would be seen in logs.
    sent = {"db": "pubmed", **form, **settings.credentials()}
    question = Question(f"{settings.eutils}{tool}.fcgi", sent, types, (_BAD_REQUEST,), _LIMIT, check=check_all)
    return client.ask(question)


def is_empty(answer: Answer) -> bool:
    """Whether the tool says that it knows none of what it was asked for."""
    return answer.status == _BAD_REQUEST


def _check_bad_request(answer: Answer) -> None:
    said = answer.data[:20_000]
    if _NOTHING_FOUND in said:
        return
    if b"api key" in said.lower():
        raise Refused("NCBI does not accept the API key it was given.")
    if any(sign in said.lower() for sign in _TROUBLE_BEHIND):
        raise Unreachable(f"{answer.final_address} cannot answer now: its servers cannot reach each other.")
    raise Refused(f"{answer.final_address} was refused (400 Bad Request).", _BAD_REQUEST)
