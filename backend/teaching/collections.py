"""The collections on this computer: `PEEKABOO_HOME/collections/<id>/<label's folder>/0001.png`."""

import re
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from backend.disk import no_room
from backend.errors import BadSetting, Busy, Forbidden
from backend.teaching import naming
from backend.teaching.collection import Collection
from backend.teaching.undoing import Bin

MINE = "mine"
"""The collection that is always there; Scratch's blocks use it."""
MOST_COLLECTIONS = 200
_ID = re.compile(r"(mine|[0-9a-f]{12})\Z")


class Collections:
    """All collections of this computer."""

    def __init__(self, home: Path):
        self.folder = home / "collections"

    def tidy(self) -> None:
        """What was deleted too long ago goes for good, also where nobody changes anything more."""
        for left in self.folder.glob(".deleted-*"):
            shutil.rmtree(left, ignore_errors=True)
        for folder in self.folder.glob("*/.bin"):
            with suppress(OSError):  # Another Peekaboo may be tidying up as well.
                Bin(folder).empty()

    def all(self) -> list[Collection]:
        """`mine` first, then the others by name."""
        self.get(MINE)
        folders = (path for path in self.folder.iterdir() if path.is_dir())
        found = [Collection(path) for path in folders if _ID.match(path.name)]
        return sorted(found, key=lambda one: (one.id != MINE, one.name.casefold(), one.id))

    def get(self, collection_id: str) -> Collection:
        """One collection; `mine` is made when it is first asked for.

        Raises:
            NotFound: there is none with this id.
        """
        folder = self.folder / collection_id
        if not _ID.match(collection_id) or (collection_id != MINE and not folder.is_dir()):
            raise naming.gone()
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        return Collection(folder)

    def add(self, name: str) -> Collection:
        """Make an empty collection.

        Raises:
            BadSetting: it has no name, or there are `MOST_COLLECTIONS` already.
            Busy: the disk is full or may not be written to; nothing is left of it.
        """
        if len(self.all()) >= MOST_COLLECTIONS:
            raise BadSetting(
                "too_many_collections",
                f"There are {MOST_COLLECTIONS} classifiers-to-be already.",
                "Delete one that nobody needs.",
            )
        naming.collection(name)  # refused before anything is made
        collection = Collection(self.folder / uuid.uuid4().hex[:12])
        try:
            collection.folder.mkdir(parents=True)
            collection.rename(name)
        except OSError as problem:
            raise no_room(problem) from problem
        except Busy:
            shutil.rmtree(collection.folder, ignore_errors=True)
            raise
        return collection

    def delete(self, collection_id: str) -> None:
        """Take a collection with all its pictures off this computer.

        Raises:
            NotFound: there is none with this id.
            Forbidden: it is `mine`.
        """
        folder = self.get(collection_id).folder
        if collection_id == MINE:
            raise Forbidden(
                "built_in_collection",
                "These examples always stay.",
                "You can delete their labels and pictures.",
            )
        gone = folder.with_name(f".deleted-{uuid.uuid4().hex}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
