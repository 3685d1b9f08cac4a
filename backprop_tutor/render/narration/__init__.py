"""The derivation told: documents and the formats that they are written in."""
