"""Quantiles that intervals are made with: of the normal distribution, and of Student's t for few observations."""

Z95 = 1.959964
_T_OF_FEW = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764}


def t_quantile(degrees: float) -> float:
    """The 97.5% quantile of Student's t, within .001; below 5 degrees of freedom that of the whole ones, 1 at least.

    The expansion of Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.5; below 5 from its table.
    """
    if degrees < 5:
        return _T_OF_FEW[max(1, int(degrees))]
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, 1))
