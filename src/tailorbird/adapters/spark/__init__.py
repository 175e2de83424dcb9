"""Spark: features on a cluster, or on the cores of this machine."""
