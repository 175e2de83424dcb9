import numpy as np

from tailorbird.stages.decisions.hashing import person_hashes, uniforms


def test_a_person_has_the_same_hash_in_any_batch() -> None:
    many = person_hashes(["ana", "ben", "cleo"], "salt")
    assert many[1] == person_hashes(["ben"], "salt")[0]
    assert many[1] != person_hashes(["ben"], "other salt")[0]


def test_draws_are_uniform_and_streams_do_not_repeat_each_other() -> None:
    hashes = person_hashes([str(i) for i in range(20_000)], "s")
    first, second = uniforms(hashes, 0), uniforms(hashes, 1)
    for draw in (first, second):
        counts = np.bincount((draw * 20).astype(int), minlength=20)
        assert ((counts - 1000) ** 2 / 1000).sum() < 50  # chi-square, 19 degrees of freedom, p < .001 above 43.8
        assert draw.min() > 0 and draw.max() < 1
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03
