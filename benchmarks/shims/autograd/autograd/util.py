"""What autograd once had here."""

from benchmarks.shims.not_offered import Missing

quick_grad_check = Missing("quick_grad_check", "autograd itself keeps it for old programs alone")
