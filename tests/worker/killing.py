"""The same import twice, in one go and with its worker and its PostgreSQL killed in the middle: what differs then."""

from collections.abc import Iterator
from pathlib import Path

from mskb.embedded_postgres import SharedServer
from tests.waiting import until
from tests.worker import pubmed
from tests.worker.installation import Installation, Row

LONGEST_IMPORT = 3600


def differences(server: SharedServer, folder: Path, records: int) -> list[str]:
    """Import a made-up set both ways; what differs in the databases, in words."""
    file = pubmed.write(folder / "set.xml", records)
    undisturbed, killed = (Installation(server, folder / name, name) for name in ("undisturbed", "killed"))
    undisturbed.make()
    killed.make(template="undisturbed")
    try:
        import_in_one_go(undisturbed, file, records)
        import_with_kills(killed, file, records)
    finally:
        undisturbed.end_workers()
        killed.end_workers()
    expected, found = undisturbed.content(), killed.content()
    return [f"{table}: {told}" for table in expected if (told := next(unlike(expected[table], found[table]), None))]


def import_in_one_go(place: Installation, file: Path, records: int) -> None:
    place.upload(file)
    worker = place.start_worker()
    finish(place, records)
    worker.terminate()
    assert worker.wait(10) == 0


def import_with_kills(place: Installation, file: Path, records: int) -> None:
    """Kill the worker after a third and PostgreSQL after two thirds."""
    place.upload(file)
    first = place.start_worker()
    assert until(lambda: place.records_done() >= records // 3, LONGEST_IMPORT)
    first.kill()
    first.wait()
    second = place.start_worker()
    assert until(lambda: place.records_done() >= records * 2 // 3, LONGEST_IMPORT)
    place.kill_server()
    assert place.server.heal()
    assert place.records_done() < records, "too late: the import had ended before PostgreSQL was killed"
    finish(place, records)
    assert second.poll() is None


def finish(place: Installation, records: int) -> None:
    assert until(place.is_at_an_end, LONGEST_IMPORT)
    assert place.state() == "finished"
    assert place.ask("SELECT count(*) FROM articles_source") == [(records,)]


def unlike(expected: list[Row], found: list[Row]) -> Iterator[str]:
    """How the two differ: in the number of rows, or else row by row."""
    if len(expected) != len(found):
        yield f"{len(found)} rows instead of {len(expected)}"
        return
    for one, other in zip(expected, found, strict=True):
        if one != other:
            yield ", ".join(f"{b!r} instead of {a!r}" for a, b in zip(one, other, strict=True) if a != b)
