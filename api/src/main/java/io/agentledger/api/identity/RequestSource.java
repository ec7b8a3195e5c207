package io.agentledger.api.identity;

/**
 * From where somebody came, as far as it is known; empty text where it is not.
 *
 * @param ip the address of the peer, or the one that a trusted proxy names
 * @param userAgent what its program calls itself, at most {@value #USER_AGENT_MAX} characters
 */
public record RequestSource(String ip, String userAgent) {
  public static final int USER_AGENT_MAX = 200;

  /** Nobody from outside, or nothing is known. */
  public static final RequestSource NONE = new RequestSource("", "");
}
