"""Who walks in the parade: each character is a name and the items that tell who it is."""

from __future__ import annotations

from backend.parade.characters import chef, clown, explorer, inventor, wizard
from backend.parade.outfits import Item

CHARACTERS: dict[str, tuple[Item, ...]] = {
    "chef": chef.WORN,
    "clown": clown.WORN,
    "explorer": explorer.WORN,
    "inventor": inventor.WORN,
    "wizard": wizard.WORN,
}
