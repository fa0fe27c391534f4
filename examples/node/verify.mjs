// Verifies a person and says what came of it.
//
//   INE_API_KEY=... INE_SECRET=... INE_BASE_URL=... node verify.mjs CIC selfie.jpg CASE
import { Client, InputError, OutcomeUnknownError } from 'libine';

const [cic, selfie, vendorData] = process.argv.slice(2);
const client = Client.fromEnv();
try {
  const verdict = await client.verify(
    { cic, selfie, consent: true, vendorData },
    { signal: AbortSignal.timeout(120_000), onCreated: (session) => console.error(`session ${session.id}`) },
  );
  console.log(verdict.outcome, verdict.advice);
  console.log(verdict.text.agent.en);
  process.exitCode = verdict.verified ? 0 : 1;
} catch (error) {
  if (error instanceof InputError) for (const { field, code, hint } of error.problems) console.error(field, code, hint);
  else if (error instanceof OutcomeUnknownError) console.error(`look for a session of ${error.vendorData} first`);
  else console.error(error.message);
  process.exitCode = error instanceof InputError ? 2 : 4;
} finally {
  client.close();
}
