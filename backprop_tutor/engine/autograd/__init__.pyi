"""Every name of `autograd`; made by `python -m backprop_tutor.engine.listing`."""


from . import function as function
from . import functional as functional
from .checking import GradcheckError as GradcheckError
from .checking import gradcheck as gradcheck
from .checking import gradgradcheck as gradgradcheck
from .function import Function as Function
from .function import Variable as Variable
from .function import once_differentiable as once_differentiable
from .modes import detect_anomaly as detect_anomaly
from .modes import enable_grad as enable_grad
from .modes import inference_mode as inference_mode
from .modes import no_grad as no_grad
from .modes import set_detect_anomaly as set_detect_anomaly
from .modes import set_grad_enabled as set_grad_enabled
from .requests import backward as backward
from .requests import grad as grad


__all__: list[str]

def __dir__() -> list[str]: ...
