#!/usr/bin/env node
/** npx libine: explain, check, doctor and sandbox; the same output and exit codes as `python -m libine`. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { Credentials } from './credentials.js';
import { Decision } from './decision.js';
import { IneError } from './errors.js';
import { buildInfo, check } from './functions.js';
import { Sandbox } from './testing.js';
import type { Strictness } from './values.js';
import type { Verdict } from './verdict.js';
import { version } from './version.js';
import { Webhooks } from './webhooks.js';

const EXIT = { VERIFIED: 0, OTHER: 1, REFUSED: 2, LATER: 3, TROUBLE: 4, UNKNOWN: 5 } as const;
const SIGNS: Readonly<Record<string, string>> = {
  PASSED: '✓',
  FAILED: '✗',
  SKIPPED: '↷',
  NO_INPUT: '○',
  ABSENT: '–',
  INCONCLUSIVE: '?',
  UNRECOGNISED: '?',
};
const INPUTS: Readonly<Record<string, readonly [name: string, about: string]>> = {
  cic: ['cic', "the card's CIC: 9 digits, on its back"],
  curp: ['curp', '18 characters'],
  'first-name': ['firstName', 'given names'],
  'last-name': ['lastName', "the father's last name"],
  'second-last-name': ['secondLastName', "the mother's last name"],
  'first-issue': ['firstIssue', 'YYYY-MM-DD'],
  'valid-from': ['validFrom', 'YYYY-MM-DD'],
  'date-of-birth': ['dateOfBirth', 'YYYY-MM-DD'],
  gender: ['gender', 'M or F'],
  'vendor-data': ['vendorData', 'your own id of the case'],
  selfie: ['selfie', 'file of the face image'],
};
const USAGE = `usage: libine COMMAND

  explain FILE|-        what a decision, a reply or a webhook's body means
      --lang es|en      language of the texts [en]
  check                 every problem of an input at once; nothing is sent
${Object.entries(INPUTS)
  .map(([option, [, about]]) => `      --${option.padEnd(18)} ${about}`)
  .join('\n')}
      --consent            the person has consented
      --strict NAME        a warning that refuses: age, curp-digit, ..., all
  doctor                versions, settings, and why a webhook is refused
      --headers FILE       the webhook's headers, one on a line
      --body FILE          its body, byte for byte
  sandbox               the vendor's API on 127.0.0.1 until Ctrl-C
      --port N, --seed N
      --webhook URL        http URL that gets the decisions

  --json                for programs (explain, check, doctor)
  --version, --help
Exit codes: 0 verified, 1 another final outcome, 2 refused here, 3 ask again later, 4 trouble, 5 unknown.
`;

/** A mistake of the person at the keyboard. */
class Usage extends Error {}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];
type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function read(file: string): Buffer {
  return fs.readFileSync(file === '-' ? 0 : file);
}

function exitCode(verdict: Verdict): number {
  if (verdict.verified) return EXIT.VERIFIED;
  if (verdict.outcome === 'RETRY_LATER' || verdict.outcome === 'PENDING') return EXIT.LATER;
  return verdict.outcome === 'UNKNOWN' ? EXIT.UNKNOWN : EXIT.OTHER;
}

/** The checks in the order in which they are made, then what follows from them. */
function draw(verdict: Verdict, language: 'es-MX' | 'en'): void {
  for (const [name, result] of Object.entries(verdict.checks)) {
    const reason = result.reason ? ` (${result.reason})` : '';
    const because = result.blockedBy ? `, because of ${result.blockedBy}` : '';
    const cause = verdict.rootCause === name ? '  <- root cause' : '';
    print(`  ${SIGNS[result.state] ?? '?'} ${name.padEnd(28)} ${result.state}${because}${reason}${cause}`);
  }
  print(`\n${verdict.outcome}  advice: ${verdict.advice}`);
  if (verdict.rootCause) print(`root cause: ${verdict.rootCause}`);
  for (const [name, values] of [
    ['correct', verdict.inputs],
    ['unmet', verdict.unmet],
    ['anomalies', verdict.anomalies],
  ] as const)
    if (values.length > 0) print(`${name}: ${values.join(', ')}`);
  const { agent, citizen } = verdict.text;
  print(`\nagent:   ${agent[language]}\ncitizen: ${citizen[language]}`);
}

function explain(values: Values, files: string[]): number {
  if (files.length !== 1) throw new Usage('explain takes one file, or - for standard input');
  if (values.lang !== undefined && values.lang !== 'es' && values.lang !== 'en') throw new Usage('--lang is es or en');
  const verdict = Decision.read(read(files[0] as string)).verdict();
  if (values.json) print(JSON.stringify(verdict));
  else draw(verdict, values.lang === 'es' ? 'es-MX' : 'en');
  return exitCode(verdict);
}

