"""Splink: probable duplicates among people, by the model of Fellegi and Sunter."""
