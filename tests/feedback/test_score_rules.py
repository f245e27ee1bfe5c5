import random
from decimal import Decimal

import pytest

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


def test_answers_of_one_account_count_as_one_voice_where_they_agree():
    apart = [Voice(1, value) for value in (1, 1, 1, -1, -1, 0) * 4]
    together = [Voice(12, 12), Voice(8, -8), Voice(4, 0)]
    low, high = rules.cluster_interval(apart)
    low_together, high_together = rules.cluster_interval(together)
    assert high_together - low_together > 2 * (high - low)
    assert rules.cluster_interval(together[:1]) is None


def test_cluster_variance_by_hand():
    # Two accounts, (+1, +1) and (-1): mean 1/3, residual sums 4/3 and -4/3; variance 2/1 * 32/9 / 9 = 64/81.
    low, high = rules.cluster_interval([Voice(2, 2), Voice(1, -1)], z=0.5)
    assert (low, high) == pytest.approx((1 / 3 - 4 / 9, 1 / 3 + 4 / 9))


def test_the_wider_interval_is_shown():
    agreeing = [Voice(10, 10), Voice(10, -10)]
    alone, clustered = rules.summary(10, 0, 10), rules.summary(10, 0, 10, agreeing)
    assert clustered.high - clustered.low > alone.high - alone.low


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
