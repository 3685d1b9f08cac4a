"""The program of a small network: its lines and names, its values, and refused settings."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor.errors import OptionError
from backprop_tutor.language import evaluate, network, parse


def test_weights_are_named_layer_then_to_then_from() -> None:
    """`w2_21` is layer 2's weight to node 2 from node 1; biases and sums follow."""
    assert network([2, 2, 2]).text == (
        "z1_1 = w1_11*x1 + w1_12*x2 + b1_1\n"
        "a1_1 = sigmoid(z1_1)\n"
        "z1_2 = w1_21*x1 + w1_22*x2 + b1_2\n"
        "a1_2 = sigmoid(z1_2)\n"
        "z2_1 = w2_11*a1_1 + w2_12*a1_2 + b2_1\n"
        "a2_1 = sigmoid(z2_1)\n"
        "z2_2 = w2_21*a1_1 + w2_22*a1_2 + b2_2\n"
        "a2_2 = sigmoid(z2_2)\n"
        "E1 = half_se(a2_1, t1)\n"
        "E2 = half_se(a2_2, t2)\n"
        "E = E1 + E2"
    )


def test_mazurs_network_is_one_renaming_away() -> None:
    """With its own names, the 2-2-2 network has the published program and the published loss."""
    cases = json.loads(
        (Path(__file__).parents[1] / "cases" / "worked_examples.json").read_text("utf-8")
    )
    case = next(c for c in cases if c["name"] == "mazur_2_2_2")
    program = network(
        [2, 2, 2],
        biases="layer",
        names={
            "inputs": ["i1", "i2"],
            "weights": [f"w{i}" for i in range(1, 9)],
            "sums": ["net_h1", "net_h2", "net_o1", "net_o2"],
            "activations": ["out_h1", "out_h2", "out_o1", "out_o2"],
            "losses": ["E_o1", "E_o2"],
        },
        values=case["values"],
    )
    published = case["program"].splitlines()
    assert program.text.splitlines()[:8] == published[:8]
    assert program.output == "E"
    env: dict[str, Any] = dict(program.values)
    for assignment in program.assignments:
        env[assignment.targets[0]] = evaluate(assignment.expression, env)
    assert env["E"] == pytest.approx(case["verified_values"]["E"], rel=1e-14)


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ({"sizes": [2, 1], "loss": "squared_error"},
         ["z1_1 = w1_11*x1 + w1_12*x2 + b1_1", "a1_1 = sigmoid(z1_1)", "E = se(a1_1, t1)"]),
        ({"sizes": [1, 1], "activation": "linear", "loss": "mse", "biases": None},
         ["a1_1 = w1_11*x1", "E = mse(a1_1, t1)"]),
        ({"sizes": [1, 2], "activation": "identity", "loss": "mse", "biases": "layer"},
         ["a1_1 = w1_11*x1 + b1", "a1_2 = w1_21*x1 + b1", "E = mse([a1_1, a1_2], [t1, t2])"]),
        ({"sizes": [1, 1], "activation": "tanh", "loss": None},
         ["z1_1 = w1_11*x1 + b1_1", "a1_1 = tanh(z1_1)"]),
        ({"sizes": [1, 1, 1], "activation": ["relu", "sigmoid"], "loss": "bce"},
         ["z1_1 = w1_11*x1 + b1_1", "a1_1 = relu(z1_1)", "z2_1 = w2_11*a1_1 + b2_1",
          "a2_1 = sigmoid(z2_1)", "E = bce(a2_1, t1)"]),
        ({"sizes": [1, 2], "activation": "softmax", "loss": "cross_entropy", "biases": None},
         ["z1_1 = w1_11*x1", "z1_2 = w1_21*x1", "a1_1, a1_2 = softmax(z1_1, z1_2)",
          "E = ce([a1_1, a1_2], [t1, t2])"]),
        ({"sizes": [1, 1], "names":
          {"w1_11": "w", "x1": "x", "output": "L", "b1_1": "θ"}},
         ["z1_1 = w*x + theta", "a1_1 = sigmoid(z1_1)", "L = half_se(a1_1, t1)"]),
    ],
)  # fmt: skip
def test_every_loss_activation_and_kind_of_bias(settings: dict[str, Any], lines: list[str]) -> None:
    """Sums over outputs, means, probabilities, linear layers, shared and missing biases."""
    assert network(**settings).text.splitlines() == lines


