"""Compares the scanner with Presidio's own batch analyser, and shows that memory does not grow with rows.

    python benchmarks/pii.py                 # both tables, 2,000 rows of 12 columns, and memory
    python benchmarks/pii.py --rows 20000    # longer
    python benchmarks/pii.py --no-memory

Both analyse the same cells in one process with the same recognizers; the findings of every cell are compared. The ratio
is the median over the repetitions of CPU seconds of `BatchAnalyzerEngine.analyze_dict` to CPU seconds of the scanner.
The last column is a whole judgement with the decision rule on top. Data are made up with fixed seeds.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from faker import Faker

Table = dict[str, list[str]]

WORDS = [
    "model",
    "batch",
    "layer",
    "signal",
    "error",
    "record",
    "window",
    "metric",
    "valid",
    "sparse",
    "dense",
    "train",
    "slow",
    "early",
    "stable",
    "input",
    "weight",
]
LIMIT_MEGABYTES = 500


def repeated(make: Callable[[], str], rows: int, kinds: int, r: random.Random) -> list[str]:
    """A column with a limited number of kinds of values."""
    values = [make() for _ in range(kinds)]
    return [r.choice(values) for _ in range(rows)]


def ml_table(rows: int, r: random.Random, f: Faker) -> Table:
    """Features, a digest, times, codes and repeated comments: about half of the cells are distinct."""
    kinds = max(20, rows // 20)
    return {
        "row_id": [str(i) for i in range(rows)],
        "feature_1": [f"{r.gauss(0, 1):.6f}" for _ in range(rows)],
        "feature_2": [f"{r.random():.8f}" for _ in range(rows)],
        "feature_3": [f"{r.random():.2f}" for _ in range(rows)],
        "age": [str(r.randint(18, 90)) for _ in range(rows)],
        "income": [str(r.randint(100, 999) * 100) for _ in range(rows)],
        "content_hash": [hashlib.sha256(str(i).encode()).hexdigest() for i in range(rows)],
        "created_at": [
            f"2024-{r.randint(1, 12):02}-{r.randint(1, 28):02} {r.randint(0, 23):02}:{r.randint(0, 59):02}:00"
            for _ in range(rows)
        ],
        "epoch": [str(r.randint(1_600_000_000, 1_700_000_000)) for _ in range(rows)],
        "postcode_area": repeated(f.postcode, rows, kinds, r),
        "comment": repeated(lambda: " ".join(r.choices(WORDS, k=9)).capitalize() + ".", rows, kinds, r),
        "label": [r.choice("01") for _ in range(rows)],
    }


def personal_table(rows: int, r: random.Random, f: Faker) -> Table:
    """Names, contacts, numbers and notes of invented people: nine cells of ten and more are distinct."""
    return {
        "full_name": [f.name() for _ in range(rows)],
        "email": [f"{f.user_name()}{r.randint(1, 9999)}@{f.free_email_domain()}" for _ in range(rows)],
        "phone": [f.phone_number() for _ in range(rows)],
        "mobile": [f"07{r.randint(300_000_000, 999_999_999)}" for _ in range(rows)],
        "nhs_number": [str(r.randint(4_000_000_000, 7_999_999_999)) for _ in range(rows)],
        "ni_number": [
            f"{r.choice('ABCEHJ')}{r.choice('ABCEHJLM')}{r.randint(0, 999_999):06}{r.choice('ABCD')}"
            for _ in range(rows)
        ],
        "postcode": [f.postcode() for _ in range(rows)],
        "iban": [f.iban() for _ in range(rows)],
        "card": [f.credit_card_number() for _ in range(rows)],
        "address": [f.street_address().replace("\n", ", ") for _ in range(rows)],
        "notes": [f"{f.sentence()} Ring {f.phone_number()}" if r.random() < 0.3 else f.sentence() for _ in range(rows)],
        "order_id": [str(r.randint(10**9, 10**10 - 1)) for _ in range(rows)],
    }


def compare(name: str, table: Table, repetitions: int) -> float:
    """Print the ratio on one table, and give it. Exits when a finding differs."""
    from presidio_analyzer import BatchAnalyzerEngine

    from checkov_aiml.pii.engine.recognizers import analyzer, uk_recognizers
    from checkov_aiml.pii.engine.scanner import Finding, Scanner
    from checkov_aiml.pii.judge import Judge
    from checkov_aiml.pii.reading import Batch
    from checkov_aiml.settings import PersonalData

    recognizers = uk_recognizers()
    batch, scanner = BatchAnalyzerEngine(analyzer(recognizers)), Scanner(recognizers)
    judge = Judge(PersonalData(), scanner, None)
    warm = {column: cells[:20] for column, cells in table.items()}
    list(batch.analyze_dict(warm, "en"))
    for column, cells in warm.items():
        scanner.find(cells, [column])
    ratios, rates, rules = [], [], []
    cells = sum(map(len, table.values()))
    for _ in range(repetitions):
        fast_start = time.process_time()
        found = {column: scanner.find(values, [column]) for column, values in table.items()}
        fast = time.process_time() - fast_start
        slow_start = time.process_time()
        analyzed = list(batch.analyze_dict(table, "en"))
        slow = time.process_time() - slow_start
        rule_start = time.process_time()
        judge.results(judge.columns([Batch(len(next(iter(table.values()))), table)])[0])
        rules.append(cells / (time.process_time() - rule_start))
        ratios.append(slow / fast)
        rates.append(cells / fast)
        for result in analyzed:
            for value, expected in zip(table[result.key], result.recognizer_results, strict=True):
                if found[result.key].get(value, []) != [
                    Finding(e.entity_type, e.start, e.end, e.score) for e in expected
                ]:
                    sys.exit(f"{name}: a finding in {result.key} differs")
    distinct = sum(len(set(values)) for values in table.values()) / cells
    print(
        f"{name:9} {cells:9,} cells  {distinct:4.0%} distinct  {statistics.median(ratios):6.1f} times faster"
        f"  {statistics.median(rates):9,.0f} cells/s  findings identical;"
        f" whole judgement {statistics.median(rules):9,.0f} cells/s"
    )
    return statistics.median(ratios)


MEASURE = """
import resource, sys
from pathlib import Path
from checkov_aiml.pii.judge import judge_file
judgement = judge_file(Path(sys.argv[1]))
assert judgement.rows == int(sys.argv[2]), judgement
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_megabytes(rows: int, folder: Path) -> float:
    """The peak memory of a process that judges a CSV file of so many rows of ten columns."""
    path = folder / f"{rows}.csv"
    r, f = random.Random(3), Faker("en_GB")
    f.seed_instance(3)
    with path.open("w") as file:
        file.write("row_id,a,b,c,d,e,email,comment,code,label\n")
        for start in range(0, rows, 1_000):
            comment = " ".join(r.choices(WORDS, k=9))
            file.writelines(
                f"{start + i},{r.random():.6f},{r.gauss(0, 1):.4f},{r.randint(0, 99)},"
                f"{r.randint(0, 10**6)},{r.random():.3f},"
                f"u{start + i}@mail{i % 7}.co.uk,{comment} {i},K{r.randint(0, 10**8)},{i % 2}\n"
                for i in range(1_000)
            )
    command = [sys.executable, "-c", MEASURE, str(path), str(rows)]
    peak = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    path.unlink()
    return peak


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--no-memory", action="store_true")
    options = parser.parse_args(arguments)
    r, f = random.Random(1), Faker("en_GB")
    f.seed_instance(1)
    ml = compare("ML-like", ml_table(options.rows, r, f), options.repetitions)
    personal = compare("personal", personal_table(options.rows, r, f), options.repetitions)
    failed = ml < 20 or personal < 10
    if not options.no_memory:
        with tempfile.TemporaryDirectory() as folder:
            small, large = (peak_megabytes(rows, Path(folder)) for rows in (100_000, 1_000_000))
        print(
            f"memory: peak {small:.0f} MB at 1 million cells, {large:.0f} MB at 10 million: {large / small:.2f} times"
        )
        failed = failed or large > 1.2 * small or large > LIMIT_MEGABYTES
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
