// Plain JavaScript, ESM; also what bundlers are given.
import { Client } from 'libine';
import { picture } from 'libine/testing';

const client = Client.fromEnv();
const verdict = await client.verify({ cic: '900100001', selfie: picture(), consent: true, vendorData: 'case-3' });
console.log(verdict.outcome);
client.close();
