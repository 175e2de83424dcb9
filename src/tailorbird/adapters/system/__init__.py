"""This machine: its clock."""
