import random
from decimal import Decimal

import numpy as np
import pytest

from apps.core.quantiles import t_quantile
from apps.feedback import rules
from apps.feedback.rules import Nps, Voice


@pytest.mark.parametrize(
    "score, band",
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")],
)
def test_bands(score, band):
    assert rules.nps_band(score) == band


@pytest.mark.parametrize("score", [-1, 11])
def test_no_other_score(score):
    with pytest.raises(ValueError):
        rules.nps_band(score)


def test_the_published_fixture():
    shown = rules.summary(5, 3, 2)
    assert (round(shown.score), round(shown.low), round(shown.high), shown.n) == (30, -19, 65, 10)


def test_no_score_under_ten_answers():
    assert rules.summary(9, 0, 0) == Nps(9, 9, 0, 0)
    assert rules.nps(0, 0, 0) is None
    assert rules.interval(0, 0, 0) == (-1.0, 1.0)


@pytest.mark.parametrize("counts", [(40, 0, 0), (0, 40, 0), (0, 0, 40)])
def test_an_interval_stays_within_what_can_be_and_is_never_empty(counts):
    low, high = rules.interval(*counts)
    assert -1 <= low < high <= 1


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("p, d", [(0.5, 0.2), (0.3, 0.3), (0.7, 0.05)])
def test_the_interval_covers_the_truth_as_often_as_it_says(n, p, d):
    chance, covered, rounds = random.Random(n), 0, 1500
    for _ in range(rounds):
        draws = [chance.random() for _ in range(n)]
        promoters, detractors = sum(x < p for x in draws), sum(x > 1 - d for x in draws)
        low, high = rules.interval(promoters, n - promoters - detractors, detractors)
        covered += low <= p - d <= high
    assert 0.93 <= covered / rounds <= 0.97


def interval_of(promoters, passives, detractors, voices):
    return rules.cluster_interval(promoters, passives, detractors, rules.clusters_of(voices))


def test_answers_of_one_account_count_as_one_voice_where_they_agree():
    apart = [Voice(1, value) for value in (1, 1, 1, -1, -1, 0) * 4]
    together = [Voice(12, 12), Voice(8, -8), Voice(4, 0)]
    low, high = interval_of(12, 4, 8, apart)
    low_together, high_together = interval_of(12, 4, 8, together)
    assert (low, high) == rules.interval(12, 4, 8)
    assert high_together - low_together > 2 * (high - low)


def test_cluster_variance_by_hand():
    # Two accounts, (+1, +1) and (-1): mean 1/3, residual sums 4/3 and -4/3; variance 2/1 * 32/9 / 9 = 64/81.
    clusters = rules.clusters_of([Voice(2, 2), Voice(1, -1), Voice(0, 0)])
    assert clusters.variance == pytest.approx(64 / 81)
    assert (clusters.accounts, clusters.equal_accounts) == (2, pytest.approx(9 / 5))


def test_one_account_alone_has_the_plain_interval():
    assert interval_of(8, 2, 2, [Voice(12, 6)]) == rules.interval(8, 2, 2)


def test_where_all_agree_few_accounts_are_worth_no_more_than_themselves():
    assert interval_of(20, 0, 0, [Voice(10, 10)] * 2) == rules.interval(2, 0, 0)
    assert interval_of(20, 0, 0, [Voice(1, 1)] * 20) == rules.interval(20, 0, 0)


@pytest.mark.parametrize(
    "degrees, tabled",
    [(0.4, 12.706), (1, 12.706), (2.9, 4.303), (5, 2.571), (7, 2.365), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_quantiles_of_students_t(degrees, tabled):
    assert t_quantile(degrees) == pytest.approx(tabled, abs=0.001)


@pytest.mark.parametrize("accounts", [10, 30, 100])
@pytest.mark.parametrize("p, d, alike", [(0.5, 0.2, 0.2), (0.3, 0.3, 0.5), (0.6, 0.1, 0.8)])
def test_the_cluster_interval_covers_the_truth_as_often_as_it_says(accounts, p, d, alike):
    # One to six answers an account; each repeats its account's own opinion in so many cases.
    chance, rounds = np.random.default_rng(accounts), 1200
    given = np.arange(6) < chance.integers(1, 7, (rounds, accounts, 1))
    own = np.where(chance.random(given.shape) < alike, chance.random((rounds, accounts, 1)), chance.random(given.shape))
    praised, complained = given & (own < p), given & (own > 1 - d)
    n, totals = given.sum(2), praised.sum(2) - complained.sum(2)
    covered = 0
    for at in range(rounds):
        counts = praised[at].sum(), complained[at].sum()
        clusters = rules.Clusters(
            accounts, n[at].sum(), totals[at].sum(), (n[at] ** 2).sum(), (n[at] * totals[at]).sum(),
            (totals[at] ** 2).sum(),
        )  # fmt: skip
        low, high = rules.cluster_interval(counts[0], clusters.n - sum(counts), counts[1], clusters)
        covered += low <= p - d <= high
    assert 0.93 <= covered / rounds <= 0.97


def test_the_cluster_robust_interval_is_shown():
    agreeing = [Voice(10, 10), Voice(10, -10)]
    alone, clustered = rules.summary(10, 0, 10), rules.summary(10, 0, 10, agreeing)
    assert clustered.high - clustered.low > alone.high - alone.low
    assert clustered == rules.summary(10, 0, 10, rules.clusters_of(agreeing))


def test_by_revenue():
    score, n_eff = rules.revenue_weighted([Voice(1, 1, Decimal(300)), Voice(1, -1, Decimal(100))])
    assert (score, n_eff) == pytest.approx((0.5, 1.6))
    score, n_eff = rules.revenue_weighted([Voice(2, 0, Decimal(400)), Voice(2, 2, Decimal(400))])
    assert (score, n_eff) == pytest.approx((0.5, 4.0))
    assert rules.revenue_weighted([Voice(3, 1)]) is None


def test_coverage_says_whose_voice_is_heard():
    heard = rules.coverage(
        revenue_answered=Decimal(75), revenue=Decimal(300), accounts_answered=1, accounts=5, roles_answered=0, roles=0
    )
    assert (heard.revenue, heard.accounts, heard.roles) == (0.25, 0.2, 0.0)


def test_a_change_is_shown_where_chance_does_not_explain_it():
    weak, strong = rules.summary(30, 40, 30), rules.summary(70, 20, 10)
    assert rules.change_shown(weak, strong) == pytest.approx(60)
    assert rules.change_shown(rules.summary(5, 3, 2), rules.summary(6, 2, 2)) is None
    assert rules.change_shown(rules.summary(1, 0, 0), strong) is None
