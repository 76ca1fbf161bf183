"""One collection: labelled pictures in plain folders, changed so that none is lost.

Whatever happens is one rename, and what is written is on the disk before it is spoken of.
Several programs may use one collection, and people may put pictures there by hand.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from backend.classifiers.labels import unused
from backend.classifiers.locks import FileLock
from backend.disk import no_room, put, put_all, read_json, write_json
from backend.errors import Busy, NotFound
from backend.picture import Picture
from backend.teaching import naming
from backend.teaching.examples import (
    COLLECTION_FILE,
    MOST_LABELS,
    MOST_PICTURES,
    Example,
    Examples,
    entries_in,
    examples_in,
    files_in,
    label_folders,
    last_number,
    number_in,
    pictures_in,
    too_many_labels,
    too_many_pictures,
)
from backend.teaching.masks import mask_of
from backend.teaching.pictures import encoded, file_of
from backend.teaching.undoing import Bin

LESSON_FOLDER = ".lesson"
"""What belongs to the lesson of a collection: hidden, so that it is no label."""
UNNAMED = "My classifier"
LONGEST_WAIT_S = 20


class Collection:
    """One collection: its labels, its pictures, and what was deleted last."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.id = folder.name

    @property
    def name(self) -> str:
        """For people."""
        return str(self.about().get("name") or UNNAMED)

    @property
    def named(self) -> bool:
        """Whether anybody has given it a name; pages say `UNNAMED` in their own language."""
        return bool(self.about().get("name"))

    def about(self) -> dict[str, Any]:
        """What `collection.json` says: name, labels in their order, the model that was taught."""
        return read_json(self.folder / COLLECTION_FILE)

    def note(self, **facts: Any) -> None:
        """Add facts to `collection.json`."""
        with self._changing() as about:
            about.update(facts)

    def rename(self, name: str) -> None:
        """Give it another name, which must not be empty (BadSetting)."""
        self.note(name=naming.collection(name))

    def labels(self) -> dict[str, Path]:
        """Every label in its order, with its folder."""
        return {label: self.folder / name for label, name in label_folders(self.folder)}

    def pictures(self, label: str) -> list[str]:
        """The names of a label's pictures, in the order of adding."""
        return [Example(path, label).name for path in pictures_in(self._folder(label))]

    def examples(self) -> Examples:
        """All of them."""
        return examples_in(self.folder)

    def add_label(self, wanted: str) -> str:
        """Make a label; gives it as it is kept.

        Raises:
            BadSetting: it has no name, a too long one, or one that is there already.
            CannotUse: there are too many.
        """
        label = naming.label(wanted)
        with self._changing() as about:
            self._refuse_taken(label)
            if len(about["labels"]) >= MOST_LABELS:
                raise too_many_labels()
            self._new_label(label, about["labels"])
        return label

    def rename_label(self, label: str, wanted: str) -> str:
        """Call a label something else; its folder follows."""
        new = naming.label(wanted)
        with self._changing() as about:
            folder = self._folder(label)
            if new == label:
                return new
            self._refuse_taken(new)
            others = [path.name for path in self.folder.iterdir() if path != folder]
            # Films and reviews speak of pictures by their folder: after a lesson it stays.
            taught = (self.folder / LESSON_FOLDER).exists()
            renamed = folder if taught else self.folder / naming.folder(new, others)
            folder.rename(renamed)
            for entry in about["labels"]:
                if entry["folder"] == folder.name:
                    entry.update(label=new, folder=renamed.name)
        return new

    def delete_label(self, label: str) -> None:
        """Take a label and its pictures away; `undo` brings them back."""
        with self._changing() as about:
            folder, entries = self._folder(label), about["labels"]
            position = [entry["folder"] for entry in entries].index(folder.name)
            last = max(entries.pop(position).get("last", 0), last_number(folder))
            about["last"] = max(about["last"], last)
            self._bin.take({folder.name: folder}, {"label": label, "position": position})

    def add_picture(self, label: str, picture: Picture) -> str:
        """Keep a picture as an example; gives its name.

        It is kept as PNG, or as JPEG if it is large, at most `LONGEST_SIDE_PX` px long, without
        anything that a camera wrote beside it (such as the place).

        Raises:
            NotFound: no such label.
            CannotUse: the collection is full.
            Busy: the disk is full, or somebody else keeps the collection locked.
        """
        return self.add_files(label, [encoded(picture)])[0]

    def add_files(self, label: str, files: Sequence[tuple[str, bytes]]) -> list[str]:
        """Keep pictures that are `encoded`, with their suffixes, at once; as `add_picture`."""
        with self._changing() as about:
            folder = self._folder(label)
            there = sum(files_in(one) for one in self.labels().values())
            if there + len(files) > MOST_PICTURES:
                raise too_many_pictures()
            entry = next(one for one in about["labels"] if one["folder"] == folder.name)
            # A number is never used again, not even one of a label that was deleted: films and
            # reviews speak of pictures by it.
            first = max(entry.get("last", about["last"]), last_number(folder)) + 1
            entry["last"] = first + len(files) - 1
            named = ((f"{first + at:04}{suffix}", one) for at, (suffix, one) in enumerate(files))
            paths = put_all(folder, dict(named))
        return [Example(path, label).name for path in paths]

    def delete_picture(self, name: str) -> None:
        """Take a picture away; `undo` brings it back."""
        with self._changing():
            path = self.picture(name)
            mask = self._mask(path)
            label = next(name for name, one in self.labels().items() if one == path.parent)
            # The mask under a name of its own, so that the two are told apart.
            kept = {path.name: path} | ({f"mask of {mask.name}": mask} if mask.is_file() else {})
            self._bin.take(kept, {"picture": path.name, "of": label})

    def picture(self, name: str) -> Path:
        """The file of a picture.

        Raises:
            NotFound: there is none of this name.
        """
        # Only what a listing gives is ever opened: a name is no path.
        folders = [one for one in self.labels().values() if name.startswith(f"{one.name}~")]
        listed = (one for folder in folders for one in pictures_in(folder))
        if not (path := next((one for one in listed if Example(one, "").name == name), None)):
            raise NotFound(
                "unknown_picture",
                "This picture is not here, or not any more.",
                "Load the page again.",
            )
        return path

    def mask(self, name: str) -> Path | None:
        """The file that says where in a picture the thing itself is, if there is one."""
        return mask if (mask := self._mask(self.picture(name))).is_file() else None

    def set_mask(self, name: str, mask: Picture) -> None:
        """Say where in a picture the thing itself is: white."""
        with self._changing():
            path = self._mask(self.picture(name))
            path.parent.mkdir(exist_ok=True)
            put(path, file_of(Image.fromarray(mask.pixels).convert("L"), "PNG"))

    @property
    def can_undo(self) -> bool:
        """Whether anything was deleted."""
        return self._bin.last() is not None

    def undo(self) -> None:
        """Bring back what was deleted last.

        Raises:
            NotFound: nothing was.
        """
        with self._changing() as about:
            deleted = self._bin.last()
            if deleted is None:
                raise NotFound(
                    "nothing_to_undo", "Nothing was deleted.", "There is nothing to bring back."
                )
            what, kept = deleted
            if "picture" in what:
                self._bring_back_picture(what, kept, about["labels"])
            elif kept:
                # Films and reviews speak of its pictures by the folder that it had.
                _, folder = self._new_label(
                    what["label"], about["labels"], what["position"], kept[0].name
                )
                folder.rmdir()
                kept[0].rename(folder)
            self._bin.forget_last()

    def _bring_back_picture(
        self, what: dict[str, Any], kept: list[Path], entries: list[dict[str, str]]
    ) -> None:
        folder = self.labels().get(what["of"])
        if folder is None:
            _, folder = self._new_label(what["of"], entries)
        target = folder / what["picture"]
        if target.exists():
            target = folder / f"{last_number(folder) + 1:04}{target.suffix}"
        for path in kept:
            if path.name == what["picture"]:
                path.rename(target)
            else:
                mask = self._mask(target)
                mask.parent.mkdir(exist_ok=True)
                path.rename(mask)

    def _new_label(
        self, wanted: str, entries: list[dict[str, str]], at: int | None = None, like: str = ""
    ) -> tuple[str, Path]:
        """A label with its (empty) folder, named `like` that if given; taken names get a number."""
        label = unused(wanted, {entry["label"] for entry in entries})
        names = [COLLECTION_FILE, *(path.name for path in self.folder.iterdir())]
        folder = self.folder / naming.folder(like or label, names)
        folder.mkdir()
        place = len(entries) if at is None else at
        entries.insert(place, {"label": label, "folder": folder.name})
        return label, folder

    def _refuse_taken(self, label: str) -> None:
        if label in self.labels():
            raise naming.taken(label)

    def _folder(self, label: str) -> Path:
        labels = self.labels()
        folder = labels.get(label) or labels.get(" ".join(label.split()))
        if folder is None:
            raise naming.unknown(label)
        return folder

    @property
    def _bin(self) -> Bin:
        return Bin(self.folder / ".bin")

    @staticmethod
    def _mask(picture: Path) -> Path:
        return mask_of(picture, [path.name for path in pictures_in(picture.parent)])

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Hold the collection; what is changed in the facts given is written at the end."""
        lock = FileLock(self.folder / ".lock")
        try:
            if not lock.acquire(LONGEST_WAIT_S):
                raise Busy(
                    "collection_in_use",
                    "Another program is changing these examples at the moment.",
                    "Wait a moment and try again.",
                )
            self._bin.empty()
            before = self.about()
            known = {entry.get("folder"): entry for entry in entries_in(before)}
            listed = [
                {**known.get(folder.name, {}), "label": label, "folder": folder.name}
                for label, folder in self.labels().items()
            ]
            about = {**before, "labels": listed, "last": number_in(before)}
            yield about
            if about != before:
                write_json(self.folder / COLLECTION_FILE, about)
        except OSError as problem:
            raise (no_room(problem) if self.folder.is_dir() else naming.gone()) from problem
        finally:
            lock.release()
