package io.agentledger.command.support.outbound;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * HTTP response of any status; its content is not trusted.
 *
 * @param headers names in lower case
 * @param url final URL after redirects
 */
public record OutboundResponse(
    int status, Map<String, List<String>> headers, byte[] body, String url) {
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }
}
