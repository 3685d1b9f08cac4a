"""The programs on which sheets are made: expressions, networks, losses, division, exp and log, shared weights."""

from __future__ import annotations

from searches.causes.passes import Program, program


def _at(text: str) -> dict[str, float]:
    return {n: float(x) for n, x in (pair.split() for pair in text.split(","))}


PROGRAMS: tuple[Program, ...] = (
    program("gates", """
        q = add x y
        r = mul q z
        f = square r
        """, at=_at("x -2.3, y 5.1, z -1.7")),
    program("two uses", """
        u = mul x y
        v = sub u z
        _1 = mul v x
        _2 = mul 3 y
        f = add _1 _2
        """, at=_at("x 2.4, y -1.35, z 0.85")),
    program("fraction", """
        u = add x y
        v = mul x z
        q = div u v
        f = square q
        """, at=_at("x 1.7, y 2.6, z -1.3")),
    program("exp and log", """
        u = mul x y
        e = exp u
        s = add e z
        l = ln s
        f = mul l w
        """, at=_at("x 0.7, y 1.6, z 2.3, w -1.4")),
    program("logistic by hand", """
        u = mul w x
        n = neg u
        e = exp n
        d = add 1 e
        s = div 1 d
        f = mul s y
        """, at=_at("w 0.8, x 1.45, y 2.7")),
    program("rarer functions", """
        u = mul x y
        s = sin u
        c = cube s
        m = max c z
        _1 = add m 2
        r = sqrt _1
        f = mul r x
        """, at=_at("x 1.3, y 0.85, z 0.37")),
    program("neuron", """
        _1 = mul w x
        z = add _1 b
        a = sigmoid z
        e = sub a t
        _2 = square e
        L = div _2 2
        """, at=_at("w 0.65, x 1.8, b -0.35, t 0.9"), weights=("w",), biases=("b",),
        layers={"output": ("_1", "z", "a")}),
    program("chain of two", """
        _1 = mul w1 x
        z1 = add _1 b1
        h = tanh z1
        _2 = mul w2 h
        z2 = add _2 b2
        _e = sub z2 t
        L = square _e
        """, at=_at("w1 0.75, x 1.4, b1 -0.25, w2 -1.6, b2 0.45, t 0.8"), weights=("w1", "w2"),
        biases=("b1", "b2"), layers={"hidden": ("_1", "z1", "h"), "output": ("_2", "z2")}),
    program("2-2-2", """
        _1 = mul w1 x1
        _2 = mul w2 x2
        _3 = add _1 _2
        z1 = add _3 b1
        h1 = sigmoid z1
        _4 = mul w3 x1
        _5 = mul w4 x2
        _6 = add _4 _5
        z2 = add _6 b2
        h2 = sigmoid z2
        _7 = mul w5 h1
        _8 = mul w6 h2
        _9 = add _7 _8
        z3 = add _9 b3
        o1 = sigmoid z3
        _10 = mul w7 h1
        _11 = mul w8 h2
        _12 = add _10 _11
        z4 = add _12 b4
        o2 = sigmoid z4
        _e1 = sub o1 t1
        _s1 = square _e1
        E1 = div _s1 2
        _e2 = sub o2 t2
        _s2 = square _e2
        E2 = div _s2 2
        L = add E1 E2
        """, at=_at("x1 0.45, x2 -1.3, w1 0.6, w2 -0.4, w3 0.25, w4 0.9, b1 0.35, b2 -0.15, w5 0.7, "
                    "w6 -0.55, w7 1.2, w8 0.3, b3 0.2, b4 -0.65, t1 0.05, t2 0.95"),
        weights=tuple(f"w{i}" for i in range(1, 9)), biases=tuple(f"b{i}" for i in range(1, 5)),
        layers={"hidden": ("_1", "_2", "_3", "z1", "h1", "_4", "_5", "_6", "z2", "h2"),
                "output": ("_7", "_8", "_9", "z3", "o1", "_10", "_11", "_12", "z4", "o2")}),
    program("relu network", """
        _1 = mul w1 x1
        _2 = mul w2 x2
        _3 = add _1 _2
        z1 = add _3 b1
        h1 = relu z1
        _4 = mul w3 x1
        _5 = mul w4 x2
        _6 = add _4 _5
        z2 = add _6 b2
        h2 = relu z2
        _7 = mul v1 h1
        _8 = mul v2 h2
        _9 = add _7 _8
        o = add _9 c
        e = sub o t
        _s = square e
        L = div _s 2
        """, at=_at("x1 1.5, x2 -0.8, w1 0.9, w2 0.35, w3 -0.6, w4 0.7, b1 0.25, b2 0.15, v1 1.3, v2 -0.45, "
                    "c 0.55, t 3.1"),
        weights=("w1", "w2", "w3", "w4", "v1", "v2"), biases=("b1", "b2", "c"),
        layers={"hidden": ("_1", "_2", "_3", "z1", "h1", "_4", "_5", "_6", "z2", "h2"),
                "output": ("_7", "_8", "_9", "o")}),
    program("softmax, cross-entropy", """
        _1 = mul w1 x
        z1 = add _1 b1
        _2 = mul w2 x
        z2 = add _2 b2
        _3 = mul w3 x
        z3 = add _3 b3
        p1, p2, p3 = softmax z1 z2 z3
        L = ce p1 p2 p3 y1 y2 y3
        """, at=_at("x 1.4, w1 0.6, w2 -0.35, w3 0.85, b1 0.2, b2 0.75, b3 -0.4, y1 0, y2 1, y3 0"),
        weights=("w1", "w2", "w3"), biases=("b1", "b2", "b3"),
        layers={"output": ("_1", "z1", "_2", "z2", "_3", "z3")}),
    program("softmax, written out", """
        z1 = mul w1 x
        z2 = mul w2 x
        p1, p2 = softmax z1 z2
        l1 = ln p1
        l2 = ln p2
        _1 = mul y1 l1
        _2 = mul y2 l2
        _3 = add _1 _2
        L = neg _3
        """, at=_at("x 1.6, w1 0.7, w2 -0.45, y1 0.8, y2 0.2"), weights=("w1", "w2"),
        layers={"output": ("z1", "z2")}),
    program("logistic regression", """
        _1 = mul w1 x1
        _2 = mul w2 x2
        _3 = add _1 _2
        z = add _3 b
        p = sigmoid z
        L = bce p y
        """, at=_at("w1 0.8, x1 1.25, w2 -0.65, x2 0.9, b 0.3, y 1"), weights=("w1", "w2"), biases=("b",),
        layers={"output": ("_1", "_2", "_3", "z", "p")}),
    program("shared weight", """
        _1 = mul w x1
        z1 = add _1 b
        h = tanh z1
        _2 = mul w h
        z2 = add _2 b
        o = tanh z2
        e = sub o t
        _3 = square e
        L = div _3 2
        """, at=_at("w 0.85, x1 1.35, b -0.3, t 0.75"), weights=("w",), biases=("b",),
        layers={"hidden": ("_1", "z1", "h"), "output": ("_2", "z2", "o")}),
    program("two samples, mean", """
        _1 = mul w x1
        p1 = add _1 b
        _2 = mul w x2
        p2 = add _2 b
        e1 = sub p1 t1
        e2 = sub p2 t2
        _3 = square e1
        _4 = square e2
        _5 = add _3 _4
        L = div _5 2
        """, at=_at("w 0.65, x1 1.7, x2 -2.2, b 0.4, t1 2.3, t2 -0.6"), weights=("w",), biases=("b",),
        layers={"output": ("_1", "p1", "_2", "p2")}),
)  # fmt: skip
