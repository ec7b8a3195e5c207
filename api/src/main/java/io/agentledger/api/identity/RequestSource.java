package io.agentledger.api.identity;

/**
 * Source of a request; unknown parts are empty.
 *
 * @param ip address of the peer, or the one that a trusted proxy reports
 * @param userAgent user agent of the client, at most {@value #USER_AGENT_MAX} characters
 */
public record RequestSource(String ip, String userAgent) {
  public static final int USER_AGENT_MAX = 200;

  /** No external source, or nothing known about it. */
  public static final RequestSource NONE = new RequestSource("", "");
}
