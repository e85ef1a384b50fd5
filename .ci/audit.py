"""Ask whether any pinned dependency has a known weakness. Findings fail; not being able to ask only says so."""

import json
import subprocess
import sys

COMMAND = [
    sys.executable,
    "-m",
    "pip_audit",
    "--requirement=requirements.lock",
    "--no-deps",
    "--disable-pip",
    "--format=json",
    "--progress-spinner=off",
    "--timeout=15",
]


def main() -> int:
    try:
        asked = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
        report = json.loads(asked.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return could_not("no answer within five minutes")
    except (ValueError, KeyError):
        lines = asked.stderr.strip().splitlines()
        return could_not(lines[-1] if lines else "no answer")
    weak = [(package, flaw) for package in report for flaw in package.get("vulns", [])]
    for package, flaw in weak:
        fixed = ", ".join(flaw["fix_versions"]) or "no release yet"
        print(f"{package['name']} {package['version']}: {flaw['id']} (fixed in: {fixed})")
    skipped = [package["name"] for package in report if "skip_reason" in package]
    if len(skipped) == len(report):
        return could_not("the service that was reached knows none of the packages")
    print(f"{len(report) - len(skipped)} dependencies asked about, {len(weak)} known weaknesses.")
    if skipped:
        print(f"Not known to the service: {', '.join(skipped)}")
    return 1 if weak else 0


def could_not(why: str) -> int:
    print(f"The dependency audit could not run: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
