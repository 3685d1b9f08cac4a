"""How wide text is, and how pages and pictures are set as PDF and as pixels."""
