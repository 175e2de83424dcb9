"""The preference page: what a person allows, in plain words, and a form to change it."""
