"""Random seeded trainings, compiled against eager: losses, parameters, gradients, states, buffers, draws.

    python -m benchmarks.compiled_fuzz --count 300 --seed 0

Each training has a network, a loss, an optimizer and its settings, a schedule, clipping, dropout and a
loader with a short last batch drawn at random. The exit code is 1 where one differs beyond rounding
(float64: 1e-12 of the largest entry; float32: 1e-4), or where a step stays eager.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tutor import engine as torch

nn, F = torch.nn, torch.nn.functional

ACTIVATIONS = (
    "ReLU", "Sigmoid", "Tanh", "LeakyReLU", "ELU", "GELU", "SiLU", "Softplus", "Hardtanh", "Mish",
)
RATES = {"SGD": 0.05, "Adam": 0.01, "AdamW": 0.01, "RMSprop": 0.005, "Adagrad": 0.05, "Adadelta": 1.0,
         "Adamax": 0.01, "NAdam": 0.01}
CLASSES, FEATURES = 4, 6


def model_of(rng: np.random.Generator, outputs: int) -> list[Callable[[], Any]]:
    """Return what makes the layers of a random network."""
    layers: list[Callable[[], Any]] = []
    width = FEATURES
    for _ in range(int(rng.integers(1, 4))):
        n, bias = int(rng.integers(2, 12)), bool(rng.random() < 0.85)
        layers.append(lambda width=width, n=n, bias=bias: nn.Linear(width, n, bias=bias))
        norm = rng.random()
        if norm < 0.25:
            layers.append(lambda n=n: nn.BatchNorm1d(n))
        elif norm < 0.4:
            layers.append(lambda n=n: nn.LayerNorm(n))
        layers.append(getattr(nn, str(rng.choice(ACTIVATIONS))))
        if rng.random() < 0.35:
            p = float(rng.choice([0.1, 0.3, 0.5]))
            layers.append(lambda p=p: nn.Dropout(p))
        width = n
    layers.append(lambda: nn.Linear(width, outputs))
    return layers


def loss_of(rng: np.random.Generator) -> tuple[str, Any]:
    """Return the kind of targets and a loss of outputs and these."""
    kind = str(rng.choice(["classes", "classes", "numbers", "shares"]))
    listed = {
        "classes": [nn.CrossEntropyLoss(), nn.CrossEntropyLoss(label_smoothing=0.1),
                    nn.CrossEntropyLoss(reduction="sum"),
                    nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5, 1.0])),
                    lambda out, y: F.nll_loss(F.log_softmax(out, dim=1), y)],
        "numbers": [nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), nn.HuberLoss(delta=0.5),
                    lambda out, y: ((out - y) ** 2).mean() + 0.1 * (out - y).abs().mean()],
        "shares": [nn.BCEWithLogitsLoss(), lambda out, y: F.binary_cross_entropy(torch.sigmoid(out), y)],
    }[kind]
    return kind, listed[int(rng.integers(len(listed)))]


def optimizer_of(rng: np.random.Generator) -> tuple[str, dict[str, Any]]:
    """Return an optimizer's name and settings."""
    name = str(rng.choice(list(RATES)))
    settings: dict[str, Any] = {"lr": RATES[name] * float(rng.choice([0.3, 1.0]))}
    if rng.random() < 0.4:
        settings["weight_decay"] = 0.02
    if name == "SGD" and rng.random() < 0.6:
        settings["momentum"] = 0.9
        settings.update({"nesterov": True} if rng.random() < 0.5 else {"dampening": 0.2})
    if name in ("Adam", "AdamW") and rng.random() < 0.3:
        settings["amsgrad"] = True
    if name == "RMSprop" and rng.random() < 0.5:
        settings.update(centered=True, momentum=0.3)
    if rng.random() < 0.1:
        settings["maximize"] = True
        settings["lr"] *= 0.1
    return name, settings


def schedule_of(rng: np.random.Generator, name: str) -> Callable[[Any], Any] | None:
    """Return what makes a schedule, or None."""
    listed: list[Any] = [
        None, None, lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.7),
        lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 12),
    ]
    if name in ("Adam", "AdamW"):
        listed.append(lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.02, total_steps=60))
    return listed[int(rng.integers(len(listed)))]  # type: ignore[no-any-return]


