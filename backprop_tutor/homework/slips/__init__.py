"""Wrong rules: the table of slips, what each makes of a sheet, and which one a student made."""
