"""Learning told in pictures: a training followed step by step, and what its network does to the plane.

This room sees the engine, which it trains with, and draws by `charts`: pages, pictures and animations for
those who look, with the numbers of the model itself.
"""
