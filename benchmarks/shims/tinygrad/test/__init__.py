"""What tinygrad's tests share and its source distribution leaves out."""
