"""Every name of `nn`; made by `python -m backprop_tutor.engine.listing`."""


from . import functional as functional
from . import init as init
from . import parameter as parameter
from . import utils as utils
from .activations import GELU as GELU
from .activations import Hardtanh as Hardtanh
from .activations import LogSoftmax as LogSoftmax
from .activations import ReLU as ReLU
from .activations import ReLU6 as ReLU6
from .activations import Sigmoid as Sigmoid
from .activations import Softmax as Softmax
from .activations import Softmin as Softmin
from .activations import Softplus as Softplus
from .activations import Tanh as Tanh
from .containers import ModuleList as ModuleList
from .containers import Sequential as Sequential
from .dictionaries import ModuleDict as ModuleDict
from .dictionaries import ParameterDict as ParameterDict
from .dictionaries import ParameterList as ParameterList
from .layers import BatchNorm1d as BatchNorm1d
from .layers import Dropout as Dropout
from .layers import Embedding as Embedding
from .layers import Flatten as Flatten
from .layers import Identity as Identity
from .layers import LayerNorm as LayerNorm
from .layers import Linear as Linear
from .losses import BCELoss as BCELoss
from .losses import BCEWithLogitsLoss as BCEWithLogitsLoss
from .losses import CrossEntropyLoss as CrossEntropyLoss
from .losses import HuberLoss as HuberLoss
from .losses import KLDivLoss as KLDivLoss
from .losses import L1Loss as L1Loss
from .losses import MSELoss as MSELoss
from .losses import NLLLoss as NLLLoss
from .losses import SmoothL1Loss as SmoothL1Loss
from .module import Module as Module
from .parameter import Buffer as Buffer
from .parameter import Parameter as Parameter

class CELU(Module):
    def __init__(self, alpha: float = ..., inplace: bool = ...) -> None: ...
class ELU(Module):
    def __init__(self, alpha: float = ..., inplace: bool = ...) -> None: ...
class Hardsigmoid(Module):
    def __init__(self, inplace: bool = ...) -> None: ...
class LeakyReLU(Module):
    def __init__(self, negative_slope: float = ..., inplace: bool = ...) -> None: ...
class LogSigmoid(Module):
    def __init__(self) -> None: ...
class Mish(Module):
    def __init__(self, inplace: bool = ...) -> None: ...
class SELU(Module):
    def __init__(self, inplace: bool = ...) -> None: ...
class SiLU(Module):
    def __init__(self, inplace: bool = ...) -> None: ...
class Softsign(Module):
    def __init__(self) -> None: ...

__all__: list[str]

def __dir__() -> list[str]: ...
