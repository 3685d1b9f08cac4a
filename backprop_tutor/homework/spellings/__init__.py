"""What students type, read before it is judged: remarks, units, decimal commas, what is no answer."""
