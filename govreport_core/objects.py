"""The address of a folder on an object store in, its objects out, and one line for what fails.

An address is a path that begins with `s3:/`, the bucket first: that is how a `Path`
writes `s3://bucket/folder`. Who asks, which region and which endpoint is told by the
variables that all programs for S3 know (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` …).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from govreport_core.errors import DatasetError

SCHEME = "s3:"
_AT_ONCE = 16  # requests: most of one is waiting
_PATIENCE = dt.timedelta(seconds=20)
_REFUSED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Unauthorized")
_NOBODY = ("169.254.169.254", "169.254.170.2", "CredentialsNotLoaded", "ProvideError")

T = TypeVar("T")
R = TypeVar("R")


class ConflictError(DatasetError):
    """An object isn't as it was when it was last looked at: somebody else has written it."""


class MissingError(DatasetError):
    """There is no such object."""


class Looks(msgspec.Struct, frozen=True):
    """How an object looks from outside.

    Attributes:
        size: In bytes.
        changed: When, in nanoseconds, by the store's clock.
        tag: Another one for every content.
    """

    size: int
    changed: int
    tag: str


def is_object(path: Path | str) -> bool:
    """Whether a path names something on an object store."""
    return str(path) == SCHEME or str(path).startswith(f"{SCHEME}/")


def address(path: Path | str) -> str:
    """A path as a person or another program writes it: `s3://bucket/folder`."""
    text = str(path)
    return f"{SCHEME}//{text.removeprefix(f'{SCHEME}/').lstrip('/')}" if is_object(text) else text


def each(do: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """Do the same with many things, some at once, as most of it is waiting; the first error."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(do, things))


class Folder:
    """A folder on an object store; keys below it are plain, with slashes.

    Attributes:
        path: Its address, as a path.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if len(path.parts) == 1:
            msg = f"{address(path)}: name a bucket: s3://bucket/folder"
            raise DatasetError(msg)
        with self._told():
            self._store = _opened(address(path))

    def listed(self, below: str = "") -> dict[str, Looks]:
        """All objects below a folder of this one.

        Raises:
            DatasetError: No such bucket, not allowed, or out of reach.
        """
        import obstore  # noqa: PLC0415 - an extra

        with self._told():
            batches = obstore.list(self._store, f"{below}/" if below else None)
            return {about["path"]: _looks(about) for batch in batches for about in batch}

    def read(self, key: str) -> tuple[bytes, str]:
        """An object's bytes and its tag.

        Raises:
            MissingError: There is none, in a bucket that is there.
            DatasetError: As for `listed`.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            found = obstore.get(self._store, key)
            return bytes(found.bytes()), found.meta["e_tag"] or ""

    def looks(self, key: str) -> Looks | None:
        """How one object looks; None where there is none.

        Raises:
            DatasetError: As for `listed`.
        """
        import obstore  # noqa: PLC0415

        with contextlib.suppress(MissingError), self._told():
            return _looks(obstore.head(self._store, key))
        return None

    def fetch(self, key: str, to: Path, most: int | None = None) -> int:
        """Write an object's bytes to a file, some at a time, unless there are too many.

        Returns:
            How many bytes it has; over `most`, nothing was written.

        Raises:
            OSError: The file can't be written.
            DatasetError: As for `read`.
        """
        import obstore  # noqa: PLC0415

        to.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            found = obstore.get(self._store, key)
            size = int(found.meta["size"])
            if most is not None and size > most:
                return size
            parts = iter(found.stream())
        with to.open("wb") as file:
            while True:
                with self._told():
                    part = next(parts, None)
                if part is None:
                    return size
                file.write(part)

    def put(self, key: str, data: bytes | Path) -> None:
        """Write an object, whatever was there.

        Raises:
            DatasetError: As for `listed`.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            obstore.put(self._store, key, data)

    def put_after(self, key: str, data: bytes, tag: str | None) -> str:
        """Write an object if it still has that tag, or if there is none yet; its new tag.

        Raises:
            ConflictError: It hasn't, or there is one.
            DatasetError: As for `listed`.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            mode: Any = "create" if tag is None else {"e_tag": tag}
            return (
                obstore.put(self._store, key, data, mode=mode, use_multipart=False)["e_tag"] or ""
            )

    def copy(self, key: str, to: str) -> None:
        """Copy an object within the store.

        Raises:
            DatasetError: As for `read`.
        """
        import obstore  # noqa: PLC0415

        with self._told():
            obstore.copy(self._store, key, to)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; one that isn't there is none to remove.

        Raises:
            DatasetError: As for `listed`.
        """
        import obstore  # noqa: PLC0415

        found = list(keys)
        if found:
            with self._told(), contextlib.suppress(FileNotFoundError):
                obstore.delete(self._store, found)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the store answers, as one line that says what to do."""
        try:
            yield
        except DatasetError:
            raise
        except ImportError as error:
            msg = f"{address(self.path)}: needs the extra: pip install 'govreport[cluster]'"
            raise DatasetError(msg) from error
        except Exception as error:
            raise self._as_ours(error) from error

    def _as_ours(self, error: Exception) -> DatasetError:
        text = str(error)
        kind = type(error).__name__
        where = address(self.path)
        if kind in ("AlreadyExistsError", "PreconditionError"):
            return ConflictError(f"{where}: another build has written it meanwhile")
        if "NoSuchBucket" in text:
            return DatasetError(f"{where}: no such bucket; make it, or name another")
        if any(sign in text for sign in _NOBODY):
            told = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            return DatasetError(f"{where}: no credentials on this machine; {told}")
        if kind in ("PermissionDeniedError", "UnauthenticatedError") or any(
            sign in text for sign in _REFUSED
        ):
            return DatasetError(f"{where}: not allowed; check the credentials and their rights")
        if isinstance(error, FileNotFoundError):
            return MissingError(f"{where}: no such object")
        first = text.splitlines()[0][:200] if text else kind
        return DatasetError(f"{where}: can't be reached; check AWS_ENDPOINT_URL ({first})")


def _looks(about: Any) -> Looks:
    changed = int(about["last_modified"].timestamp() * 1_000_000_000)
    return Looks(about["size"], changed, about["e_tag"] or "")


def _opened(url: str) -> Any:
    from obstore.store import from_url  # noqa: PLC0415 - an extra

    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return from_url(
        url,
        client_options={"allow_http": plain, "connect_timeout": "5s", "timeout": "5m"},
        retry_config={"max_retries": 4, "retry_timeout": _PATIENCE},
    )
