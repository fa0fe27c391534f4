"""A person is verified. INE_API_KEY, INE_SECRET and INE_BASE_URL are set (python -m libine sandbox prints
values for a try). Usage: verify.py CIC SELFIE CASE"""

import sys

import libine as ine


def main(cic: str, selfie: str, case: str) -> int:
    with ine.Client.from_env() as client:
        try:
            verdict = client.verify(cic=cic, selfie=selfie, consent=True, vendor_data=case, timeout=120)
        except ine.InputError as error:
            for problem in error.problems:
                print(f"{problem.field}: {problem.code}: {problem.hint}")
            return 2
        except ine.OutcomeUnknownError as error:
            print(f"a session may exist; look for vendorData {error.vendor_data}")
            return 5
        except ine.Error as error:
            print(f"{error.code}: {error}")
            return 3 if error.retryable else 4
    print(verdict.outcome, verdict.text("es-MX").citizen)
    return 0 if verdict.verified else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
