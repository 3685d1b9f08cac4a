"""Mutated and generated inputs of our own kind, put to everything that reads a stranger's text.

    python -m benchmarks.fuzz --seed 1 --count 100000          # every target
    python -m benchmarks.fuzz --count 1000 plain latex         # some of them
    python -m benchmarks.fuzz --seed 1 --only 4711 plain       # one input again, with its traceback

An input is made from the seed, the target's name and its number alone, so that any of them can be
made again. Each target runs in a process of its own, which is ended where one input takes longer than
20 s. Reported are, for each target: inputs, how many were accepted, foreign exceptions (anything that
is no `TutorError`, warnings included), inputs over 1 s, the slowest, and the most memory taken. The
exit status is 1 where there is a foreign exception, an input over 1 s, or 1 GB.
"""
