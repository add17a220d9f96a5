"""A dataset's address on an object store in; the shelf of a build that writes it there out.

    dataset.json           names the version; written last, on condition that it is as it was
    versions/v000003-…/    the tables, as in any dataset
    build/                 chunks, the state, and who writes: what the next build goes on from

What a build makes here stands in a passing folder of this machine and is sent on;
shards that workers left on the store are copied there into the version, never through
this machine. Names are each run's own, so that two runs never write one object.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from govreport_core import objects
from govreport_core.dataset.store import Shelf
from govreport_core.errors import DatasetError
from govreport_core.passing import passing_folder

ABOUT = "dataset.json"
_CHUNKS = "build/chunks"
_STATE = "build/state"
_WRITER = "build/writer"
_VERSIONS = "versions"


class RemoteShelf(Shelf):
    """The shelf of a dataset on an object store.

    Attributes:
        root: A passing folder on this machine, as a shelf's hidden folder.
        far: The dataset's folder on the store.
        run: What this run's names end with.
    """

    def __init__(self, out: Path, staging: Path) -> None:
        super().__init__(out)
        self.root = staging
        self.far = objects.Folder(out)
        self.run = secrets.token_hex(4)
        if self._tag(ABOUT) is None:
            self._check_empty()
        self._turn = 0
        self._writer = self._tag(_WRITER)
        self._hold()
        self._about = self._tag(ABOUT)
        self._before = self._named_version() if self._about else None
        with contextlib.suppress(objects.MissingError):
            self.far.fetch(_STATE, self.state)

    def named(self, number: int) -> str:
        """What a new chunk is called, by this run alone."""
        return f"{super().named(number)}-{self.run}"

    def lost(self, chunks: Iterable[str]) -> bool:
        """Whether any of these chunks isn't on the store any more."""
        return not set(chunks) <= {_second(key) for key in self.far.listed(_CHUNKS)}

    def chunk(self, name: str) -> Path:
        """A chunk's shards, fetched when they are first asked for."""
        folder = super().chunk(name)
        if not folder.is_dir():
            keys = list(self.far.listed(f"{_CHUNKS}/{name}"))
            root = self.root / "chunks"
            objects.each(lambda k: self.far.fetch(k, root / k.removeprefix(f"{_CHUNKS}/")), keys)
        return folder

    def fresh_chunk(self, name: str) -> Path:
        """Where a new chunk's shards go on this machine, before they are shared."""
        folder = self.root / "chunks" / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder

    def address(self, name: str) -> str:
        """Where workers find and leave a chunk's shards."""
        return str(self.out / _CHUNKS / name)

    def share(self, name: str) -> None:
        """Send a chunk that was written here to the store; it is fetched again when needed."""
        folder = self.root / "chunks" / name
        sent(folder, self.far, f"{_CHUNKS}/{name}")
        shutil.rmtree(folder)

    def share_state(self) -> None:
        """Send the state to the store.

        Raises:
            DatasetError: Another build has begun to write since this one did.
        """
        self._hold()
        self.far.put(_STATE, self.state)

    def version(self, number: int) -> Path:
        """An empty folder for a version, named by this run alone."""
        folder = super().version(number)
        return folder.rename(folder.with_name(f"{folder.name}-{self.run}"))

    def swap(self, version: Path) -> None:
        """Send a version to the store, then have `dataset.json` name it, in one step.

        Raises:
            DatasetError: Another build has published since this one began.
        """
        files = [path for path in version.rglob("*") if path.is_file()]
        try:
            objects.each(lambda path: self._send(path, version), files)
        except objects.MissingError as error:
            raise self._outrun() from error
        self._hold()
        self._publish(version)

    def _publish(self, version: Path) -> None:
        """Name a version that is whole, if the one named is still that of the beginning."""
        about = json.loads((version / ABOUT).read_text(encoding="utf-8"))
        text = json.dumps({**about, "version": version.name}, ensure_ascii=False, indent=1) + "\n"
        try:
            self.far.put_after(ABOUT, text.encode(), self._about)
        except objects.ConflictError as error:
            raise self._outrun() from error

    def tidy(self, chunks: set[str], version: str) -> None:
        """Remove what no version and no state needs, as long as no other build has begun."""
        kept = {version, self._before}
        old = [k for k in self.far.listed(_VERSIONS) if k.split("/")[1] not in kept]
        old += [k for k in self.far.listed(_CHUNKS) if _second(k) not in chunks]
        # what another build writes after this isn't among what was listed before
        with contextlib.suppress(DatasetError):
            self._hold()
            self.far.delete(old)

    def _send(self, file: Path, version: Path) -> None:
        """Put a file of a version where it belongs; a chunk's shard is copied there."""
        table, *_ = below = file.relative_to(version).parts
        to = f"{_VERSIONS}/{version.name}/{'/'.join(below)}"
        if (self.root / "chunks" / file.stem).is_dir():
            stem = below[1] if len(below) > 2 else "all"
            self.far.copy(f"{_CHUNKS}/{file.stem}/{table}/{stem}.parquet", to)
        else:
            self.far.put(to, file)

    def _hold(self) -> None:
        """Begin to write, or say again that this is who writes.

        Nothing has to be let go: whoever begins later takes over, and this run, should it
        be alive, is told so here.
        """
        self._turn += 1
        told = f"{self.run} {self._turn}\n".encode()
        try:
            self._writer = self.far.put_after(_WRITER, told, self._writer)
        except objects.ConflictError as error:
            raise self._outrun() from error

    def _outrun(self) -> DatasetError:
        where = objects.address(self.out)
        return DatasetError(
            f"{where}: another build began to write it after this one; "
            "let that one end, and build again if something is missing"
        )

    def _tag(self, key: str) -> str | None:
        try:
            return self.far.read(key)[1]
        except objects.MissingError:
            return None

    def _named_version(self) -> str | None:
        """The version that is published now."""
        with contextlib.suppress(ValueError, KeyError, TypeError):
            return str(json.loads(self.far.read(ABOUT)[0])["version"])
        return None

    def _check_empty(self) -> None:
        own = ("build/", f"{_VERSIONS}/")
        if any(not key.startswith(own) for key in self.far.listed()):
            msg = f"{objects.address(self.out)}: not empty and not a dataset; choose another for -o"
            raise DatasetError(msg)


def sent(folder: Path, far: objects.Folder, below: str) -> None:
    """Send a folder's files to a store; what else is below that key goes.

    Raises:
        DatasetError: The store can't be written.
    """
    files = {
        f"{below}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.is_file()
    }
    objects.each(lambda pair: far.put(*pair), files.items())
    far.delete(key for key in far.listed(below) if key not in files)


@contextlib.contextmanager
def writing(out: Path) -> Iterator[RemoteShelf]:
    """The shelf of a dataset on an object store; whoever begins last writes it.

    Raises:
        DatasetError: `out` holds something that isn't a dataset, or can't be written.
    """
    with passing_folder() as staging:
        yield RemoteShelf(out, staging)


def _second(key: str) -> str:
    return key.split("/")[2]
