// What bodies mean, and the functions that need no client.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import util from 'node:util';
import {
  buildInfo,
  check,
  curp,
  Decision,
  IneError,
  InputError,
  interpret,
  mediaDigest,
  mrz,
  pseudonym,
  redact,
  registration,
  version,
} from 'libine';
import { picture } from 'libine/testing';
import { sample } from './support/payload.mjs';

/** The table of docs/verdict.md for the documented samples. */
const SAMPLES = {
  decision_approved_all_checks: ['VERIFIED', null, 'NONE'],
  decision_approved_optional_not_provided: ['VERIFIED', null, 'NONE'],
  decision_consent_declined: ['CONSENT_MISSING', 'consent_obtained', 'ASK_CONSENT'],
  decision_person_not_found: ['NOT_VERIFIED', 'person_registered', 'CORRECT_INPUT'],
  decision_selfie_mismatch: ['NOT_VERIFIED', 'selfie_registry_match', 'NEW_SELFIE'],
  decision_lost_or_stolen: ['NOT_VERIFIED', 'not_reported_lost_or_stolen', 'REFUSE_CARD'],
  decision_registry_unavailable: ['RETRY_LATER', 'registry', 'RETRY_NEW_SESSION'],
  decision_legacy_biometric_excerpt: ['UNKNOWN', null, 'MANUAL_REVIEW'],
  mx_ine_all_fields_excerpt: ['UNKNOWN', null, 'MANUAL_REVIEW'],
  ine_registry_active: ['CARD_ACTIVE', null, 'NONE'],
  ine_registry_not_found: ['CARD_NOT_ACTIVE', null, 'MANUAL_REVIEW'],
};

describe('the documented samples', () => {
  for (const [name, expected] of Object.entries(SAMPLES))
    test(name, () => {
      const v = interpret(sample(name));
      assert.deepEqual([v.outcome, v.rootCause, v.advice], expected);
      assert.equal(v.verified, expected[0] === 'VERIFIED');
      const json = v.toJSON();
      const of = (names) => Array.from(names);
      assert.deepEqual(
        [
          v.verified,
          v.outcome,
          v.rootCause,
          v.advice,
          of(v.inputs),
          of(v.failed),
          of(v.unmet),
          of(v.unchecked),
          of(v.anomalies),
        ],
        [
          json.verified,
          json.outcome,
          json.root_cause,
          json.advice,
          json.inputs,
          json.failed,
          json.unmet,
          json.unchecked,
          json.anomalies,
        ],
      );
      assert.deepEqual([v.sessionId, v.sessionStatus, v.sessionCode, v.reasonCode], Object.values(json.session));
      assert.deepEqual({ ...v.registry }, json.registry);
      assert.deepEqual(v.text, json.text);
      assert.equal(Object.keys(v.checks).length, 10);
      for (const [check, { state, reason, blockedBy }] of Object.entries(v.checks))
        assert.deepEqual({ state, reason, blocked_by: blockedBy }, json.checks[check]);
      assert.equal(JSON.stringify(v), JSON.stringify(json));
    });

  test('person_not_found names what to correct, lost_or_stolen is odd', () => {
    assert.deepEqual(interpret(sample('decision_person_not_found')).inputs, ['document.number']);
    const lost = interpret(sample('decision_lost_or_stolen'));
    assert.ok(lost.anomalies.includes('NA_WITHOUT_UPSTREAM_FAILURE'));
    assert.equal(lost.checks.first_name_match.blockedBy, 'not_reported_lost_or_stolen');
    assert.equal(interpret(Buffer.from('{}')).outcome, 'UNKNOWN');
  });

  test('a verdict prints without a person, and does not change', () => {
    const v = interpret(sample('decision_approved_all_checks'));
    const shown = [util.inspect(v, { depth: 9, showHidden: true }), JSON.stringify(v), util.format('%O', { v })].join();
    assert.ok(!/JUAN|GARCIA|GARJ/.test(shown), shown);
    assert.throws(() => {
      v.verified = false;
    }, TypeError);
    v.toJSON().verified = false;
    v.failed.push?.('x');
    assert.deepEqual([v.verified, v.toJSON().verified, v.failed], [true, true, []]);
  });

  test('values that this version does not know stay what they are, and never pass', () => {
    const text = sample('decision_approved_all_checks').toString();
    const odd = interpret(
      Buffer.from(text.replace('"consent_obtained"', '"consent_of_a_new_kind"').replaceAll('"success"', '"splendid"')),
    );
    assert.equal(odd.verified, false);
    assert.ok('consent_of_a_new_kind' in odd.toJSON().unknown_checks);
    assert.ok(odd.anomalies.includes('UNKNOWN_CHECK') && odd.anomalies.includes('UNKNOWN_RESULT'));
  });
});

