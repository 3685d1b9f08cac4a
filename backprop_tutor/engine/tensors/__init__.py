"""The tensor: its state, dtypes and devices, how it is made, printed, viewed, written and kept in files."""
