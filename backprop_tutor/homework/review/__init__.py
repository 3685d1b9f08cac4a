"""What a person decides: the table of answers to look at, and the corrections given back."""