describe('bodies that are none', () => {
  test('a typed error with the offset', () => {
    for (const body of ['', '{', 'nothing', '[', '{"a":1}x', '\ufeff{}', '{"status":"\\ud800"}'])
      assert.throws(
        () => interpret(Buffer.from(body)),
        (error) => error instanceof IneError && error.code === 'JSON',
        body,
      );
    assert.throws(
      () => interpret(Buffer.from('{"a":tru}')),
      (error) => error.offset > 0,
    );
    for (const body of ['{}', { status: 'success' }, undefined, null, 5])
      assert.throws(() => interpret(body), TypeError);
    assert.throws(() => interpret(sample('decision_approved_all_checks'), { require: ['x'] }), TypeError);
    assert.throws(() => Decision.read('x'), TypeError);
  });

  test('a decision field by field', () => {
    const d = Decision.read(sample('decision_approved_all_checks'));
    const plain = JSON.parse(sample('decision_approved_all_checks'));
    assert.deepEqual(
      [d.status, d.sessionId, d.attemptId, d.sessionStatus, d.code, d.decisionTime, d.kind],
      [
        plain.status,
        plain.verification.id,
        plain.verification.attemptId,
        'approved',
        9001,
        plain.verification.decisionTime,
        'decision',
      ],
    );
    assert.equal(d.firstName, plain.verification.person.firstName);
    assert.equal(d.find('/verification/code').toString(), '9001');
    assert.throws(() => d.find('no pointer'), IneError);
    assert.throws(() => d.find(5), TypeError);
    assert.throws(() => d.items('nothing'), TypeError);
    assert.deepEqual(d.items('images'), []);
    assert.equal(Decision.read(sample('ine_registry_active')).active, true);
    assert.equal(Decision.read(sample('error_400')).kind, 'error');
    assert.ok(d.decisionId.startsWith(d.sessionId.toLowerCase()));
  });
});

describe('local checks', () => {
  test('check() finds what refuses a verification', () => {
    const who = { cic: '123456789', selfie: picture(), consent: true, vendorData: 'case-1' };
    assert.deepEqual(check(who), { ok: true, problems: [] });
    assert.equal(check({ ...who, selfie: Buffer.from('no image at all') }).ok, false);
    assert.equal(check({ ...who, selfie: '/no/such/file' }).problems[0].code, 'UNREADABLE');
    const file = `${fs.mkdtempSync('/tmp/libine-')}/x.png`;
    fs.writeFileSync(file, picture());
    assert.equal(check({ ...who, selfie: file }).ok, true);
    assert.equal(check({ ...who, selfie: new Blob([picture()]) }).ok, true);
    const young = { ...who, curp: 'GARJ200101HMCRLPA0' };
    assert.equal(check(young, { strict: ['age'], today: '2026-01-01' }).ok, false);
    assert.throws(() => check(who, { today: 'yesterday' }), TypeError);
    assert.equal(check(undefined).ok, false);
  });

  test('curp() and mrz()', () => {
    const c = curp('GARJ000000HMCRLP00');
    assert.deepEqual([c.ok, c.birth, c.sex], [true, null, 'H']);
    assert.equal(curp('GARJ000000HMCRLP00', { strict: ['all'] }).ok, false);
    assert.equal(curp('').ok, false);
    assert.equal(curp('\ud800').ok, false);
    assert.throws(() => curp(5), TypeError);
    const m = mrz('IDMEX1234567897<<0000000000000');
    assert.equal(m.cic, '123456789');
    assert.throws(() => mrz(undefined), TypeError);
    assert.ok(!util.inspect(m).includes('123456789'), util.inspect(m));
  });

  test('registration(), pseudonym(), redact(), mediaDigest()', () => {
    assert.equal(registration('{"institutionId":""}').ok, false);
    assert.equal(registration(Buffer.from('{}')).ok, false);
    assert.throws(() => registration('no json'), IneError);
    const pepper = Buffer.alloc(32, 7);
    assert.match(pseudonym('123456789', pepper), /^[0-9a-f]{32}$/);
    assert.equal(pseudonym('123456789', pepper), pseudonym('123456789', pepper));
    assert.notEqual(pseudonym('123456789', pepper), pseudonym('123456780', pepper));
    for (const bad of [Buffer.alloc(8), Buffer.alloc(100)]) assert.throws(() => pseudonym('x', bad), IneError);
    assert.throws(() => pseudonym('x', 'pepper'), TypeError);
    const safe = redact(sample('decision_approved_all_checks'));
    assert.ok(safe.includes('[redacted]') && !safe.includes('JUAN') && JSON.parse(safe));
    const { given, sent } = mediaDigest(picture());
    assert.match(given + sent, /^[0-9a-f]{128}$/);
    assert.throws(() => mediaDigest('x'), TypeError);
  });
});

test('versions', () => {
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(Object.keys(buildInfo()), ['libine', 'openssl', 'openssl_link', 'libcurl']);
  assert.ok(new InputError({ ...Object.create(null), text: 'x', problems: [], json: '{}' }) instanceof Error);
});
