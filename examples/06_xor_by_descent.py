"""XOR learnt by gradient descent on a typed program: four points, a 2-2-1 network, one loss."""

import backprop_tutor as bt

CORNERS = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))

lines = []
for n, (x1, x2, target) in enumerate(CORNERS, 1):
    lines += [
        f"h{n}_1 = sigmoid(w1_11*{x1} + w1_12*{x2} + b1_1)",
        f"h{n}_2 = sigmoid(w1_21*{x1} + w1_22*{x2} + b1_2)",
        f"p{n} = sigmoid(w2_11*h{n}_1 + w2_12*h{n}_2 + b2_1)",
        f"L{n} = bce(p{n}, {target})",
    ]
lines.append("L = (L1 + L2 + L3 + L4)/4")
PROGRAM = "\n".join(lines)
START = {
    "w1_11": 1.5, "w1_12": -1.0, "b1_1": 0.2, "w1_21": -1.2, "w1_22": 1.4, "b1_2": -0.1,
    "w2_11": 0.8, "w2_12": 0.9, "b2_1": -0.5,
}  # fmt: skip

course = bt.descend(PROGRAM, START, lr=2.0, steps=400)
for step, loss in course.table(9):
    print(f"step {step:4}   loss {loss:.4f}")

learnt = bt.derive(PROGRAM, at=course.at)
predictions = [round(float(learnt.values[f"p{n}"]), 3) for n in (1, 2, 3, 4)]
print("predictions", predictions)
assert [round(p) for p in predictions] == [0, 1, 1, 0]
