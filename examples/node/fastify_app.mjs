// Fastify 4 and 5. The plugin has a body parser of its own for its one route.
import Fastify from 'fastify';

export function app(webhooks, save) {
  const application = Fastify();
  application.register(
    webhooks.fastify('/webhooks/veriff', async (event) => {
      if (event.type === 'decision') await save(event.decisionId, event.vendorData, event.verdict);
    }),
  );
  return application;
}
