"""What others' tables take: rows, values and gradients in pandas, an engine's model in scikit-learn's search."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn, optim

D = bt.derive("q = x + y; f = q*z/3", at={"x": -2, "y": 5, "z": -4})
VALUES = {"x": -2, "y": 5, "q": 3, "z": -4, "v1": -12, "f": -4}
GRADIENTS = {"x": Fraction(-4, 3), "y": Fraction(-4, 3), "q": Fraction(-4, 3), "z": 1, "v1": Fraction(1, 3), "f": 1}


@pytest.fixture
def pd() -> ModuleType:
    return pytest.importorskip("pandas")


def test_rows_are_tuples_with_names() -> None:
    """Without any library a row is a plain tuple with the names of its fields, written by `csv` and `json`."""
    rows = D.rows()
    assert all(isinstance(row, tuple) and len(row) == len(row._fields) for row in rows)
    assert rows[0]._asdict() == {
        "of": "q", "wrt": "x", "slot": 0, "local": 1, "upstream": Fraction(-4, 3), "downstream": Fraction(-4, 3),
        "symbols": "1",
    }  # fmt: skip
    page = io.StringIO()
    csv.writer(page).writerows([rows[0]._fields, *rows])
    assert page.getvalue().splitlines()[:2] == ["of,wrt,slot,local,upstream,downstream,symbols", "q,x,0,1,-4/3,-4/3,1"]


@pytest.mark.parametrize(("found", "meant"), [(D.values, VALUES), (D.gradients, GRADIENTS)], ids=["values", "gradients"])
def test_values_and_gradients_are_dicts(found: Any, meant: dict[str, Any]) -> None:
    """They are dicts that cannot be changed, whatever the spelling of a name that is asked for."""
    assert isinstance(found, dict)
    assert dict(found) == found == found.copy() == meant
    assert type(found.copy()) is dict
    assert {**found} == dict(found.items()) == dict(zip(found.keys(), found.values(), strict=True))
    assert (found["v₁"], found.get("v₁"), found.get("u", 7)) == (meant["v1"],) * 2 + (7,)
    assert "v₁" in found
    assert "u" not in found
    assert [1] not in found
    assert list(found) == list(meant)
    with pytest.raises(TypeError, match="this mapping cannot be changed"):
        found["x"] = 1
    with pytest.raises(bt.UnknownNameError, match="the graph has no node `u`"):
        found["u"]
    with pytest.raises(bt.UnknownNameError, match="`name` is a name, not"):
        found[["x"]]
    numbers = {name: float(number) for name, number in found.items()}
    assert json.loads(json.dumps(numbers)) == numbers


def test_rows_are_a_frame(pd: ModuleType) -> None:
    """`DataFrame(d.rows())` has a column a field, and a line an edge."""
    frame = pd.DataFrame(D.rows())
    assert list(frame.columns) == ["of", "wrt", "slot", "local", "upstream", "downstream", "symbols"]
    assert [tuple(line) for line in frame.itertuples(index=False)] == [tuple(row) for row in D.rows()]
    assert (frame["local"] * frame["upstream"] == frame["downstream"]).all()
    assert frame.groupby("wrt")["downstream"].sum().to_dict() == {n: g for n, g in GRADIENTS.items() if n != "f"}


def test_values_and_gradients_are_columns(pd: ModuleType) -> None:
    """They make a series by name, columns beside each other, and a line of a table of points."""
    assert pd.Series(D.values).to_dict() == VALUES
    assert pd.Series(D.gradients).to_dict() == GRADIENTS
    frame = pd.DataFrame({"value": D.values, "gradient": D.gradients})
    assert frame["value"].to_dict() == VALUES
    assert frame["gradient"].to_dict() == GRADIENTS
    points = [D.moved(x=x).values for x in (1, 2)]
    assert pd.DataFrame(points)["f"].tolist() == [-8, Fraction(-28, 3)]


def test_columns_are_points(pd: ModuleType) -> None:
    """A series is a point, a frame many; what is swept is a frame again; matrices stand in cells."""
    assert bt.derive("f = x*y", at=pd.Series({"x": 2, "y": 3})).values["f"] == 6
    swept = bt.sweep("f = x*y", at=pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]}))
    assert pd.DataFrame(swept.values).to_dict("list") == {"x": [1, 2], "y": [3, 4], "f": [3, 8]}
    assert pd.DataFrame(swept.gradients)["x"].tolist() == [3, 4]
    d = bt.derive("Z = X@W; L = sum(Z)", at={"X": [[1.0, 2.0]], "W": [[1.0], [2.0]]})
    assert pd.Series(d.gradients)["W"].tolist() == [[1.0], [2.0]]
    marking = bt.mark(D, {"q": 3, "df/dx": 1})
    assert pd.DataFrame(marking.cells.values())["quantity"].tolist() == ["q", "df/dx"]


def test_a_grid_is_searched_over_an_engine_s_model() -> None:
    """scikit-learn clones, fits and scores an estimator that trains a model of the engine's."""
    base = pytest.importorskip("sklearn.base")
    search = pytest.importorskip("sklearn.model_selection")
    import numpy as np

    class Net(base.ClassifierMixin, base.BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
        def __init__(self, hidden: int = 1, lr: float = 0.1) -> None:
            self.hidden, self.lr = hidden, lr

        def fit(self, X: Any, y: Any) -> Net:
            torch.manual_seed(0)
            self.classes_ = np.unique(y)
            self.model_ = nn.Sequential(nn.Linear(2, self.hidden), nn.Tanh(), nn.Linear(self.hidden, 2))
            torch.fit(
                self.model_, nn.CrossEntropyLoss(), optim.Adam(self.model_.parameters(), lr=self.lr), (X, y),
                epochs=40, batch_size=16, progress=False,
            )  # fmt: skip
            return self

        def predict(self, X: Any) -> Any:
            return self.model_(torch.tensor(X)).argmax(dim=1).numpy()

    draws = np.random.default_rng(0)
    X = draws.normal(size=(80, 2)).astype(np.float32)
    y = (X[:, 0] * X[:, 1] > 0).astype(np.int64)
    found = search.GridSearchCV(Net(), {"hidden": [1, 8], "lr": [1e-5, 0.05]}, cv=2).fit(X, y)
    assert found.best_params_ == {"hidden": 8, "lr": 0.05}
    assert found.score(X, y) > 0.9
