package io.agentledger.api.shared;

/**
 * Idempotency key of a request. It is stored with the first answer in the transaction that executes
 * the request.
 *
 * @param key sent by the client, at most 255 characters; unique per credential
 * @param bodyHash SHA-256 of the request's path and body, hex: the same key for another request is
 *     rejected
 */
public record Idempotency(String key, String bodyHash) {
  public static final int KEY_LENGTH_MAX = 255;
}
