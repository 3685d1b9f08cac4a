"""What a cell of a sheet asks for, and how its number is read and compared."""
