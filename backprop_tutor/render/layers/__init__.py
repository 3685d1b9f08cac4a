"""Programs over arrays as layers: boxes of matrices on lines, values above, gradients below."""
