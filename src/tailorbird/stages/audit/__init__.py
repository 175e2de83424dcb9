"""The audit log as a Merkle tree: hashes, proofs, and what is wrong with a log."""
