"""The block that asks any method, in TurboWarp's VM, against what the server says by itself."""

import numpy as np
import pytest

from backend.explanations.methods import METHODS
from tests.extension.player import Player
from tests.extension.test_words import MENUS

pytestmark = pytest.mark.browser


def settings_of(player: Player) -> dict[str, str]:
    return dict(part.split("=") for part in player.sent[-1].path.split("?")[1].split("&"))


def test_the_menu_has_every_method_that_speaks_of_squares_for_a_label():
    assert set(MENUS["method"]) == {name for name, one in METHODS.items() if one.needs_target}


def test_squares_are_those_of_the_method(player: Player):
    player.run("showExplanation", METHOD="grad_cam", PICTURE="stage", LABEL="winner")
    assert settings_of(player) == {"method": "grad_cam", "rows": "6", "columns": "8"}
    answer = player.same_answer()
    assert answer["target"] == "wizard"
    assert answer["verdict"] == "found"
    relevance = np.array(answer["relevance"])
    shares = 100 * relevance / np.abs(relevance).max()
    for square in (1, 12, answer["most_relevant"]["square"], 48):
        row, column = divmod(square - 1, 8)
        said = player.ask("relevanceOfSquare", SQUARE=square)
        assert said == pytest.approx(shares[row, column], abs=0.006)
        ghost = player.ask("ghostOfSquare", SQUARE=square)
        assert ghost == pytest.approx(answer["ghost"][row][column], abs=0.006)
    most = answer["most_relevant"]
    assert player.ask("mostRelevantSquare") == most["square"]
    assert player.ask("anySquareMattered") is True
    assert player.ask("relevanceSentence") == (
        f"Grad-CAM points most at row {most['row'] + 1}, column {most['column'] + 1} for wizard."
    )


def test_squares_are_shown_and_hidden(player: Player, parade):
    player.page.evaluate("test.sprite().setVisible(false)")
    player.run("showExplanation", METHOD="occlusion", PICTURE="stage", LABEL="winner")
    ghost = np.array(player.same_answer()["ghost"])
    dark = np.argwhere(ghost == 0).tolist()
    assert dark
    # A little inside its corner, where neither number nor outline is drawn.
    points = [(column * 60 - 240 + 20, 180 - row * 60 - 15) for row, column in dark]
    assert player.colours_at(points).max() < 60
    player.run("hideRelevance")
    shown = [parade["wizard"][180 - y, x + 240] for x, y in points]
    np.testing.assert_allclose(player.colours_at(points), shown, atol=12)


def test_a_label_is_asked_about_by_its_name(player: Player):
    player.page.wait_for_function("test.info().items.peekaboo_menu_label.length > 1")
    player.run("showExplanation", METHOD="Shapley values", PICTURE="backdrop", LABEL="clown")
    assert settings_of(player)["target"] == "clown"
    assert settings_of(player)["method"] == "shapley"
    assert player.same_answer()["target"] == "clown"


def test_unknown_method_and_label_are_explained(player: Player):
    player.run("showExplanation", METHOD="magic", PICTURE="stage", LABEL="winner")
    assert player.sent == []
    assert player.says_something()
    player.run("measureRelevance", PICTURE="stage")
    player.run("showExplanation", METHOD="occlusion", PICTURE="stage", LABEL="dragon")
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."
    assert player.says_something()


def test_the_stop_sign_ends_it(player: Player):
    player.start("showExplanation", METHOD="shapley", PICTURE="stage", LABEL="winner")
    player.wait_until(lambda: player.sent)
    player.page.evaluate("window.player.vm.stopAll()")
    player.wait_until(lambda: player.aborted)
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."


def test_a_picture_of_nothing_says_so(play):
    player = play(np.full((360, 480, 3), 120, np.uint8))
    player.page.evaluate("test.sprite().setVisible(false)")
    player.run("showExplanation", METHOD="occlusion", PICTURE="stage", LABEL="winner")
    answer = player.same_answer()
    assert answer["verdict"] == "flat"
    said = f"Covering finds no square that speaks for {answer['target']}."
    assert player.ask("relevanceSentence") == said
    assert player.says_something()
