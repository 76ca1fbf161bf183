"""Every block, run as a script in TurboWarp's VM, against what the server says by itself."""

import numpy as np
import pytest

from backend.explanations.cover import COVERS, cover_pixels
from backend.picture import Picture
from tests.extension.conftest import HERE
from tests.extension.player import RED, SPRITE_AT, SPRITE_PIXELS, SPRITE_SIZE, Player, ask

pytestmark = pytest.mark.browser


def percent(share: float) -> float:
    return pytest.approx(100 * share, abs=0.006)


def test_classify_remembers_label_and_confidences(player: Player):
    player.run("classify", PICTURE="stage")
    answer = player.same_answer()
    assert answer["label"] == "wizard"
    assert player.ask("label") == "wizard"
    assert player.ask("confidence") == percent(answer["confidence"])
    for entry in answer["predictions"]:
        assert player.ask("confidenceOf", LABEL=entry["label"]) == percent(entry["confidence"])


def test_classify_as_a_reporter(player: Player):
    assert player.ask("classifyLabel", PICTURE="stage") == "wizard"
    answer = player.same_answer()
    assert player.ask("classifyConfidence", PICTURE="stage") == percent(answer["confidence"])
    assert player.ask("label") == "wizard"


def test_the_stage_is_sent_as_it_looks(player: Player, parade):
    player.run("classify", PICTURE="stage")
    expected = parade["wizard"].copy()
    left, top = 240 + SPRITE_AT[0] - SPRITE_SIZE[0] // 2, 180 - SPRITE_AT[1] - SPRITE_SIZE[1] // 2
    expected[top : top + SPRITE_SIZE[1], left : left + SPRITE_SIZE[0]] = RED
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)


def test_the_backdrop_is_sent_without_sprites_and_covers(player: Player, parade):
    player.run("coverSquare", SQUARE=20)
    player.run("classify", PICTURE="backdrop")
    np.testing.assert_array_equal(player.sent[-1].pixels, parade["wizard"])


@pytest.mark.parametrize("cover", sorted(COVERS))
def test_covers_look_as_those_of_the_sweep(player: Player, cover):
    player.run("classify", PICTURE="stage")
    expected = player.sent[-1].pixels.copy()
    covered = (slice(120, 180), slice(240, 300))  # row 3, column 5
    expected[covered] = cover_pixels(Picture(expected.copy()), cover)[covered]
    player.run("setCover", COVER=cover)
    player.run("coverArea", ROW=3, COLUMN=5)
    player.run("classify", PICTURE="stage")
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)


def test_a_sprite_is_sent_as_its_costume_alone(player: Player):
    player.run("classify", PICTURE="sprite")
    np.testing.assert_array_equal(player.sent[-1].pixels, SPRITE_PIXELS)
    assert player.ask("label") == player.same_answer()["label"]


REPAINT = """
([rotationStyle, direction]) => {
  const sprite = test.sprite();
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 80 });
  const context = canvas.getContext('2d');
  ['red', 'lime', 'blue', 'white'].forEach((colour, at) => {
    context.fillStyle = colour;
    context.fillRect(120 * (at % 2), at < 2 ? 0 : 40, 120, 40);
  });
  sprite.getCurrentCostume().asset.encodeDataURI = () => canvas.toDataURL();
  sprite.setRotationStyle(rotationStyle);
  sprite.setDirection(direction);
}
"""
"""Makes the sprite's costume red and green above blue and white, and turns it."""
QUARTERS = np.repeat(
    np.repeat(
        np.array([[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (255, 255, 255)]], np.uint8), 40, axis=0
    ),
    120,
    axis=1,
)


@pytest.mark.parametrize(
    ("style", "direction", "expected"),
    [
        ("all around", 90, QUARTERS),
        ("all around", 180, np.rot90(QUARTERS, -1)),
        ("all around", -90, np.rot90(QUARTERS, 2)),
        ("left-right", -90, QUARTERS[:, ::-1]),
        ("left-right", 135, QUARTERS),
        ("don't rotate", -90, QUARTERS),
    ],
)
def test_a_turned_sprite_is_sent_as_it_is_seen(player: Player, style, direction, expected):
    player.page.evaluate(REPAINT, [style, direction])
    player.run("classify", PICTURE="sprite")
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)


