package io.agentledger.api.shared;

/**
 * A client's promise that a repeated request is the same wish. Kept with the first answer in the
 * transaction that carries the wish out.
 *
 * @param key what the client sent, at most 255 characters; unique per credential
 * @param bodyHash SHA-256 of what was asked, path and body, hex: the same key for something else is
 *     refused
 */
public record Idempotency(String key, String bodyHash) {
  public static final int KEY_LENGTH_MAX = 255;
}
