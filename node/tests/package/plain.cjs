// Plain JavaScript, CommonJS.
const { Client, interpret, version } = require('libine');
const { picture } = require('libine/testing');

(async () => {
  const client = Client.fromEnv();
  const who = { cic: '581000001', selfie: picture(), consent: true, vendorData: 'case-2' };
  const verdict = await client.verify(who);
  console.log(version, verdict.outcome, verdict.rootCause, interpret(Buffer.from('{}')).outcome);
  client.close();
})();