def test_squares_lie_on_a_turned_sprite(player: Player):
    player.page.evaluate("() => { const box = test.sprite(); box.setXY(0, 0); }")
    player.page.evaluate(REPAINT, ["all around", 180])
    player.run("setSquares", ROWS=1, COLUMNS=1)
    player.run("measureRelevance", PICTURE="sprite")
    player.run("showRelevance")
    # 120 × 40 units, on its side.
    inside, outside = [(-18, 58), (18, -58)], [(-58, 0), (58, 0), (0, 63)]
    before = player.colours_at(outside)
    player.run("hideRelevance")
    np.testing.assert_array_equal(player.colours_at(outside), before)
    seen = player.colours_at(inside)
    player.run("showRelevance")
    assert (player.colours_at(inside) != seen).any(axis=1).all()


def test_the_camera_is_sent_and_goes_off_with_the_stop_sign(player: Player):
    # A camera that shows a picture of known colours, red on the left and blue on the right.
    player.page.evaluate(
        """() => {
          const video = window.player.vm.runtime.ioDevices.video;
          const frame = new ImageData(480, 360);
          frame.data.forEach((_, at) => {
            const red = (at / 4) % 480 < 240;
            frame.data[at] = [red ? 255 : 0, 0, red ? 0 : 255, 255][at % 4];
          });
          window.cameraIsOn = false;
          video.setProvider({
            enableVideo: () => { window.cameraIsOn = true; return Promise.resolve(); },
            disableVideo: () => { window.cameraIsOn = false; },
            getFrame: () => (window.cameraIsOn ? frame : null),
          });
        }"""
    )
    player.run("classify", PICTURE="camera")
    expected = np.zeros((360, 480, 3), np.uint8)
    expected[:, :240, 0] = expected[:, 240:, 2] = 255
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)
    assert player.ask("label") == player.same_answer()["label"]
    player.page.evaluate("window.player.vm.stopAll()")
    assert player.page.evaluate("window.cameraIsOn") is False


def test_a_snapshot_will_do_where_the_renderer_has_changed(player: Player):
    player.run("classify", PICTURE="stage")
    usual = player.sent[-1].pixels.astype(int)
    player.page.evaluate(
        "() => { window.player.renderer.gl.createFramebuffer = () => { throw Error('changed'); }; }"
    )
    player.run("classify", PICTURE="stage")
    assert len(player.sent) == 2
    assert np.abs(player.sent[-1].pixels - usual).max() <= 1


def test_relevance_is_what_the_server_measures(player: Player):
    player.run("measureRelevance", PICTURE="stage")
    answer = player.same_answer()
    assert answer["verdict"] == "found"
    unit = 100 if answer["measure"] == "confidence" else 1
    drops = np.array(answer[answer["measure"] + "_drop"]) * unit
    for square in range(1, 49):
        row, column = divmod(square - 1, 8)
        drop, ghost = drops[row, column], answer["ghost"][row][column]
        relevance = player.ask("relevanceOfSquare", SQUARE=square)
        assert relevance == pytest.approx(drop, abs=0.006)
        assert player.ask("ghostOfSquare", SQUARE=square) == pytest.approx(ghost, abs=0.006)
    assert player.ask("mostRelevantSquare") == answer["most_relevant"]["square"]
    assert player.ask("anySquareMattered") is True
    assert player.ask("relevanceSentence") == answer["sentence"]


@pytest.mark.parametrize(
    ("block", "setting", "expected"),
    [
        ("setMeasure", {"MEASURE": "log_odds"}, {"measure": "log_odds"}),
        ("setMeasure", {"MEASURE": "confidence"}, {"measure": "confidence"}),
        ("setSquares", {"COLUMNS": 5, "ROWS": 3}, {"columns": 5, "rows": 3}),
    ],
)
def test_settings_reach_the_server(player: Player, block, setting, expected):
    player.run(block, **setting)
    player.run("measureRelevance", PICTURE="stage")
    answer = player.same_answer()
    assert {name: answer[name] for name in expected} == expected
    assert player.ask("relevanceSentence") == answer["sentence"]


def test_cover_and_amplify_reach_the_server(player: Player):
    player.run("setCover", COVER="noise")
    player.run("setAmplify", AMPLIFY="3.5")
    player.run("measureRelevance", PICTURE="stage")
    settings = player.sent[-1].path.split("?")[1].split("&")
    assert {"cover=noise", "amplify=3.5"} <= set(settings)
    ghost = player.same_answer()["ghost"][2][4]
    assert player.ask("ghostOfSquare", SQUARE=21) == pytest.approx(ghost, abs=0.006)


