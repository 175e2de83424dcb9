import numpy as np

from tailorbird.stages.learning.copy_features import COLUMNS, PLAIN, CopyFeatures

LINES = ["Tea for two", "Tea for three!", "A kettle that sings", "What happens next", "{{ item.name }} is back"]


def dense(features: CopyFeatures, texts: list[str]) -> np.ndarray:
    rows = features.rows(texts)
    return np.array([rows.back(np.eye(len(texts))[i]) for i in range(len(texts))])


def test_each_kind_of_feature_has_its_weight_and_plain_counts_theirs() -> None:
    features = CopyFeatures.learn(LINES * 2)
    found = dense(features, LINES)
    assert np.allclose((found[:, :COLUMNS] ** 2).sum(axis=1), 2.5, atol=0.2)
    # 0.05 where every count differs somewhere; what is the same in all lines tells nothing.
    assert 0.01 < (found[:, COLUMNS:] ** 2).sum(axis=1).mean() <= 0.0501


def test_a_line_is_most_like_itself_and_more_like_its_sister_than_like_a_stranger() -> None:
    found = dense(CopyFeatures.learn(LINES), LINES)[:, :COLUMNS]
    likeness = found @ found.T
    assert likeness[0, 1] > likeness[0, 2] and likeness[0, 0] > likeness[0, 1]


def test_times_and_back_are_each_others_transpose() -> None:
    rows = CopyFeatures.learn(LINES).rows(LINES)
    generator = np.random.default_rng(3)
    weights, numbers = generator.normal(size=COLUMNS + PLAIN), generator.normal(size=len(LINES))
    assert np.isclose(rows.times(weights) @ numbers, weights @ rows.back(numbers))


def test_a_line_has_the_same_features_alone_and_among_others() -> None:
    features = CopyFeatures.learn(LINES)
    weights = np.random.default_rng(4).normal(size=COLUMNS + PLAIN)
    many = features.rows(LINES).times(weights)
    assert all(np.isclose(features.rows([line]).times(weights)[0], many[i]) for i, line in enumerate(LINES))


def test_empty_strange_and_unseen_lines_are_no_error() -> None:
    features = CopyFeatures.learn(["a b"])
    assert len(features.rows([]).times(np.zeros(COLUMNS + PLAIN))) == 0
    rows = features.rows(["", "  ", "!?", "日本語", "{{ item.name }}", "🫖🫖", "never seen before"])
    assert np.isfinite(rows.values).all()


def test_curly_and_straight_quotes_are_alike() -> None:
    features = CopyFeatures.learn(LINES)
    one, other = dense(features, ["It's “new”…", 'It\'s "new"...'])
    assert np.allclose(one[:1000], other[:1000])
