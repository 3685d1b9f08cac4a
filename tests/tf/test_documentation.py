"""The page about TensorFlow's names lists what there is."""

from __future__ import annotations

from shared import ROOT

from backprop_tutor import tf
from backprop_tutor.tf.namespace import ROOMS


def test_the_page_lists_every_name() -> None:
    """Each room has its row, with every name in it and no other."""
    page = (ROOT / "docs" / "tensorflow.md").read_text(encoding="utf-8")
    rooms = {".".join(filter(None, ["tf", room])): sorted(names) for room, names in ROOMS.items()}
    rooms["tf.data"] = sorted(tf.data.__all__)
    for name in dir(tf.keras):
        room = getattr(tf.keras, name)
        if not isinstance(room, type) and not callable(room):
            rooms[f"tf.keras.{name}"] = sorted(room.__all__)
    for room, names in rooms.items():
        assert f"| `{room}` | " + ", ".join(f"`{each}`" for each in names) + " |" in page, room
