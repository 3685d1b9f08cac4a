"""What is computed with tensors: functions, one node of the tape each, and the table of their names."""
