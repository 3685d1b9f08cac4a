from __future__ import annotations

import time

import backprop_tutor as bt
from backprop_tutor.motion import animation


def test_an_animation_of_23_frames_takes_less_than_three_seconds(twelve: bt.Derivation) -> None:
    """GIF and APNG of at least 23 frames, layout and all, cost under 3 s of processor time."""
    assert len(twelve.steps) >= 23
    start = time.process_time()
    moving = animation(twelve)
    moving.gif()
    moving.apng()
    assert time.process_time() - start < 3.0
