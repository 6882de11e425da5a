#!/usr/bin/env python3
"""Makes vectors.json beside this file: what SciPy and statsmodels say, for the tests of LlmObs.Evaluation.Statistics.

Needs scipy and statsmodels (made with 1.10.1 and 0.13.5). The random numbers are seeded: the same versions write the same file.
"""
import json
import math
import pathlib

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

random = numpy.random.default_rng(20261128)


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def mcnemar_cases():
    for improved, regressed in [(0, 0), (1, 0), (0, 1), (24, 0), (12, 12), (15, 9), (5, 19), (25, 0), (13, 12), (18, 7),
                                (1000, 1000), (1044, 956), (900, 1100), (2000, 0), (1960, 40)]:
        result = mcnemar([[7, improved], [regressed, 5]], exact=True)
        yield {"improved": improved, "regressed": regressed, "p": number(result.pvalue)}


def samples():
    yield "two pairs", [0.5, 0.1]
    yield "ten even", [0.1, 0.2, -0.05, 0.07, 0.3, 0.11, -0.02, 0.4, 0.25, 0.01]
    yield "zeros", [0.0, 0.0, 0.0, 0.3, -0.1, 0.2, 0.5, 0.0, 0.4, 0.15, -0.07]
    yield "ties", [1, 1, -1, 1, 2, 2, -2, 3, 1, 1, -1, 4, 1, 2, 1]
    yield "ties and zeros", [0, 1, 1, -1, 0, 2, 2, -2, 0, 3, 1, 1, -1, 4, 0]
    yield "symmetric", [-3, -2, -1, 1, 2, 3]
    yield "one way", [0.1 * i for i in range(1, 31)]
    yield "fifty", [round(x, 6) for x in random.normal(0.1, 0.3, 50)]
    yield "fifty-one", [round(x, 6) for x in random.normal(0.1, 0.3, 51)]
    yield "two hundred, skewed", [round(x, 6) for x in random.exponential(0.4, 200) - 0.3]
    yield "four hundred, coarse", [round(x, 1) for x in random.normal(0.02, 0.3, 400)]
    yield "far", [round(x, 6) for x in random.normal(5, 0.3, 60)]


def paired_cases():
    for name, values in samples():
        values = [float(value) for value in values]
        t = stats.ttest_1samp(values, 0)
        changed = [value for value in values if value != 0]
        tied = len({abs(value) for value in changed}) < len(changed)
        exact = len(values) <= 50 and not tied and len(changed) == len(values)
        wilcoxon = stats.wilcoxon(values, zero_method="wilcox", correction=False, mode="exact" if exact else "approx")
        count, deviation = len(values), numpy.std(values, ddof=1)
        detectable = (stats.t.ppf(0.975, count - 1) + stats.t.ppf(0.8, count - 1)) * deviation / math.sqrt(count)
        boot = stats.bootstrap((numpy.array(values),), numpy.mean, n_resamples=100_000, method="percentile",
                               batch=1000, random_state=numpy.random.default_rng(1))
        yield {"name": name, "differences": values, "mean": number(numpy.mean(values)), "deviation": number(deviation),
               "t_p": number(t.pvalue), "wilcoxon_p": number(wilcoxon.pvalue), "effect_size": number(numpy.mean(values) / deviation),
               "detectable": number(detectable), "bootstrap": [number(boot.confidence_interval.low), number(boot.confidence_interval.high)]}


def holm_cases():
    for p in [[0.01], [0.01, 0.04, 0.03, 0.005], [0.2, 0.5, 0.9], [0.001, 0.001, 0.02, 0.02, 0.5], [1, 1, 1], [0.03, 0.03]]:
        yield {"p": p, "adjusted": [number(x) for x in multipletests(p, method="holm")[1]]}


def clustered_cases():
    import statsmodels.api as sm
    for records, runs in [(5, 3), (40, 2), (100, 5)]:
        level = random.normal(0.7, 0.2, records)
        values = [[round(level[r] + e, 6) for e in random.normal(0, 0.1, runs)] for r in range(records)]
        flat = numpy.array(values).reshape(-1)
        groups = numpy.repeat(numpy.arange(records), runs)
        # The clustered error of a mean with the correction G/(G-1) alone, which for equal clusters is that of the clusters' means.
        fit = sm.OLS(flat, numpy.ones(len(flat))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        error = fit.bse[0] * math.sqrt(records / (records - 1))
        within = math.sqrt(numpy.mean([numpy.var(v, ddof=1) for v in values]))
        yield {"records": values, "mean": number(flat.mean()), "standard_error": number(error), "within": number(within)}


def pass_cases():
    for tries, passed, k in [(1, 1, 1), (5, 2, 1), (5, 2, 3), (5, 0, 2), (5, 5, 5), (10, 7, 4), (20, 19, 20)]:
        at_least = 1 - math.comb(tries - passed, k) / math.comb(tries, k)
        always = math.comb(passed, k) / math.comb(tries, k)
        yield {"tries": tries, "passed": passed, "k": k, "pass_at_k": at_least, "pass_all_k": always}


vectors = {
    "made_with": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": numpy.__version__},
    "mcnemar": list(mcnemar_cases()),
    "paired": list(paired_cases()),
    "holm": list(holm_cases()),
    "clustered": list(clustered_cases()),
    "pass": list(pass_cases()),
}
path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")
print(f"{path.name}: {sum(len(v) for v in vectors.values() if isinstance(v, list))} vectors")
