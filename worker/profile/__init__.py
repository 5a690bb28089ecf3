"""A profile: the directory that says what is watched; read strictly, every fault named by line."""
