"""The local generator: llama.cpp inside this process."""
