"""f = wx + b at w = -2, x = 5, b = 3: every value, every gradient, in words and as a picture."""

import backprop_tutor as bt

d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
print(d.explain())

d.diagram().save("wx_plus_b.svg")
d.diagram(step=5).save("wx_plus_b_step_5.png")

assert d.values["f"] == -7
assert dict(d.gradients) == {"w": 5, "x": -2, "v1": 1, "b": 1, "f": 1}
assert d.check().ok
