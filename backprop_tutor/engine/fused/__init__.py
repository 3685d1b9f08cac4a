"""Operations that networks use whole: activations, layers and losses, each one node of the tape."""
