"""Verdicts, decisions and the rules of their forms."""

from __future__ import annotations

import copy
import gc
import json
import pickle

import libine as ine
import pytest
from conftest import sign
from libine import _core, _enums


@pytest.fixture
def event(creds: ine.Credentials, webhooks: ine.Webhooks) -> ine.Event:
    headers, body = ine.testing.signed_webhook("selfie_mismatch", creds, vendor_data="case-1", now=1_700_000_000)
    return webhooks.open(headers, body)


def test_bool_of_a_verdict_raises_and_names_verified(event: ine.Event) -> None:
    with pytest.raises(TypeError, match=r"\.verified"):
        if event.verdict:
            pass
    assert event.verdict.verified is False


def test_verdicts_compare_hash_copy_and_pickle(event: ine.Event) -> None:
    verdict = event.verdict
    same = event.decision.verdict()
    assert verdict == same and hash(verdict) == hash(same) and len({verdict, same}) == 1
    assert copy.deepcopy(verdict) is verdict
    again = pickle.loads(pickle.dumps(verdict))
    assert again == verdict and again.to_dict() == verdict.to_dict()
    assert again.text("en") == verdict.text("en") and again.text() == verdict.text("es-MX")
    assert verdict != "NOT_VERIFIED"


def test_a_pickled_verdict_holds_nothing_personal(event: ine.Event) -> None:
    assert b"JUAN" not in pickle.dumps(event.verdict) and b"581000001" not in pickle.dumps(event.verdict)
    assert b"JUAN" in event.decision.bytes and event.decision.first_name == "JUAN"


