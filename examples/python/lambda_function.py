"""AWS Lambda behind API Gateway, a function URL or a load balancer. INE_API_KEY and INE_SECRET are set."""

import libine as ine

webhooks = ine.Webhooks([ine.Credentials.from_env()])


def finish(decision_id: str, vendor_data: str | None, verdict: dict[str, object]) -> None:
    """Hand over to your queue here. decision_id belongs under a unique index: deliveries repeat."""


@webhooks.aws_lambda
def lambda_handler(event: ine.Event) -> None:
    if event.type == "decision":
        finish(event.decision_id, event.vendor_data, event.verdict.to_dict())
