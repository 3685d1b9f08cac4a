"""A problem file read whole, with every fault at once, and looked over before a class has it."""
