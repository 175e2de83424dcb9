"""The remote generator: any server that speaks the OpenAI-compatible chat protocol."""
