"""Make a CSV of CDNOW's fixed-width text: python to_csv.py CDNOW_sample.txt.gz cdnow.csv"""

import csv
import gzip
import sys
from pathlib import Path

SAMPLE_FIELDS = 5


def to_csv(source: Path, target: Path) -> int:
    """Write one row per purchase: line, customer, day, cds, dollars; how many. The sample's own ids are used if there
    are any: its lines have five fields, the master's four."""
    with gzip.open(source, "rt", encoding="ascii") as lines, target.open("w", newline="", encoding="ascii") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "customer", "day", "cds", "dollars"])
        count = 0
        for count, line in enumerate(lines, 1):
            fields = line.split()
            customer = fields[1] if len(fields) == SAMPLE_FIELDS else fields[0]
            day, cds, dollars = fields[-3:]
            writer.writerow([count, customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", cds, dollars])
    return count


if __name__ == "__main__":
    print(f"{to_csv(Path(sys.argv[1]), Path(sys.argv[2])):,} purchases")
