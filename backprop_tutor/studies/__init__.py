"""What can be asked of a derivation: paths, costs, second derivatives, Jacobians, many points, fits."""
