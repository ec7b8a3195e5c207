package io.agentledger.command.support.outbound;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * HTTP request to send.
 *
 * @param headers headers other than Host, Content-Length and connection headers, which the client
 *     sets
 * @param body empty for no body
 */
public record OutboundRequest(String method, String url, Map<String, String> headers, byte[] body) {
  private static final Pattern METHOD = Pattern.compile("GET|HEAD|POST|PUT|PATCH|DELETE");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]{0,8192}");
  private static final Set<String> RESERVED_HEADERS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "http2-settings",
          "proxy-authorization",
          "proxy-connection");

  public OutboundRequest {
    if (!METHOD.matcher(method).matches())
      throw new IllegalArgumentException("method " + method.length() + " letters long");
    headers = OrderedCopy.of(headers);
    headers.forEach(OutboundRequest::check);
  }

  /** Rejects a header that could inject another one, or that sets the length of the message. */
  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches()
        || !VALUE.matcher(value).matches()
        || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT)))
      throw new OutboundRefusedException(Rule.HEADER);
  }

  public static OutboundRequest get(String url) {
    return new OutboundRequest("GET", url, Map.of(), new byte[0]);
  }

  public static OutboundRequest post(String url, String contentType, byte[] body) {
    return new OutboundRequest("POST", url, Map.of("Content-Type", contentType), body);
  }

  OutboundRequest withUrl(String next) {
    return new OutboundRequest(method, next, headers, body);
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }
}
