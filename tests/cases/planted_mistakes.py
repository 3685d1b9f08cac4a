"""A user's program with mistakes, each beside the line that was meant; type checkers read it, nothing runs it."""


import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn, optim
from backprop_tutor.engine.nn import functional as F

d = bt.derive("f = w*x + b", at={"w": -2, "x": 5, "b": 3})
x = torch.ones(3, 2, requires_grad=True)
model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))

d.diagram(theme="drak")  # not: d.diagram(theme="dark")
d.frames(layout="neato")  # not: d.frames(layout="dot")
d.frames().save("steps", format="pgn")  # not: d.frames().save("steps", format="png")
d.explain("html")  # not: d.explain("markdown")
d.lesson(theme="automatic")  # not: d.lesson(theme="auto")
d.animation(pase=0.5)  # not: d.animation(pace=0.5)
d.contact_sheet(colums=3)  # not: d.contact_sheet(columns=3)
d.tikz(blank="value")  # not: d.tikz(blank="values")
d.gradient["x"]  # not: d.gradients["x"]
d.steps[0].vlaue  # not: d.steps[0].number
bt.derve("f = x", at={"x": 1})  # not: bt.derive("f = x", at={"x": 1})
bt.network([2, 2, 1], activation="rleu")  # not: bt.network([2, 2, 1], activation="relu")
bt.network([2, 2, 1], activation=bt.rleu)  # not: bt.network([2, 2, 1], activation=bt.relu)
bt.network([2, 2, 1], loss="mean_square_error")  # not: bt.network([2, 2, 1], loss="mean_squared_error")
bt.mark(d, {"df/dx": "-2"}, want="formulas")  # not: bt.mark(d, {"df/dx": "-2"}, want="formula")
bt.descend("L = (w - 3)^2", {"w": 0}, learning_rate=0.1)  # not: bt.descend("L = (w - 3)^2", {"w": 0}, lr=0.1)
bt.derive(3)  # not: bt.derive(lambda w: w * w, at={"w": 3})
d.moved(x=[1, 2])  # not: d.moved(x="1/3")
d.update(lr=None)  # not: d.update(lr=0.1)
bt.mark(d, {"df/dx": "-2"}, tolerance=[0.1])  # not: bt.mark(d, {"df/dx": -2}, tolerance={"absolute": 0.1})
bt.sweep("f = w*x", at={"w": {1.0}, "x": 4})  # not: bt.sweep("f = w*x", at={"w": [[1.0], [2.0]], "x": x})
bt.from_model("model", [[0.0, 1.0]], [0])  # not: bt.from_model(model, [[0.0, 1.0]], [0])
bt.sgmoid(0.5)  # not: bt.sigmoid(0.5)
x.sum().bakward()  # not: x.sum().backward()
x.reshpe(2, 3)  # not: x.reshape(2, 3)
torch.rleu(x)  # not: torch.relu(x)
torch.softmax(x, axis_of=1)  # not: torch.softmax(x, dim=1)
nn.CrossEntropyLos()  # not: nn.CrossEntropyLoss()
nn.MSELoss(reduction="average")  # not: nn.MSELoss(reduction="mean")
F.rleu(x)  # not: F.relu(x)
optim.Adm(model.parameters(), lr=0.1)  # not: optim.Adam(model.parameters(), lr=0.1)
nn.Linear("2", 4)  # not: nn.Linear(2, 4)
nn.LeakyReLU(slope=0.1)  # not: nn.LeakyReLU(negative_slope=0.1)