def test_a_layer_takes_a_function_for_its_name() -> None:
    """A function of the language stands for its name, alone and in a list; one that is no activation does not."""
    import backprop_tutor as bt

    assert network([2, 2, 1], bt.relu) == network([2, 2, 1], "relu")
    assert network([2, 2, 1], [bt.tanh, "linear"]) == network([2, 2, 1], ["tanh", "linear"])
    for given, told in ((bt.log, "`ln`"), ([bt.relu, bt.max], "`max`")):
        with pytest.raises(OptionError, match=f"activation is {told}; the choices"):
            network([2, 2, 1], given)


def test_one_activation_for_all_leaves_the_last_layer_to_a_loss_of_probabilities() -> None:
    """With bce the output is a sigmoid, with cross-entropy a softmax, and a note says so."""
    program = network([2, 2, 1], "relu", "bce")
    assert "a2_1 = sigmoid(z2_1)" in program.text
    assert program.notes == ("the last layer has sigmoid, since bce compares probabilities",)
    assert "softmax(z2_1, z2_2)" in network([2, 3, 2], "tanh", "cross_entropy").text
    assert network([2, 2, 1], "relu").notes == ()


def test_wide_layers_keep_node_numbers_apart() -> None:
    """From ten nodes on, `w1_10_2` cannot be read as another weight."""
    program = network([2, 10, 1])
    assert "w1_10_2" in program.inputs
    assert "w2_1_10" in program.inputs
    assert len(set(program.values)) == len(program.values) == 2 + 20 + 10 + 10 + 1 + 1


def test_values_are_small_readable_and_the_same_for_the_same_seed() -> None:
    """Every input, weight, bias and target has a value of one decimal; targets may be 0 or 1."""
    program = network([2, 2, 1], seed=3)
    assert network([2, 2, 1], seed=3).values == program.values
    assert network([2, 2, 1], seed=4).values != program.values
    assert set(program.values) == set(program.inputs)
    assert all(
        0 < abs(value) <= 1 and round(value, 1) == value for value in program.values.values()
    )
    assert network([1, 3], loss="ce").values["t1"] == 1
    assert [network([1, 3], loss="ce").values[t] for t in ("t2", "t3")] == [0, 0]
    assert network([1, 1], seed=0).values == {
        "x1": 0.9, "w1_11": -0.4, "b1_1": 0.3, "t1": 0.4,
    }  # fmt: skip


def test_given_values_replace_the_seeds() -> None:
    """Values are kept as given, fractions too."""
    values = network([1, 1], values={"w1_11": Fraction(1, 3), "x₁": 2}).values
    assert values["w1_11"] == Fraction(1, 3)
    assert values["x1"] == 2


