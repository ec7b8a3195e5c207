package io.agentledger.api.subscription;

/** Port by which deliveries get the JSON that streams and responses have. Thread-safe. */
public interface CloudEventEncoder {
  /** Returns an event as JSON in UTF-8. */
  byte[] encode(CloudEvent event);
}
