"""`mysafe-env import`: from a file of values to items of MySafe, and to the mapping that asks for them."""
