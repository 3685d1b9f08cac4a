"""Data sets: those at hand, pictures from a folder, and CSV files with every fault in its place."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tutor.engine import datasets
from backprop_tutor.engine.datasets.numbers_file import read_csv
from backprop_tutor.engine.datasets.pictures import read_idx
from backprop_tutor.errors import FileError, OptionError, TutorError, UnknownNameError


def test_iris_is_fishers() -> None:
    """150 flowers of three species, 50 each, with the known means."""
    table = datasets.iris()
    assert table.features.shape == (150, 4)
    assert np.bincount(table.targets).tolist() == [50, 50, 50]
    assert table.features.mean(0).tolist() == pytest.approx([5.843333, 3.057333, 3.758, 1.199333])


def test_moons_are_the_same_for_a_seed() -> None:
    """Points of a seed are always the same and lie on their half circles without noise."""
    first, again = datasets.moons(50, seed=4), datasets.moons(50, seed=4)
    assert (first.features == again.features).all()
    still = datasets.moons(40, noise=0.0).features[:20]
    assert np.allclose((still**2).sum(1), 1, atol=1e-6)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_faults_are_all_reported(tmp_path: Path) -> None:
    """Text, NaN, an empty cell and a short row: each with line, column and what was given."""
    path = _write(tmp_path / "d.csv", "a,b,kind\n1,2,x\n3,foo,y\n4,nan,z\n5,,x\n1,2\n6,7,\n")
    with pytest.raises(FileError) as refused:
        datasets.read_csv(path)
    assert str(refused.value).replace(f"{path}: ", "").splitlines() == [
        "line 3, column `b`: `foo` is not a number",
        "line 4, column `b`: `nan` is not a finite number",
        "line 5, column `b`: the cell is empty; expected a number",
        "line 6: 2 cells; expected 3",
        "line 7, column `kind`: the cell is empty",
    ]


def test_csv_numbers_are_what_a_table_holds(tmp_path: Path) -> None:
    """1_000 is no number in a table, and 1e300 does not fit float32."""
    path = _write(tmp_path / "n.csv", "a,kind\n1_000,x\n1e300,y\n-2.5e-3,z\n")
    with pytest.raises(FileError) as refused:
        datasets.read_csv(path)
    assert str(refused.value).replace(f"{path}: ", "").splitlines() == [
        "line 2, column `a`: `1_000` is not a number",
        "line 3, column `a`: `1e300` is too large for float32",
    ]


def test_csv_forms(tmp_path: Path) -> None:
    """With or without a header, by comma, semicolon or tab; text and whole numbers are classes."""
    plain = datasets.read_csv(_write(tmp_path / "a.csv", "1,2,0\n3,4,1\n5,6,0\n7,8,1\n"))
    assert plain.columns == ("column 1", "column 2")
    assert plain.classes == ("0", "1")
    named = datasets.read_csv(_write(tmp_path / "b.csv", "kind;u\nno;1.5\nyes;2\n"), "kind")
    assert named.classes == ("no", "yes")
    assert named.features.tolist() == [[1.5], [2.0]]
    numbers = datasets.read_csv(_write(tmp_path / "c.csv", "x\ty\n1\t0.5\n2\t1.25\n"))
    assert numbers.classes == ()
    assert numbers.targets.tolist() == [[0.5], [1.25]]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the file is empty"), ("a\n1\n", "one column"), ("a,b\n", "a header and no rows")],
)
def test_csv_without_data(tmp_path: Path, text: str, message: str) -> None:
    """A file without rows says what is missing."""
    with pytest.raises(FileError, match=message):
        datasets.read_csv(_write(tmp_path / "e.csv", text))


def test_csv_refusals(tmp_path: Path) -> None:
    """A missing file, a file that is no text and a column that is not there are named."""
    with pytest.raises(FileError, match="there is no such file"):
        datasets.read_csv(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(FileError, match="not UTF-8 text: byte 4 is 0xff"):
        datasets.read_csv(tmp_path / "x.csv")
    path = _write(tmp_path / "k.csv", "width,kind\n1,a\n2,b\n")
    with pytest.raises(UnknownNameError, match=r"no column `knd`.*did you mean `kind`"):
        datasets.read_csv(path, "knd")


def test_one_hot_columns(tmp_path: Path) -> None:
    """A column of text, or of numbers that are names, becomes one of 0 and 1 for each value."""
    path = _write(tmp_path / "o.csv", "c,n,y\nred,10,1.5\nblue,9,2.5\nred,9,3.5\n")
    table = datasets.read_csv(path, one_hot="c,n")
    assert table.columns == ("c=blue", "c=red", "n=9", "n=10")
    assert table.features.tolist() == [[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 1, 0]]
    assert datasets.read_csv(path, one_hot=["all"]).columns == ("c=blue", "c=red", "n")
    assert datasets.read_csv(path, drop=["c"]).columns == ("n",)


def test_a_target_is_classes_or_numbers_as_asked(tmp_path: Path) -> None:
    """Whole numbers that repeat are classes unless they are said to be numbers, and the reverse."""
    path = _write(tmp_path / "t.csv", "x,y\n1,0.5\n2,0.5\n3,1.5\n")
    assert datasets.read_csv(path, kind="classes").classes == ("0.5", "1.5")
    whole = _write(tmp_path / "w.csv", "x,y\n1,3\n2,4\n3,3\n4,4\n")
    assert datasets.read_csv(whole).classes == ("3", "4")
    assert datasets.read_csv(whole, kind="numbers").targets.tolist() == [[3], [4], [3], [4]]
    with pytest.raises(FileError, match="line 3, column `y`: `b` is not a number"):
        datasets.read_csv(_write(tmp_path / "m.csv", "x,y\n1,3\n2,b\n"), kind="numbers")
    with pytest.raises(OptionError) as wrong:
        datasets.read_csv(path, kind="number")
    assert str(wrong.value) == "a target is classes or numbers, not `number`; did you mean `numbers`?"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "column `c` is text (`blue`, `red`); --one-hot c makes a column of 0 and 1 for each, --drop c "
             "leaves it out (in Python one_hot=['c'] and drop=['c'])\n"
             "column `m` is text (`1,5`, `2,5`, `3,5`); a decimal point was expected, as in 1.5"),
        ({"one_hot": "c", "drop": "c"}, "`c` is to be one-hot and to be left out"),
        ({"one_hot": "y"}, "one-hot: `y` is the target"),
        ({"drop": "y"}, "drop: `y` is the target"),
        ({"drop": "m,c"}, "no column is left to predict `y` from"),
        ({"drop": "n"}, "drop: no column `n`; its columns: c, m, y"),
        ({"one_hot": "C"}, "one-hot: no column `C`; its columns: c, m, y (did you mean `c`?)"),
    ],
)  # fmt: skip
def test_columns_that_cannot_be_read(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    """Columns of text are refused whole, and options that contradict each other."""
    path = _write(tmp_path / "c.csv", "c;m;y\nred;1,5;0\nblue;2,5;1\nred;3,5;0\n")
    with pytest.raises(TutorError) as refused:
        datasets.read_csv(path, **options)
    assert str(refused.value).replace(f"{path}: ", "") == message


def test_a_column_that_names_rows(tmp_path: Path) -> None:
    """So many different texts are no kinds: to be left out, or another target to be chosen."""
    rows = "".join(f"row {i},{i},{i % 2}\n" for i in range(30))
    path = _write(tmp_path / "r.csv", "name,x,y\n" + rows)
    with pytest.raises(FileError, match=r"and 26 more\); --drop name leaves it out$"):
        datasets.read_csv(path)
    with pytest.raises(FileError, match="30 different values in 30 rows, too many for a column each"):
        datasets.read_csv(path, one_hot="all")
    with pytest.raises(FileError, match="too many to be classes; choose another with --target"):
        datasets.read_csv(path, "name")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("usa,1,a\njapan,2,b\nusa,3,a\n", 3),  # `usa` and `a` stand below again: a row
        ("origin,x,kind\nusa,1,a\njapan,2,b\n", 2),  # no number where all below have one
        ("origin,weather\nusa,sun\njapan,rain\nusa,rain\n", 3),  # all text, none again
        ("sun,no\nrain,yes\nsun,no\n", 3),  # all text, all again
        ("1,2,3\n4,5,6\n", 2),
    ],
)
def test_whether_the_first_line_is_a_header(tmp_path: Path, text: str, rows: int) -> None:
    """No row is lost as a header, and no header is read as a row."""
    assert len(datasets.read_csv(_write(tmp_path / "h.csv", text), one_hot="all")) == rows


def test_a_first_line_that_may_be_either(tmp_path: Path) -> None:
    """It is asked about, and both answers are taken."""
    path = _write(tmp_path / "e.csv", "1,2,label\n3,4,a\n5,6,b\n")
    with pytest.raises(FileError) as asked:
        datasets.read_csv(path)
    assert str(asked.value) == (
        f"{path}: line 1 may be a header or a row: `label` stands nowhere else in its column, and the "
        "rest are numbers; say which with --header or --no-header (in Python header=True or header=False)"
    )
    assert datasets.read_csv(path, header=True).columns == ("1", "2")
    assert len(datasets.read_csv(path, header=False)) == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    """LF, CR LF and bare CR end lines; a break within quotes does not."""
    path = tmp_path / "l.csv"
    path.write_bytes(end.join(['x,"two', 'words"', "1,2", "3,4", ""]).encode())
    table = datasets.read_csv(path)
    assert table.features.tolist() == [[1], [3]]
    assert table.target == f"two{end}words"


def _idx(array: Any) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def test_pictures_from_a_folder(tmp_path: Path) -> None:
    """The four IDX files, packed or not, become rows of brightness and class numbers."""
    images, labels = np.arange(2 * 3 * 3).reshape(2, 3, 3), np.array([1, 9])
    (tmp_path / "train-images-idx3-ubyte").write_bytes(_idx(images))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(_idx(labels)))
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(_idx(images))
    with pytest.raises(FileError, match="not found: t10k-labels-idx1-ubyte"):
        datasets.load("fashion-mnist", folder=str(tmp_path))
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(_idx(labels))
    table = datasets.load("fashion-mnist", folder=str(tmp_path))
    assert table.shape == (3, 3)
    assert table.features[1, 0] == pytest.approx(9 / 255)
    assert [table.classes[n] for n in table.targets] == ["Trouser", "Ankle boot"]
    assert table.test is not None
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(_idx(labels)[:-1])
    with pytest.raises(FileError, match=r"holds 1 bytes; its header says 2 = 2"):
        datasets.load("mnist", folder=str(tmp_path))


def test_pictures_from_npz(tmp_path: Path) -> None:
    """One npz file with Keras's names will do; one without them is refused by name."""
    images, labels = np.zeros((2, 3, 3), np.uint8), np.array([1, 9], np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    assert len(datasets.pictures(tmp_path)) == 2
    np.savez(tmp_path / "m.npz", x_train=images)
    with pytest.raises(FileError, match="expected the arrays x_train, y_train"):
        datasets.pictures(tmp_path / "m.npz")


def test_names() -> None:
    """An unknown name is refused with the nearest; options go with the data they belong to."""
    with pytest.raises(OptionError, match="did you mean `moons`"):
        datasets.load("moon")
    with pytest.raises(OptionError, match="read from a folder you have"):
        datasets.load("mnist")
    with pytest.raises(OptionError, match="not for `iris`"):
        datasets.load("iris", folder="x")
    with pytest.raises(OptionError, match="a target column is chosen in a CSV file"):
        datasets.load("iris", target="x")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("name", ["t.csv", "i.gz", "i"])
def test_pipes(tmp_path: Path, name: str) -> None:
    """A pipe in a file's place is refused at once: it may never end."""
    path = tmp_path / name
    os.mkfifo(path)
    read = read_csv if name == "t.csv" else read_idx
    with pytest.raises(FileError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: it is a pipe, not a file"


def test_a_packed_file_that_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a packed file no more is unpacked than the largest of the known files could have."""
    monkeypatch.setitem(read_idx.__globals__, "_MOST_BYTES", 1000)
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\x01" + bytes(100_000)))
    with pytest.raises(FileError) as caught:
        read_idx(path)
    assert str(caught.value) == f"{path}: more than 1,000 bytes"
