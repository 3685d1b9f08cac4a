"""Mazur's 2-2-2 network: its gradients, why backprop is cheaper than paths, and one update.

Source of the numbers: M. Mazur, "A Step by Step Backpropagation Example" (2015).
"""

import backprop_tutor as bt

PROGRAM = """
net_h1 = w1*i1 + w2*i2 + b1;  out_h1 = sigmoid(net_h1)
net_h2 = w3*i1 + w4*i2 + b1;  out_h2 = sigmoid(net_h2)
net_o1 = w5*out_h1 + w6*out_h2 + b2;  out_o1 = sigmoid(net_o1)
net_o2 = w7*out_h1 + w8*out_h2 + b2;  out_o2 = sigmoid(net_o2)
E = half_se(out_o1, t1) + half_se(out_o2, t2)
"""
POINT = {
    "i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99, "b1": 0.35, "b2": 0.6,
    "w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55,
}  # fmt: skip

d = bt.derive(PROGRAM, at=POINT)
print(d.explain(detail="brief", update=0.5))

paths = d.paths("w1")
print(f"∂E/∂w₁ has {len(paths)} paths; {d.closed_form('w1')}")

after = d.update(lr=0.5)
assert abs(after.at["w5"] - 0.35891648) < 1e-8
assert abs(after.at["w1"] - 0.149780716) < 1e-9
assert after.values["E"] < d.values["E"]
