import dataclasses

import pytest

from backend.drawing.settings import DRAW_SETTINGS, DrawSettings
from backend.errors import BadSetting


def test_the_table_lists_every_setting_and_its_default():
    defaults = dataclasses.asdict(DrawSettings())
    assert defaults == {name: setting.default for name, setting in DRAW_SETTINGS.items()}


def test_settings_come_as_texts():
    parsed = DrawSettings.parse({"type": "outlines", "clip_below": "60", "alpha_limit": "0.5"})
    assert parsed == DrawSettings(type="outlines", clip_below=60, alpha_limit=0.5)


@pytest.mark.parametrize("name", DRAW_SETTINGS)
@pytest.mark.parametrize("value", ["purple", "-1", "nan", "inf", "", None, "1e9"])
def test_what_is_not_allowed_is_refused_with_what_is(name, value):
    with pytest.raises(BadSetting) as refused:
        DrawSettings(**{name: value})
    assert refused.value.code == f"bad_{name}"
    setting = DRAW_SETTINGS[name]
    hint = refused.value.hint
    if setting.options:
        assert all(choice in hint for choice in setting.options)
    else:
        assert f"{setting.lowest:g} to {setting.highest:g}" in hint


@pytest.mark.parametrize("name", DRAW_SETTINGS)
def test_every_choice_is_allowed(name):
    setting = DRAW_SETTINGS[name]
    allowed = setting.options or [setting.highest]
    for value in allowed:
        if name == "clip_below" and value == 100:
            continue
        assert getattr(DrawSettings(**{name: value}), name) == value


def test_percentiles_must_leave_something():
    with pytest.raises(BadSetting, match="clip_below 80"):
        DrawSettings(clip_below=80, clip_above=80)


def test_a_slip_of_the_pen_is_noticed():
    with pytest.raises(BadSetting, match="colors"):
        DrawSettings.parse({"colors": "viridis"})