def test_a_picture_where_nothing_matters(play):
    player = play(np.full((360, 480, 3), 120, np.uint8))
    player.page.evaluate("test.sprite().setVisible(false)")
    player.run("measureRelevance", PICTURE="stage")
    answer = player.same_answer()
    assert answer["verdict"] == "flat"
    assert player.ask("anySquareMattered") is False
    assert player.ask("mostRelevantSquare") == "none"
    assert player.ask("relevanceSentence") == answer["sentence"]
    player.run("showRelevance")
    assert player.says_something()


def test_show_measures_the_stage_if_nothing_is_measured(player: Player):
    player.run("showRelevance")
    assert player.sent[-1].path.startswith("/api/relevance")
    assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]
    player.run("showRelevance")
    assert len(player.sent) == 1


def test_squares_count_from_the_top_left(player: Player):
    assert player.ask("numberOfSquares") == 48
    places = {1: (-210, 150), 8: (210, 150), 9: (-210, 90), 48: (210, -150)}
    for square, (x, y) in places.items():
        assert player.ask("xOfSquare", SQUARE=square) == x
        assert player.ask("yOfSquare", SQUARE=square) == y
    player.run("setSquares", COLUMNS=7, ROWS=2)
    assert player.ask("numberOfSquares") == 14
    # 480 / 7: the first square takes the pixels 0 to 67, the last 411 to 479.
    assert player.ask("xOfSquare", SQUARE=1) == 34 - 240
    assert player.ask("xOfSquare", SQUARE=14) == 445.5 - 240
    assert player.ask("yOfSquare", SQUARE=14) == -90


def test_a_new_grid_forgets_what_was_measured_with_the_old(player: Player):
    player.run("measureRelevance", PICTURE="stage")
    player.run("setSquares", COLUMNS=8, ROWS=6)
    assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]
    player.run("setSquares", COLUMNS=4, ROWS=3)
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."
    assert player.ask("relevanceOfSquare", SQUARE=1) == "Nothing is measured yet."


def test_the_green_flag_starts_afresh(player: Player):
    player.run("setSquares", COLUMNS=4, ROWS=3)
    player.run("classify", PICTURE="stage")
    player.run("measureRelevance", PICTURE="stage")
    player.page.evaluate("window.player.vm.greenFlag()")
    assert player.ask("label") == "Nothing is classified yet."
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."
    assert player.ask("numberOfSquares") == 12


def test_models_by_id_and_by_name(player: Player):
    player.run("useModel", MODEL="parade")
    player.run("classify", PICTURE="stage")
    assert player.sent[-1].path == "/api/classify?model=parade"
    name = ask(player.address + "/api/models")["models"][0]["name"]
    player.run("useModel", MODEL=f" {name.upper()} ")
    assert not player.says_something()
    assert player.ask("label") == "wizard"


def test_menus_show_the_models_and_labels_of_the_server(player: Player):
    known = ask(player.address + "/api/models")
    player.page.wait_for_function("test.info().items.peekaboo_menu_label.length > 1")
    items = player.page.evaluate("test.info().items")
    expected = [[model["name"], model["id"]] for model in known["models"]]
    # What is taught with these blocks has an entry that outlives each of its classifiers.
    assert items["peekaboo_menu_model"] == [*expected, ["what I taught", "mine"]]
    labels = next(model for model in known["models"] if model["id"] == known["default"])["labels"]
    assert items["peekaboo_menu_label"] == [[label, label] for label in labels]


def test_in_turbowarp_the_helper_is_asked_at_port_8000(play, server):
    """Without the mark of our own pages, blocks ask this computer, whatever page they are on."""

    def as_turbowarp(page) -> None:
        html = (HERE / "player.html").read_text("utf-8").replace('name="peekaboo-server"', "")
        page.route("**/test/player.html", lambda route: route.fulfill(body=html))
        to_server = lambda route: route.continue_(  # noqa: E731
            url=route.request.url.replace("http://localhost:8000", server)
        )
        page.route("http://localhost:8000/api/**", to_server)

    allowed = ["local-network-access"]
    player = play(address="https://turbowarp.org", before=as_turbowarp, permissions=allowed)
    assert player.ask("classifyLabel", PICTURE="stage") == "wizard"
    assert player.page.url.startswith("https://turbowarp.org/")
