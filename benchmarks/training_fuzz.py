"""Random seeded trainings, run by PyTorch and by the engine side by side.

Run `python -m benchmarks.training_fuzz [--trainings N] [--seed S]` where PyTorch is installed (extra
`bench`). Each draws a network (layers, activations, normalisation, dropout, initial weights), a
loss with its options, an optimizer with its settings, a schedule, clipping, and a shuffling loader,
trains it for three epochs from one seed on both sides, and compares every loss, the learning rates,
the state of the model and of the optimizer, and the numbers drawn after it. In float64 they must
agree to 1e-6, in float32 the first losses to 1e-3: rounding grows with the steps. (A bias before
batch normalisation gets nothing but rounding for its gradient, so there is none here.)
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from typing import Any

import numpy as np
import torch

from backprop_tutor import engine

ACTIVATIONS = [
    "ReLU()", "Sigmoid()", "Tanh()", "LeakyReLU(0.1)", "ELU(0.7)", "SELU()", "GELU()",
    "GELU(approximate='tanh')", "SiLU()", "Mish()", "Softplus(beta=2)", "Softsign()", "Hardtanh()",
    "ReLU6()", "LogSigmoid()", "Identity()",
]
BETWEEN = [
    "BatchNorm1d({n})", "BatchNorm1d({n}, momentum=None)", "BatchNorm1d({n}, affine=False)",
    "BatchNorm1d({n}, track_running_stats=False)", "LayerNorm({n})",
    "LayerNorm({n}, elementwise_affine=False)", "LayerNorm({n}, bias=False)", "Dropout(0.3)",
]
INITS = [
    "xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "normal_",
    "uniform_", "orthogonal_", "trunc_normal_",
]
OPTIMIZERS = [
    "SGD(P, lr=0.05)", "SGD(P, lr=0.05, momentum=0.9)",
    "SGD(P, lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3)",
    "SGD(P, lr=0.02, momentum=0.8, dampening=0.3, maximize=False)", "Adam(P, lr=0.01)",
    "Adam(P, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.01)",
    "Adam(P, lr=0.01, amsgrad=True)", "AdamW(P, lr=0.01, weight_decay=0.1)",
    "RMSprop(P, lr=0.005)", "RMSprop(P, lr=0.005, centered=True, momentum=0.5, alpha=0.9)",
    "Adagrad(P, lr=0.05, lr_decay=0.01, initial_accumulator_value=0.1)", "Adadelta(P, lr=1.0)",
    "Adamax(P, lr=0.01)", "NAdam(P, lr=0.01)",
]
SCHEDULES = [
    "", "StepLR(O, 2, gamma=0.5)", "MultiStepLR(O, [1, 2], gamma=0.1)", "ExponentialLR(O, 0.9)",
    "CosineAnnealingLR(O, T_max=3, eta_min=1e-4)", "ReduceLROnPlateau(O, patience=0, factor=0.5)",
    "LambdaLR(O, lambda e: 0.9 ** e)", "LinearLR(O, start_factor=0.5, total_iters=2)",
    "PolynomialLR(O, total_iters=4, power=2)", "CosineAnnealingWarmRestarts(O, T_0=2)",
    "ConstantLR(O, factor=0.3, total_iters=2)",
]
CLIPS = ["", "clip_grad_norm_(P, 0.5)", "clip_grad_value_(P, 0.1)", "clip_grad_norm_(P, 1.0, norm_type=1)"]
CLASS_LOSSES = [
    "CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.1)",
    "CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5], dtype=D), reduction='sum')",
    "CrossEntropyLoss(ignore_index=1)", "NLLLoss()",
]
VALUE_LOSSES = [
    "MSELoss()", "L1Loss()", "SmoothL1Loss(beta=0.5)", "HuberLoss(delta=0.7)", "MSELoss(reduction='sum')",
    "BCEWithLogitsLoss()", "BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 3.0], dtype=D))",
]


def training(seed: int, kind: str) -> list[str]:
    """Return the lines of a random training; they run where `torch` and `F` name a library."""
    rng = random.Random(seed)
    lines = [f"D = torch.{kind}", f"torch.manual_seed({seed})"]
    width, layers = rng.choice([2, 4, 5]), []
    inputs = width
    for _ in range(rng.randint(1, 3)):
        n = rng.choice([4, 6, 8])
        between = rng.choice(["", rng.choice(BETWEEN).format(n=n)])
        biased = rng.random() < 0.7 and not between.startswith("BatchNorm")
        layers.append(f"nn.Linear({width}, {n}{'' if biased else ', bias=False'})")
        if between:
            layers.append("nn." + between)
        layers.append("nn." + rng.choice(ACTIVATIONS))
        width = n
    layers.append(f"nn.Linear({width}, 3)")
    classes = rng.random() < 0.6
    loss = rng.choice(CLASS_LOSSES if classes else VALUE_LOSSES)
    if loss == "NLLLoss()":
        layers.append("nn.LogSoftmax(dim=1)")
    lines.append(f"model = nn.Sequential({', '.join(layers)}).to(D)")
    if rng.random() < 0.4:
        init = rng.choice(INITS)
        lines.append(f"for m in model:\n    if isinstance(m, nn.Linear): nn.init.{init}(m.weight)")
    lines += [
        f"x = torch.randn(22, {inputs}, dtype=torch.float64).to(D)",
        "y = torch.randint(0, 3, (22,))" if classes else "y = torch.rand(22, 3, dtype=torch.float64).to(D)",
        f"loader = data.DataLoader(data.TensorDataset(x, y), batch_size={rng.choice([4, 5, 7])}, "
        f"shuffle=True, drop_last=True)",
        f"criterion = nn.{loss}", "P = list(model.parameters())",
        f"O = torch.optim.{rng.choice(OPTIMIZERS)}",
    ]
    schedule = rng.choice(SCHEDULES)
    if schedule:
        lines.append(f"S = torch.optim.lr_scheduler.{schedule}")
    clip = rng.choice(CLIPS)
    body = [
        "        O.zero_grad()", "        loss = criterion(model(a), b)", "        loss.backward()",
        *([f"        nn.utils.{clip}"] if clip else []), "        O.step()",
        "        losses.append(loss.item())",
    ]
    step = ""
    if schedule:
        step = "    S.step(loss.item())" if "Plateau" in schedule else "    S.step()"
    lines.append("\n".join([
        "losses, rates = [], []", "for epoch in range(3):", "    for a, b in loader:", *body,
        *([step] if step else []), "    rates.append(O.param_groups[0]['lr'])",
    ]))
    lines += ["model.eval()", "with torch.no_grad(): outputs = model(x)", "after = torch.rand(3)"]
    return lines


def outcome(library: Any, lines: list[str]) -> dict[str, Any]:
    """Run a training; return all that is compared, or the error it ended in."""
    scope: dict[str, Any] = {"torch": library, "nn": library.nn, "data": library.utils.data}
    try:
        for line in lines:
            exec(line, scope)  # noqa: S102  (the lines are this file's own)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    found = {"losses": scope["losses"], "rates": scope["rates"], "after": scope["after"].tolist(),
             "outputs": scope["outputs"].tolist()}
    for name, tensor in scope["model"].state_dict().items():
        found[name] = tensor.tolist()
    for number, state in scope["O"].state_dict()["state"].items():
        for name, value in state.items():
            found[f"state {number} {name}"] = value.tolist() if hasattr(value, "tolist") else value
    return found


def difference(mine: dict[str, Any], theirs: dict[str, Any], tolerance: float) -> str:
    """Return what differs between two outcomes, or ""."""
    if "error" in mine or "error" in theirs:
        same = mine.get("error") == theirs.get("error")
        return "" if same else f"{mine.get('error')} for {theirs.get('error')}"
    if list(mine) != list(theirs):
        return f"{sorted(set(mine) ^ set(theirs))} on one side only"
    if tolerance > 1e-6:  # float32
        mine, theirs = ({"losses": each["losses"][:4], "after": each["after"]} for each in (mine, theirs))
    for name, expected in theirs.items():
        a, b = np.asarray(mine[name], float), np.asarray(expected, float)
        if a.shape != b.shape:
            return f"{name}: shapes {a.shape} and {b.shape}"
        scale = np.abs(b[np.isfinite(b)]).max(initial=1e-3)
        if not np.allclose(a, b, rtol=tolerance, atol=tolerance * scale, equal_nan=True):
            worst = float(np.nanmax(np.abs(a - b)) / scale)
            return f"{name}: {worst:.2g} of the largest number"
    return ""


def main(arguments: list[str]) -> int:
    """Compare many trainings; print each that differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainings", type=int, default=300, help="how many (300)")
    parser.add_argument("--seed", type=int, default=0, help="number of the first (0)")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float64",
                        help="float64, which shows every fault, or float32")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    different = refused = 0
    for seed in range(asked.seed, asked.seed + asked.trainings):
        lines = training(seed, asked.dtype)
        theirs = outcome(torch, lines)
        refused += "error" in theirs
        found = difference(outcome(engine, lines), theirs, 1e-6 if "64" in lines[0] else 1e-3)
        if found:
            different += 1
            print(f"--- training {seed}")
            print("\n".join(lines))
            print(f"  {found}")
    print(f"{asked.trainings} trainings, {refused} end in an error, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
