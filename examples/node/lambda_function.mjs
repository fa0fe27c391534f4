// AWS Lambda behind API Gateway (v1, v2), a function URL or a load balancer.
import { Credentials, Webhooks } from 'libine';

const webhooks = new Webhooks([Credentials.fromEnv()]);

export const handler = webhooks.lambda(async (event) => {
  if (event.type === 'decision') console.log(JSON.stringify(event)); // ids and verdict, nobody's data
});
