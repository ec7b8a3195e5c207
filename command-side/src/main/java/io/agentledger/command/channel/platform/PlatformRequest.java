package io.agentledger.command.channel.platform;

import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Request of a platform to a webhook.
 *
 * @param method GET or POST
 * @param rawQuery query of the URL as it was sent, without its question mark; empty for none
 * @param headers all values of each header; names in any case
 * @param body raw bytes
 */
public record PlatformRequest(
    String method, String rawQuery, Map<String, List<String>> headers, byte[] body) {
  public PlatformRequest {
    var sorted = new TreeMap<String, List<String>>();
    headers.forEach((name, values) -> sorted.put(name.toLowerCase(Locale.ROOT), values));
    headers = OrderedCopy.of(sorted);
  }

  /** Returns the only value of a header; empty if it is missing or repeated. */
  public String header(String name) {
    var values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    return values.size() == 1 ? values.getFirst() : "";
  }

  /** Returns the media type of the body in lower case, without parameters; empty for none. */
  public String mediaType() {
    return header("content-type").replaceFirst("\\s*;.*", "").strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "PlatformRequest[" + method + ", " + body.length + " bytes]";
  }
}
