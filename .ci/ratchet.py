"""Fails where a false claim is proved or checked, or where fewer fences than before come out as expected."""
import json
import sys

report, floor_file = sys.argv[1:]
claims = json.load(open(report))["claims"]
floor = int(open(floor_file).read())
fences = {}
for claim in claims:
    fences.setdefault((claim["file"], claim["label"]), []).append(claim)
good = sum(all(claim["as_expected"] for claim in fence) for fence in fences.values())
wrong = [fence[0] for fence in fences.values()
         if fence[0]["expected"] == "refuted" and all(c["verdict"] in ("proved", "checked") for c in fence)]
refuted = [fence[0] for fence in fences.values()
           if fence[0]["expected"] == "proved" and any(c["verdict"] == "refuted" for c in fence)]
print(f"{good} of {len(fences)} fences as expected (at least {floor})")
for claim in wrong + refuted:
    print(f"WRONG {claim['file']}:{claim['line']} #{claim['label']}: {claim['verdict']}, expected {claim['expected']}")
sys.exit(1 if wrong or refuted or good < floor else 0)
