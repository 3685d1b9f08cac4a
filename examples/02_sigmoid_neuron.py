"""The 2-D sigmoid neuron, as one gate and with its sigmoid taken apart into four.

Source of the numbers: CS231n, "Backpropagation, Intuitions".
"""

import backprop_tutor as bt

POINT = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
PROGRAM = "dot = w0*x0 + w1*x1 + w2; f = sigmoid(dot)"

whole = bt.derive(PROGRAM, at=POINT)
apart = bt.derive(PROGRAM, at=POINT, expand=("sigmoid",))

print(apart.explain(detail="brief"))
frames = apart.frames()
frames.save("sigmoid_neuron")
print(f"{len(frames)} pictures in sigmoid_neuron/, all on one layout")

assert round(whole.values["f"], 2) == 0.73
for name in POINT:
    assert abs(whole.gradients[name] - apart.gradients[name]) < 1e-15
