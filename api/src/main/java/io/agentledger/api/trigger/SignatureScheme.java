package io.agentledger.api.trigger;

/** Scheme by which a provider proves that it sent a webhook. */
public enum SignatureScheme {
  /** {@code X-Hub-Signature-256}, an HMAC over the body. */
  GITHUB,
  /** {@code X-Hub-Signature}, an HMAC over the body. */
  JIRA,
  /** {@code Sentry-Hook-Signature}, an HMAC over the body, with a timestamp. */
  SENTRY,
  /** {@code X-Slack-Signature}, an HMAC over timestamp and body. */
  SLACK,
  /** {@code webhook-signature} of Standard Webhooks, an HMAC over id, timestamp and body. */
  STANDARD_WEBHOOKS,
  /** A header whose value is the secret itself. */
  SHARED_HEADER,
  /** No signature: anyone who knows the address can send webhooks. */
  NONE
}
