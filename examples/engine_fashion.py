"""A classifier the Keras way: 784-128-10 on Fashion-MNIST files you have, else on small digits.

With `--folder` the four IDX files (or one npz) of Fashion-MNIST are read; without, scikit-learn's
1,797 digits of 8 by 8 stand in. Writes a figure of predictions, the wrong ones in red.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, keras, plots
from backprop_tutor.errors import TutorError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="where the files of Fashion-MNIST are")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("-o", "--output", type=Path, default=Path("predictions.png"))
    given = parser.parse_args()
    torch.manual_seed(0)
    if given.folder:
        try:
            table = datasets.pictures(given.folder, fashion=True)
        except TutorError as error:
            raise SystemExit(str(error)) from None
        x, y, x_test, y_test = table.features, table.targets, table.test.features, table.test.targets
    else:
        try:
            table = datasets.digits()
        except TutorError as error:
            raise SystemExit(f"{error}; or give the files of Fashion-MNIST with --folder") from None
        order = np.random.RandomState(0).permutation(len(table))
        x, x_test = table.features[order[:1500]], table.features[order[1500:]]
        y, y_test = table.targets[order[:1500]], table.targets[order[1500:]]
    shape = table.shape
    x, x_test = x.reshape(-1, *shape), x_test.reshape(-1, *shape)
    model = keras.Sequential([
        keras.layers.Flatten(input_shape=shape),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.summary()
    model.fit(x, y, epochs=given.epochs, verbose=0)
    loss, accuracy = model.evaluate(x_test, y_test)
    print(f"test loss {loss:.4f}, test accuracy {accuracy:.4f}")
    shown = x_test[:15]
    figure = plots.predictions(shown, model.predict(shown), y_test[:15], table.classes)
    print("predictions in", plots.save_figure(figure, given.output))
    assert accuracy > 0.8


if __name__ == "__main__":
    main()
