"""An animation made of parts has the pixels of its frames drawn whole."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageSequence

from backprop_tutor.charts.moving import Part, gif_bytes
from backprop_tutor.render.stage.marks import Disc, Mark, Path, Rect

SIZE = (160.0, 80.0)
FIXED = Rect(x=4, y=4, width=72, height=72, stroke="ink")


def left(place: int) -> list[Mark]:
    """Return a disc that goes to the right, in a frame that stays."""
    return [Disc(x=20 + 10 * place, y=40, r=6, fill="#1f5fbf", kind="now"), FIXED]


def right(place: int) -> list[Mark]:
    """Return a level curve that grows over what is still to come, its end marked."""
    now = 100 + 20 * place
    return [
        Path(d="M100 40H140", stroke="pending", width=4, kind="later"),
        Path(d=f"M100 40H{now}", stroke="#d95f02", width=4, kind="course"),
        Disc(x=now, y=40, r=4, fill="#d95f02", kind="now"),
    ]


def pixels(data: bytes) -> list[np.ndarray]:
    with Image.open(io.BytesIO(data)) as image:
        return [np.asarray(each.convert("RGB")).astype(int) for each in ImageSequence.Iterator(image)]


def test_parts_are_the_frames_drawn_whole() -> None:
    """What moves in an area, and a course shown as far as it has come, look as in one drawing; bytes repeat."""
    whole = [[Part(area=(0, 0, *SIZE), marks=[*left(n), *right(n)])] for n in range(3)]
    apart = [
        [
            Part(area=(2, 2, 76, 76), marks=left(n)),
            Part(area=(90, 20, 64, 40), marks=right(n), until=100.0 + 20 * n),
        ]
        for n in range(3)
    ]
    found = pixels(gif_bytes(apart, SIZE))
    for ours, wanted in zip(found, pixels(gif_bytes(whole, SIZE)), strict=True):
        assert np.abs(ours - wanted).max() <= 40
    assert gif_bytes(apart, SIZE) == gif_bytes(apart, SIZE)
    assert [int((frame[30, 75:105, 2] < 60).sum()) for frame in found] == [3, 18, 30]
