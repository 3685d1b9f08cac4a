"""Stands for HIPS autograd while its tests run."""

from benchmarks.shims.not_offered import Missing

from .builtins import dict, isinstance, list, tuple
from .operators import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    jacobian,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_vjp,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
)

holomorphic_grad = Missing("holomorphic_grad", "the engine has no complex numbers")
checkpoint = Missing("checkpoint", "not in the shim")
multigrad_dict = Missing("multigrad_dict", "not in the shim")

__all__ = [
    "checkpoint",
    "deriv",
    "dict",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "isinstance",
    "jacobian",
    "list",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "tensor_jacobian_product",
    "tuple",
    "value_and_grad",
    "vector_jacobian_product",
]
