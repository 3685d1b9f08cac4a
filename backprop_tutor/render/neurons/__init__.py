"""A program told and drawn neuron by neuron: circles in columns, their sums, what comes back."""