function checkInput(values: Values): number {
  const who: Record<string, unknown> = { consent: values.consent === true };
  for (const [option, [name]] of Object.entries(INPUTS)) if (values[option] !== undefined) who[name] = values[option];
  const report = check(who, { strict: (values.strict ?? []) as Strictness[] });
  if (values.json) {
    print(JSON.stringify(report));
  } else {
    for (const { severity, field, code, hint } of report.problems) print(`${severity}: ${field}: ${code}: ${hint}`);
    print(report.ok ? 'ok' : 'refused');
  }
  return report.ok ? EXIT.VERIFIED : EXIT.REFUSED;
}

/** Why a webhook is refused, when its body is given. */
function diagnosed(values: Values): { text: string; refused: boolean } | null {
  if (typeof values.body !== 'string') return null;
  const lines = typeof values.headers === 'string' ? read(values.headers).toString('latin1').split(/\r?\n/) : [];
  const pairs = lines
    .filter((line) => line.includes(':'))
    .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()] as const);
  const found = new Webhooks([Credentials.fromEnv()]).diagnose(pairs, read(values.body));
  return {
    text: found.hint === null ? found.reason : `${found.reason}: ${found.hint}`,
    refused: found.reason !== 'NONE',
  };
}

function doctor(values: Values): number {
  const facts: Record<string, string> = { node: process.versions.node, ...buildInfo() };
  for (const name of ['INE_API_KEY', 'INE_SECRET', 'INE_BASE_URL', 'INE_PROXY', 'INE_CA_FILE'])
    facts[name] = process.env[name] ? 'set' : 'not set';
  let trouble = false;
  if (facts.INE_API_KEY === 'set' && facts.INE_SECRET === 'set') {
    try {
      facts.credentials = Credentials.fromEnv().isSandbox ? 'sandbox key' : 'right in form';
    } catch (error) {
      if (!(error instanceof IneError)) throw error;
      facts.credentials = error.message;
      trouble = true;
    }
  }
  const webhook = diagnosed(values);
  if (webhook !== null) facts.webhook = webhook.text;
  if (values.json) print(JSON.stringify(facts));
  else for (const [name, value] of Object.entries(facts)) print(`${name.padEnd(14)} ${value}`);
  return trouble || webhook?.refused ? EXIT.TROUBLE : EXIT.VERIFIED;
}

function number(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(String(value))) throw new Usage(`--${name} is a number`);
  return Number(value);
}

async function sandbox(values: Values): Promise<number> {
  const server = await Sandbox.start({
    port: number(values.port, 'port', 0),
    seed: number(values.seed, 'seed', 1),
    onRequest: print,
  });
  try {
    if (typeof values.webhook === 'string') server.deliverTo(values.webhook);
    const { apiKey, secret } = server.keys();
    print(`INE_BASE_URL=${server.baseUrl}\nINE_API_KEY=${apiKey}\nINE_SECRET=${secret}`);
    print(`# portal: ${server.baseUrl}/portal   Ctrl-C ends it`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
  } finally {
    await server.close();
  }
  return EXIT.VERIFIED;
}

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const COMMANDS: Readonly<
  Record<string, { options: Options; run: (values: Values, files: string[]) => number | Promise<number> }>
> = {
  explain: { options: { lang: TEXT, json: FLAG }, run: explain },
  check: {
    options: {
      ...Object.fromEntries(Object.keys(INPUTS).map((name) => [name, TEXT])),
      consent: FLAG,
      strict: { type: 'string', multiple: true },
      json: FLAG,
    },
    run: checkInput,
  },
  doctor: { options: { headers: TEXT, body: TEXT, json: FLAG }, run: doctor },
  sandbox: { options: { port: TEXT, seed: TEXT, webhook: TEXT }, run: sandbox },
};

async function run(name: string | undefined, rest: string[]): Promise<number> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new Usage(`commands are ${Object.keys(COMMANDS).join(', ')}`);
  let parsed: { values: Values; positionals: string[] };
  try {
    parsed = parseArgs({ args: rest, options: command.options ?? {}, allowPositionals: name === 'explain' });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : 'usage');
  }
  return command.run(parsed.values, parsed.positionals);
}

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === '--version') {
    print(version);
    return 0;
  }
  if (name === '--help' || name === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    return await run(name, rest);
  } catch (error) {
    if (error instanceof Usage) process.stderr.write(`libine: ${error.message}\n\n${USAGE}`);
    else process.stderr.write(`libine: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof IneError)) return EXIT.REFUSED;
    if (rest.includes('--json')) print(JSON.stringify(error));
    return error.code === 'CONFIG' ? EXIT.REFUSED : EXIT.TROUBLE;
  }
}

process.stdout.on('error', () => process.exit(EXIT.TROUBLE));
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`libine: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.TROUBLE;
  },
);