def training(seed: int, compiled: bool) -> tuple[list[Any], Any, Any]:
    """Return what one training leaves, its dtype, and its step."""
    rng = np.random.default_rng(seed)
    kind, compare = loss_of(rng)
    name, settings = optimizer_of(rng)
    layers = model_of(rng, {"classes": CLASSES, "numbers": 2, "shares": 1}[kind])
    schedule = schedule_of(rng, name)
    clipped = str(rng.choice(["", "", "norm", "value"]))
    dtype = torch.float64 if rng.random() < 0.5 else torch.float32
    gathers = bool(rng.random() < 0.15)
    count = int(rng.integers(9, 30))
    batch = int(rng.integers(3, 8))
    while count % batch == 1:  # batch normalisation refuses a batch of one
        count += 1
    x = torch.tensor(rng.normal(size=(count, FEATURES))).to(dtype)
    y = {
        "classes": lambda: torch.tensor(rng.integers(0, CLASSES, count)),
        "numbers": lambda: torch.tensor(rng.normal(size=(count, 2))).to(dtype),
        "shares": lambda: torch.tensor(rng.integers(0, 2, (count, 1))).to(dtype),
    }[kind]()
    torch.manual_seed(seed)
    model = nn.Sequential(*(make() for make in layers)).to(dtype)
    if isinstance(compare, nn.Module):
        compare = compare.to(dtype)
    optimizer = getattr(torch.optim, name)(model.parameters(), **settings)
    scheduler = None if schedule is None else schedule(optimizer)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch, shuffle=True)

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = compare(model(x), y)
        loss.backward()
        if gathers:
            compare(model(x * 0.5), y).backward()
        if clipped == "norm":
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        elif clipped == "value":
            nn.utils.clip_grad_value_(model.parameters(), 0.1)
        optimizer.step()
        return loss

    step = torch.compile(train_step) if compiled else train_step
    found: list[Any] = []
    for _ in range(6):
        for xs, ys in loader:
            found.append(step(xs, ys)._a.copy())
        if scheduler is not None:
            scheduler.step()
    found += [value._a.copy() for value in model.state_dict().values()]
    for p in model.parameters():
        found.append(p.grad._a.copy())
        found += [each._a.copy() for each in optimizer.state[p].values() if isinstance(each, torch.Tensor)]
    found += [torch.get_rng_state()._a, np.array([p._version for p in model.parameters()])]
    return found, dtype, step


def worst(a: list[Any], b: list[Any]) -> float:
    """Return the largest difference, over the largest entry of its array (at least 1)."""
    found = 0.0
    for one, other in zip(a, b, strict=True):
        if one.shape != other.shape or one.dtype != other.dtype:
            return float("inf")
        if not one.size:
            continue
        one, other = one.astype(float), other.astype(float)
        lost = np.isnan(one) != np.isnan(other)
        if lost.any():
            return float("inf")
        with np.errstate(all="ignore"):
            apart = np.abs(np.where(one == other, 0.0, one - other))
        if not np.isnan(apart).all():
            found = max(found, float(np.nanmax(apart)) / max(1.0, float(np.nanmax(np.abs(other)))))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compare so many trainings; print what differs and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    differ, eager, written, calls, largest = 0, 0, 0, 0, {"float32": 0.0, "float64": 0.0}
    for seed in range(given.seed, given.seed + given.count):
        plain, dtype, _ = training(seed, False)
        found, _, step = training(seed, True)
        apart = worst(found, plain)
        word = "float64" if dtype is torch.float64 else "float32"
        largest[word] = max(largest[word], apart)
        written += step.calls["written"]
        calls += sum(step.calls.values())
        if apart > (1e-12 if word == "float64" else 1e-4):
            differ += 1
            print(f"seed {seed} ({word}) differs by {apart:.2g}")
        if not step.calls["written"]:
            eager += 1
            print(f"seed {seed} stays eager: {step.reason}")
    print(f"{given.count} trainings, {calls} steps, {written} of them as programs; {differ} differ, "
          f"{eager} stay eager; largest difference {largest['float32']:.1e} (float32), "
          f"{largest['float64']:.1e} (float64)")
    return int(differ > 0 or eager > 0)


if __name__ == "__main__":
    sys.exit(main())