def test_the_program_reads_back_from_its_own_text() -> None:
    """What network writes is what a user could have typed."""
    program = network([2, 3, 2], ["tanh", "softmax"], "cross_entropy")
    assert parse(program.text, program.inputs).reading == program.reading


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sizes": [2]}, "sizes has 1 layer; at least 2: the inputs and the outputs"),
        ({"sizes": [2, 0, 1]},
         "sizes[1] is 0; a layer has a whole number of nodes, 1 or more"),
        ({"sizes": [2, 1.0]},
         "sizes[1] is 1.0; a layer has a whole number of nodes, 1 or more"),
        ({"sizes": [2, True]},
         "sizes[1] is True; a layer has a whole number of nodes, 1 or more"),
        ({"sizes": 3}, "sizes is a list of whole numbers such as [2, 2, 1], not 3"),
        ({"sizes": [1000, 1000]},
         "sizes [1000, 1000] make 1,000,000 weights; at most 50,000, for a program has at most "
         "200,000 nodes"),
        ({"sizes": [2, 1], "activation": "sigmod"},
         "activation is `sigmod`; the choices are identity, linear, sigmoid, logistic, tanh, relu, "
         "leaky_relu, elu, softplus, silu, swish, gelu, selu, celu, mish, softsign, logsigmoid, "
         "log_sigmoid, hardtanh, hardsigmoid, relu6, softmax; did you mean `sigmoid`?"),
        ({"sizes": [2, 1], "activation": 3},
         "activation is 3; the choices are identity, linear, sigmoid, logistic, tanh, relu, "
         "leaky_relu, elu, softplus, silu, swish, gelu, selu, celu, mish, softsign, logsigmoid, "
         "log_sigmoid, hardtanh, hardsigmoid, relu6, softmax"),
        ({"sizes": [2, 2, 1], "activation": ["relu"]},
         "activation names 1 layer, and 2 follow the inputs; give one name for all, or one for "
         "each"),
        ({"sizes": [2, 2, 2], "activation": "softmax"},
         "softmax is an activation of the last layer; name one for each layer"),
        ({"sizes": [2, 2, 2], "activation": ["softmax", "relu"]},
         "softmax is an activation of the last layer, not of layer 1"),
        ({"sizes": [2, 1], "activation": "softmax"},
         "softmax shares out among 2 or more outputs, and there is 1"),
        ({"sizes": [2, 1], "loss": "cross_entropy"},
         "softmax shares out among 2 or more outputs, and there is 1: with one output, use bce and "
         "sigmoid"),
        ({"sizes": [2, 1], "loss": "bse"},
         "loss is `bse`; the choices are se, squared_error, half_se, half_squared_error, mse, "
         "mean_squared_error, bce, binary_cross_entropy, ce, cross_entropy; did you mean `se`?"),
        ({"sizes": [2, 2, 1], "activation": ["relu", "relu"], "loss": "bce"},
         "the loss `bce` compares probabilities, and the last layer's activation `relu` gives "
         "none; use `sigmoid` or `softmax`"),
        ({"sizes": [2, 1], "biases": "nodes"},
         "biases is `nodes`; the choices are node, layer, None; did you mean `node`?"),
        ({"sizes": [2, 1], "seed": 1.5}, "seed is a whole number, not 1.5"),
        ({"sizes": [2, 1], "names": ["a", "b"]},
         "names is a mapping from a group or a name to what it is called, such as {'inputs': "
         "['i1', 'i2']}; not a list"),
        ({"sizes": [2, 1], "names": {"input": ["a", "b"]}},
         "names has no group and no name `input`; did you mean `inputs`?"),
        ({"sizes": [2, 1], "names": {"inputs": ["a"]}},
         "names['inputs'] names 1, and this network has 2 inputs: x1, x2"),
        ({"sizes": [2, 1], "names": {"inputs": "ab"}},
         "names['inputs'] is a list of names, not `ab`"),
        ({"sizes": [2, 1], "names": {"inputs": ["a", "2"]}},
         "names['inputs']: `2` is not a name: a letter, then letters, digits and `_`"),
        ({"sizes": [2, 1], "names": {"output": "exp"}},
         "names['output']: `exp` is a function of the language"),
        ({"sizes": [2, 1], "names": {"inputs": ["a", "w1_11"]}},
         "`w1_11` would name both `x2` and `w1_11`"),
        ({"sizes": [2, 1], "values": {"w1_13": 1}},
         "the network has no value named `w1_13`; did you mean `w1_12`?"),
        ({"sizes": [2, 1], "values": {"w1_12": "1"}},
         "the value of `w1_12` is a number, not '1'"),
    ],
)  # fmt: skip
def test_a_setting_that_is_no_choice_is_refused(settings: dict[str, Any], message: str) -> None:
    """Sizes, names of activations and losses, groups and values each name the valid choices."""
    with pytest.raises(OptionError) as caught:
        network(**settings)
    assert str(caught.value) == message
