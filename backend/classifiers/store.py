"""The models on this computer: found, added, opened and deleted."""

import logging
import os
import shutil
import sys
import tempfile
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from backend.classifiers.compiled import Compiled
from backend.classifiers.labels import clean, unused
from backend.classifiers.locks import FileLock
from backend.classifiers.model import MODEL_ID, PARADE, Model
from backend.classifiers.successors import Successors
from backend.classifiers.worker import run_import
from backend.disk import no_room, put, sync
from backend.errors import BadSetting, Busy, Forbidden, NotFound
from backend.picture import FIT_WAYS

MOST_OPEN = 4
"""Models kept in memory at once; a MobileNetV2 takes about 20 MB on two cores."""
LONGEST_WAIT_S = 90
LONGEST_NAME = 60
_TEMPORARY = ".import-"
_BUILT_IN = Path(__file__).parents[1] / PARADE
_log = logging.getLogger(__name__)
Reader = Callable[[Mapping[str, Path], list[str], Path], dict[str, Any]]


def default_home() -> Path:
    """PEEKABOO_HOME, or the folder where this platform keeps what programs store."""
    if chosen := os.environ.get("PEEKABOO_HOME"):
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Peekaboo"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "Peekaboo"
    shared = os.environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "peekaboo"


class Store:
    """The built-in model and those that were added, each in a folder `models/<id>`.

    A model appears with one rename and disappears with one, so that it is there as a whole
    or not at all, whatever is killed meanwhile. Several programs may use one folder.
    """

    def __init__(self, home: Path | None = None):
        """Open the folder; it is made if it is not there.

        Raises:
            Busy: it cannot be.
        """
        self.home = home or default_home()
        self._models = self.home / "models"
        self._successors = Successors(self.home / "replaced.json")
        self._open: OrderedDict[str, tuple[Model, Compiled]] = OrderedDict()
        self._opening = threading.Lock()
        lock = FileLock(self.home / "import.lock")
        try:
            self._models.mkdir(parents=True, exist_ok=True)
            if lock.acquire(0):
                self._sweep()
        except OSError as problem:
            raise no_room(problem) from problem
        finally:
            lock.release()

    def models(self) -> list[Model]:
        """All models, the built-in one first, the others by name."""
        found = []
        for folder in self._models.iterdir():
            if MODEL_ID.match(folder.name) and (model := self._read(folder, folder.name)):
                found.append(model)
        found.sort(key=lambda model: (model.name.casefold(), model.id))
        built_in = self._read(_BUILT_IN, PARADE)
        return [built_in, *found] if built_in else found

    def model(self, model_id: str) -> Model:
        """One model; for one that was replaced, the one in its place.

        Raises:
            NotFound: there is none with this id.
        """
        found = self._here(model_id) or self._here(self._successors.of(model_id))
        if not found:
            raise _unknown(model_id)
        return found

    @property
    def default_id(self) -> str:
        """The model used when none is named."""
        return PARADE

    def open(self, model_id: str) -> Compiled:
        """The model ready to run; opened once and kept while it is in use.

        Raises:
            NotFound: there is none with this id.
        """
        model = self.model(model_id)
        model_id = model.id
        with self._opening:
            if model_id in self._open and self._open[model_id][0] == model:
                self._open.move_to_end(model_id)
                return self._open[model_id][1]
            compiled = model.compile()
            self._open[model_id] = (model, compiled)
            self._open.move_to_end(model_id)
            while len(self._open) > MOST_OPEN:
                # Freed when the last sweep that uses it lets go of it.
                self._open.popitem(last=False)
            return compiled

    def add(
        self,
        parts: Mapping[str, Path],
        name: str | None = None,
        fit: str | None = None,
        pixels: tuple[float, float] | None = None,
        reader: Reader = run_import,
    ) -> Model:
        """Import a model.

        Args:
            parts: the files that belong to it, name -> file.
            name: for people, at most `LONGEST_NAME` letters of it; otherwise, or if it is
                blank, it is named after the file or its labels, unlike all others.
            fit: how pictures are fitted, if not the usual way for its input.
            pixels: what 0 and 255 become in its input, if not what its file suggests.
            reader: who reads the files. By default a process of its own, as files from
                elsewhere may do harm; `importing.read` reads here, if TensorFlow is loaded and
                we have made them ourselves.

        Returns:
            The new model, or the one that was made from the same files before (renamed, if
            a name is given).

        Raises:
            UserError: the files are no model that we can use, or there is no room.
        """
        if fit is not None and fit not in FIT_WAYS:
            raise BadSetting(
                "bad_fit",
                f"“{fit[:40]}” is not a way to fit a picture.",
                "Choose one of: " + ", ".join(FIT_WAYS) + ".",
            )
        name = _tidy(name or "") or None
        lock = FileLock(self.home / "import.lock")
        try:
            if not lock.acquire(LONGEST_WAIT_S):
                raise Busy(
                    "import_running",
                    "Another model is being added at the moment.",
                    "Wait a moment and try again.",
                )
            self._sweep()
            return self._import(parts, reader, name=name, fit=fit, pixels=pixels)
        except OSError as problem:
            raise no_room(problem) from problem
        finally:
            lock.release()

    def rename(self, model_id: str, name: str) -> Model:
        """Give a model another name, which is shortened to `LONGEST_NAME` letters.

        Raises:
            NotFound: there is none with this id.
            Forbidden: it is the built-in one.
            BadSetting: nothing is left of the name.
        """
        if model_id == PARADE:
            raise _built_in("keeps its name", "rename")
        if not (tidy := _tidy(name)):
            raise BadSetting("no_name", "A classifier needs a name.", "Write what it tells apart.")
        return self._change(self.model(model_id), {"name": tidy})

    def delete(self, model_id: str) -> None:
        """Take a model off this computer.

        Raises:
            NotFound: there is none with this id.
            Forbidden: it is the built-in one.
        """
        if model_id == PARADE:
            raise _built_in("stays", "delete")
        # Not one that stands for it now: nobody meant to delete that.
        model = self._here(model_id)
        if not model:
            raise _unknown(model_id)
        # Renamed first, so that it is gone at once and as a whole.
        leftover = self._models / f"{_TEMPORARY}deleted-{uuid.uuid4().hex}"
        model.folder.rename(leftover)
        with self._opening:
            self._open.pop(model_id, None)
        shutil.rmtree(leftover, ignore_errors=True)

    def replace(self, model_id: str, successor: str) -> None:
        """Take a model away that another one stands for from now on.

        Whoever asks for the former one, such as a project that was saved before, gets its
        successor. Nothing happens if both are the same.
        """
        if model_id == successor:
            return
        self._successors.put(model_id, successor)
        with suppress(NotFound):
            self.delete(model_id)

    def formerly(self, model_id: str) -> list[str]:
        """The ids of those that a model stands for."""
        return self._successors.formerly(model_id)

    def _import(self, parts: Mapping[str, Path], reader: Reader, **settings: object) -> Model:
        work = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self._models))
        try:
            there = self.models()
            result = reader(parts, [model.id for model in there], work)
            if "known" in result:
                return self._change(self.model(result["known"]), settings)
            model_id, kept = result["model"], work / "kept"
            draft = Model.read(kept, model_id)
            settings["name"] = settings["name"] or unused(
                draft.name, {model.name for model in there}
            )
            self._change(draft, settings)
            for path in [*kept.rglob("*"), kept]:
                sync(path)
            # Only a damaged one can be there: the import would have known a whole one.
            shutil.rmtree(self._models / model_id, ignore_errors=True)
            kept.rename(self._models / model_id)
            sync(self._models)
            return self.model(model_id)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _change(self, model: Model, settings: dict[str, object]) -> Model:
        changed = model.with_settings(**settings)
        if changed != model:
            put(model.folder / "model.json", changed.as_file().encode())
        return changed

    def _here(self, model_id: str) -> Model | None:
        if model_id == PARADE:
            return self._read(_BUILT_IN, PARADE)
        known = MODEL_ID.match(model_id)
        return self._read(self._models / model_id, model_id) if known else None

    def _read(self, folder: Path, model_id: str) -> Model | None:
        try:
            return Model.read(folder, model_id)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            _log.warning("skipped the damaged model in %s: %r", folder, problem)
            return None

    def _sweep(self) -> None:
        """Remove what killed imports left behind; only while holding the lock."""
        for folder in self._models.glob(_TEMPORARY + "*"):
            shutil.rmtree(folder, ignore_errors=True)


def _tidy(name: str) -> str:
    return " ".join(clean(name).split())[:LONGEST_NAME].strip()


def _unknown(model_id: str) -> NotFound:
    return NotFound(
        "unknown_model",
        f"The classifier “{model_id[:40]}” is not on this computer, or not any more.",
        "Choose one that is: “models list” or the block “use model” shows all.",
    )


def _built_in(does: str, do: str) -> Forbidden:
    return Forbidden(
        "built_in_model",
        f"The parade model is part of Peekaboo and {does}.",
        f"You can {do} the models that you added.",
    )
