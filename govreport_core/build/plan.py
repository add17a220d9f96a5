"""The files as they are and as they were in; what has to be read, rewritten, judged out.

A document keeps its chunk as long as its bytes, its name's ending, its manifest row
and the rows of the roster it may be of are the same. A file that is new or has changed
goes to a new chunk; a chunk that loses documents is written anew without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from govreport_core.build.chunks import Filed, digest, ending, known_as
from govreport_core.build.companions import Companions, path_key
from govreport_core.build.joining import NOT_KNOWN
from govreport_core.build.state import Source, Stamp, State, content, means, stamp
from govreport_core.objects import is_object

CHUNK = 1_024
"""Files of a chunk, at most: memory is bounded by their rows."""


def even(files: int, workers: int) -> int:
    """How many files make a chunk: of equal size, as many for each worker, none over `CHUNK`.

    None waits for another's last one then.
    """
    rounds = -(-files // (CHUNK * workers))
    return max(1, -(-files // max(1, rounds * workers)))


class Plan(msgspec.Struct, frozen=True):
    """What a build has to do.

    Attributes:
        kept: Sources that are as they were, under the path they have now.
        stamps: How each path looks now.
        renames: What a kept source's file is called now, by what it was called.
        fresh: The paths to read.
        gone: Documents to take out of a chunk, by chunk; a chunk that loses all goes.
    """

    kept: dict[str, Source]
    stamps: dict[str, Stamp | None]
    renames: dict[str, str]
    fresh: tuple[str, ...]
    gone: dict[str, frozenset[str]]


def plan(
    paths: Iterable[str],
    before: State,
    companions: Companions,
    far: Mapping[str, Stamp] | None = None,
) -> Plan:
    """Compare the sources with what the last build knows.

    A file is the same without a look inside where path, size and both times are,
    and it was older than the last build's start; else where its bytes are. What couldn't be
    read is tried again where there are other means.

    Args:
        paths: The sources' files.
        before: What the last build knows.
        companions: What stands beside the reports.
        far: How those look that are on an object store; these are never looked into.
    """
    away = far or {}
    stamps = {path: away.get(path) or stamp(path) for path in paths}
    same_means = before.means == means()  # asked once: it looks for programs
    known_still = [s for s in before.sources if same_means or _is_read(s)]
    earlier = {source.path: source for source in known_still}
    gone = [s for s in known_still if s.path not in stamps and s.digest]
    vanished = {(s.digest, ending(s.path)): s for s in gone}
    filed = _by_path(before.chunks)
    kept: dict[str, Source] = {}
    renames: dict[str, str] = {}
    for path, seen in stamps.items():
        known = _same(path, seen, earlier.get(path), vanished, before.began)
        if known is not None and _holds(known, path, filed, companions):
            kept[path] = _renamed(known, path)
            if known.path != path:
                renames.setdefault(known.path, path)
    called = {now: before for before, now in renames.items()}
    lost = _lost(kept, called, filed)
    return Plan(
        {path: source for path, source in kept.items() if path not in lost},
        stamps,
        renames,
        tuple(path for path in stamps if path in lost or path not in kept),
        _gone(before, {p: s for p, s in kept.items() if p not in lost}),
    )


def _is_read(source: Source) -> bool:
    """Whether nothing of a file was left unread."""
    return all(outcome.status != "failed" for outcome in source.outcomes)


def _same(
    path: str,
    seen: Stamp | None,
    known: Source | None,
    vanished: Mapping[tuple[str, str], Source],
    began: int,
) -> Source | None:
    """What is known of a file, if it is still that file."""
    if seen is None:
        return None
    if known is not None and known.stamp == seen and max(seen.mtime, seen.ctime) < began:
        return known
    if is_object(path) or (known is None and not vanished):
        return None
    now = content(path)
    if not now:  # it can't be read: that is told anew
        return None
    if known is not None and known.digest == now:
        return msgspec.structs.replace(known, stamp=seen)
    found = vanished.get((now, ending(path)))
    return msgspec.structs.replace(found, stamp=seen) if found else None


def _holds(
    known: Source, path: str, filed: Mapping[str, list[Filed]], companions: Companions
) -> bool:
    """Whether manifest, roster and names say of its documents what they said."""
    manifest, roster = companions.known, companions.roster
    return all(
        known_as(manifest.get(path_key(now)) or NOT_KNOWN, now) == one.known
        and digest(roster.candidates(one.name, one.body)) == one.listed
        for one in filed.get(known.path, ())
        for now in (path + one.path.removeprefix(known.path),)
    )


def _lost(
    kept: Mapping[str, Source], called: Mapping[str, str], filed: Mapping[str, list[Filed]]
) -> frozenset[str]:
    """Sources of documents that don't stand in the shards under the first path that holds them.

    That path's manifest row counts: a document is read again when another path is the first.
    """
    under: dict[str, str] = {}
    first: dict[str, str] = {}
    for path, source in kept.items():
        for one in filed.get(called.get(path, path), ()):
            under.setdefault(one.document_id, path)
        for document in _documents(source):
            first.setdefault(document, path)
    return frozenset(
        path
        for path, source in kept.items()
        if any(under.get(document) != first[document] for document in _documents(source))
    )


def _documents(source: Source) -> Iterator[str]:
    """The documents that were read of a source."""
    return (o.document_id for o in source.outcomes if o.status == "read" and o.document_id)


def _by_path(chunks: Mapping[str, tuple[Filed, ...]]) -> dict[str, list[Filed]]:
    """The documents by the file they came from."""
    found: dict[str, list[Filed]] = defaultdict(list)
    for filed in chunks.values():
        for one in filed:
            found[one.file].append(one)
    return found


def _renamed(known: Source, path: str) -> Source:
    if known.path == path:
        return known
    outcomes = tuple(
        msgspec.structs.replace(o, path=path + o.path.removeprefix(known.path))
        for o in known.outcomes
    )
    return msgspec.structs.replace(known, path=path, outcomes=outcomes)


def _gone(before: State, kept: Mapping[str, Source]) -> dict[str, frozenset[str]]:
    """The documents that no kept source holds, by chunk."""
    held: dict[str, set[str]] = defaultdict(set)
    for source in kept.values():
        held[source.chunk].update(o.document_id for o in source.outcomes if o.document_id)
    gone = {
        chunk: frozenset(one.document_id for one in filed) - held[chunk]
        for chunk, filed in before.chunks.items()
    }
    return {chunk: documents for chunk, documents in gone.items() if documents}