@pytest.mark.parametrize("name", ["_facts", "_later", "verified", "other"])
def test_a_verdict_does_not_change(event: ine.Event, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(event.verdict, name, 1)
    with pytest.raises(AttributeError):
        delattr(event.verdict, name)


def test_everything_that_a_verdict_says_is_in_its_json(event: ine.Event) -> None:
    verdict = event.verdict
    told = verdict.to_dict()
    assert json.loads(verdict.to_json()) == told
    assert told["outcome"] == verdict.outcome == "NOT_VERIFIED"
    assert told["root_cause"] == verdict.root_cause == ine.Check.SELFIE_REGISTRY_MATCH
    assert told["advice"] == verdict.advice == "NEW_SELFIE"
    assert told["failed"] == list(verdict.failed) and told["unmet"] == list(verdict.unmet)
    assert told["inputs"] == list(verdict.inputs) and told["unchecked"] == list(verdict.unchecked)
    assert told["anomalies"] == list(verdict.anomalies)
    assert told["registry"] == verdict.registry._asdict()
    assert told["session"]["id"] == verdict.session_id and told["session"]["code"] == verdict.session_code
    assert told["session"]["status"] == verdict.session_status
    assert told["session"]["reason_code"] == verdict.reason_code == 581
    assert told["checks"] == {str(k): v._asdict() for k, v in verdict.checks.items()}
    for language in ("es-MX", "en"):
        texts = verdict.text(language)._asdict()
        assert texts == {who: told["text"][who][language] for who in texts}


def test_decisions_and_events_do_not_pickle_and_say_what_to_do(event: ine.Event) -> None:
    for thing in (event, event.decision):
        with pytest.raises(TypeError, match="decision_id"):
            pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.copy(thing)
        assert "JUAN" not in repr(thing) and "581000001" not in repr(thing)
        assert str(event.session_id) in repr(thing)


@pytest.mark.parametrize(
    ("enum", "group"),
    [(_enums.Check, 14), (_enums.State, 15), (_enums.Outcome, 16), (_enums.Advice, 17), (_enums.Product, 8)],
)
def test_enums_are_those_of_the_library(enum: type[_enums.OpenEnum], group: int) -> None:
    names = {str(_core.ine_name(group, value)) for value in range(40)} - {"None"}
    mine = {str(member) for member in enum}
    assert {name.lower() for name in names} == {name.lower() for name in mine}


def test_enums_accept_what_they_do_not_know() -> None:
    new = ine.Outcome("SOMETHING_NEW")
    assert new == "SOMETHING_NEW" and new != ine.Outcome.VERIFIED and isinstance(new, ine.Outcome)
    assert "SOMETHING_NEW" not in ine.Outcome.__members__


def test_interpret_takes_bytes_only() -> None:
    assert ine.interpret(bytearray(b'{"status":"success","verification":null}')).outcome == "PENDING"
    for wrong, advice in (('{"a":1}', "do not decode"), ({"a": 1}, "parsed JSON"), (None, "bytes"), (7, "bytes")):
        with pytest.raises(TypeError, match=advice):
            ine.interpret(wrong)  # type: ignore[arg-type]
    with pytest.raises(ine.ReplyError) as caught:
        ine.interpret(b'{"status":}')
    assert caught.value.offset == 10


def test_errors_pickle(creds: ine.Credentials) -> None:
    with pytest.raises(ine.Error) as caught:
        ine.interpret(b"[")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and str(again) == str(caught.value) and again.code == caught.value.code


def test_a_decision_answers_by_pointer_and_lists(event: ine.Event) -> None:
    assert event.decision.find("/verification/code") == b"9102"
    assert event.decision.find("/nothing") is None
    assert event.decision.items("unknown_checks") == ()
    assert "JUAN" not in event.decision.redacted()
    with pytest.raises(ValueError):
        event.decision.items("nothing")


def test_evidence_belongs_to_its_body(event: ine.Event) -> None:
    record = ine.evidence(event.decision, event.verdict, source="webhook", integration=event.integration)
    assert "JUAN" not in record and json.loads(record)
    ine.evidence_check(record, event.decision.bytes)
    with pytest.raises(ine.Error):
        ine.evidence_check(record, event.decision.bytes + b" ")


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4


def test_what_is_dropped_is_freed(creds: ine.Credentials, webhooks: ine.Webhooks) -> None:
    """A body of 64 KB in each: one that stays behind would show."""
    headers, body = ine.testing.signed_webhook("selfie_mismatch", creds)
    body = body[:-1] + b" " * (64 << 10) + body[-1:]
    signature = sign(body)
    headers |= {"x-hmac-signature": signature}

    def use() -> None:
        event = webhooks.open(headers, body)
        verdict, decision = event.verdict, event.decision
        del event
        assert verdict.checks and verdict.registry and verdict.text() and decision.bytes == body
        kept = pickle.loads(pickle.dumps(verdict))
        assert kept == verdict == decision.verdict() == ine.interpret(body)
        with pytest.raises(ine.WebhookRefused):
            webhooks.open(headers, b"{}")
        with pytest.raises(TypeError):
            webhooks.open([(1,)], body)

    for _ in range(200):
        use()
    gc.collect()
    before = resident()
    for _ in range(400):
        use()
    gc.collect()
    assert resident() - before < 4096, "KB"


def test_verdicts_outlive_their_event_and_the_types_are_not_made_by_hand(event: ine.Event) -> None:
    verdict, text = event.verdict, event.verdict.to_json()
    del event
    gc.collect()
    assert verdict.to_json() == text and verdict.session_id
    for kind in (ine.Verdict, ine.Decision, ine.Event):
        with pytest.raises(TypeError, match="comes from"):
            kind()
    with pytest.raises(TypeError, match="another version"):
        _core.verdict_restored((), {}, "")
    with pytest.raises(KeyError):
        _core.lend("nothing", None)


def test_equal_fields_make_equal_verdicts_and_others_do_not(creds: ine.Credentials, webhooks: ine.Webhooks) -> None:
    one, other = (
        webhooks.open(*ine.testing.signed_webhook(name, creds, now=1_700_000_000)).verdict
        for name in ("approved", "selfie_mismatch")
    )
    assert one != other and one.verified and not other.verified
    assert one.checks[ine.Check.SELFIE_REGISTRY_MATCH].state == "PASSED"
    failed = other.checks["selfie_registry_match"]  # type: ignore[index]
    assert (failed.state, failed.reason, failed.blocked_by) == ("FAILED", "SELFIE_MISMATCH", None)
    later = other.checks[ine.Check.FIRST_NAME_MATCH]
    assert later.state is ine.State.SKIPPED and later.blocked_by is ine.Check.SELFIE_REGISTRY_MATCH
    with pytest.raises(TypeError):
        other.checks["x"] = 1  # type: ignore[index]
