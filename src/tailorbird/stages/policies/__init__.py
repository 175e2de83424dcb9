"""Policy packs: what law, platforms and the brand say of a text, rule by rule."""
