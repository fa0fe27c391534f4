// Express 4 and 5. The route stands before any body parser.
import express from 'express';

/** `webhooks` is a Webhooks, `save` puts a decision away once: by its id, under a unique index. */
export function app(webhooks, save) {
  const application = express();
  application.post(
    '/webhooks/veriff',
    webhooks.express(async (event) => {
      if (event.type === 'decision') await save(event.decisionId, event.vendorData, event.verdict);
    }),
  );
  application.use(express.json());
  return application;
}
