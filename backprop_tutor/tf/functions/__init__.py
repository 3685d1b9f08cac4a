"""What `tf.NAME` calls: TensorFlow's functions, by theme, over the engine's."""
