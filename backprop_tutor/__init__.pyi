"""Every public name; made by `python -m backprop_tutor.listing`."""

from .language.symbolic import Function as _Function
from . import engine as engine
from . import extending as extending
from . import testing as testing
from . import tf as tf
from .bridge import diagram as diagram
from .bridge import from_model as from_model
from .bridge import from_step as from_step
from .errors import DomainError as DomainError
from .errors import FileError as FileError
from .errors import LimitError as LimitError
from .errors import MissingValueError as MissingValueError
from .errors import OptionError as OptionError
from .errors import ParseError as ParseError
from .errors import ShapeError as ShapeError
from .errors import TutorError as TutorError
from .errors import UnknownNameError as UnknownNameError
from .homework import Marking as Marking
from .homework import equivalent as equivalent
from .homework import mark as mark
from .language import Program as Program
from .language import TraceError as TraceError
from .language import network as network
from .language import parse as parse
from .language import trace as trace
from .notebook import load_ipython_extension as load_ipython_extension
from .notebook import unload_ipython_extension as unload_ipython_extension
from .objects.arrays import ArrayDerivation as ArrayDerivation
from .objects.arrays import shapes as shapes
from .objects.deriving import derive as derive
from .objects.held import growth as growth
from .objects.local_gradients import EdgeRow as EdgeRow
from .objects.local_gradients import LocalGradient as LocalGradient
from .objects.numbers import Derivation as Derivation
from .objects.questions import descend as descend
from .objects.questions import fit as fit
from .objects.questions import hessian as hessian
from .objects.questions import jacobian as jacobian
from .objects.questions import sweep as sweep
from .objects.shaped import SymbolicArrayDerivation as SymbolicArrayDerivation
from .objects.symbols import SymbolicDerivation as SymbolicDerivation
from .objects.symbols import SymbolicGradient as SymbolicGradient
from .objects.symbols import SymbolicPath as SymbolicPath
from .ops import Branch as Branch
from .ops import Interval as Interval
from .ops import Operation as Operation
from .registering import register as register
from .steps import AccumulateStep as AccumulateStep
from .steps import BackwardStep as BackwardStep
from .steps import Contribution as Contribution
from .steps import ForwardStep as ForwardStep
from .steps import SeedStep as SeedStep
from .steps import UpdateStep as UpdateStep
from .studies.paths import TooManyPathsError as TooManyPathsError

GELU: _Function
ReLU: _Function
SiLU: _Function
abs: _Function
acos: _Function
acosh: _Function
arccos: _Function
arccosh: _Function
arcosh: _Function
arcsin: _Function
arcsinh: _Function
arctan: _Function
arctanh: _Function
arsinh: _Function
artanh: _Function
asin: _Function
asinh: _Function
atan: _Function
atanh: _Function
bce: _Function
binary_cross_entropy: _Function
cbrt: _Function
ce: _Function
celu: _Function
cos: _Function
cosec: _Function
cosh: _Function
cot: _Function
cross_entropy: _Function
csc: _Function
elu: _Function
erf: _Function
exp: _Function
exp2: _Function
expm1: _Function
gelu: _Function
half_se: _Function
half_squared_error: _Function
hardsigmoid: _Function
hardtanh: _Function
leaky_relu: _Function
ln: _Function
log: _Function
log10: _Function
log1p: _Function
log2: _Function
log_10: _Function
log_2: _Function
log_e: _Function
log_sigmoid: _Function
logistic: _Function
logsigmoid: _Function
logsumexp: _Function
max: _Function
mean: _Function
mean_squared_error: _Function
min: _Function
mish: _Function
mse: _Function
norm: _Function
relu: _Function
relu6: _Function
rsqrt: _Function
se: _Function
sec: _Function
selu: _Function
sgn: _Function
sigmoid: _Function
sign: _Function
silu: _Function
sin: _Function
sinh: _Function
softmax: _Function
softplus: _Function
softsign: _Function
sqrt: _Function
squared_error: _Function
step: _Function
sum: _Function
swish: _Function
tan: _Function
tanh: _Function
where: _Function
σ: _Function

__version__: str
__all__ = [
    "AccumulateStep",
    "ArrayDerivation",
    "BackwardStep",
    "Branch",
    "Contribution",
    "Derivation",
    "DomainError",
    "EdgeRow",
    "FileError",
    "ForwardStep",
    "Interval",
    "LimitError",
    "LocalGradient",
    "Marking",
    "MissingValueError",
    "Operation",
    "OptionError",
    "ParseError",
    "Program",
    "SeedStep",
    "ShapeError",
    "SymbolicArrayDerivation",
    "SymbolicDerivation",
    "SymbolicGradient",
    "SymbolicPath",
    "TooManyPathsError",
    "TraceError",
    "TutorError",
    "UnknownNameError",
    "UpdateStep",
    "derive",
    "descend",
    "diagram",
    "equivalent",
    "fit",
    "from_model",
    "from_step",
    "growth",
    "hessian",
    "jacobian",
    "mark",
    "network",
    "parse",
    "register",
    "shapes",
    "sweep",
    "trace",
]

def __dir__() -> list[str]: ...
