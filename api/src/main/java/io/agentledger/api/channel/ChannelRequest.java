package io.agentledger.api.channel;

import io.agentledger.api.shared.OrderedCopy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Request of a platform, as it was received.
 *
 * @param method GET or POST
 * @param rawQuery query of the URL as it was sent; empty for none
 * @param headers all values by names
 */
public record ChannelRequest(
    String method, String rawQuery, Map<String, List<String>> headers, byte[] body) {
  /** Maximum size of a body. */
  public static final int BODY_BYTES_MAX = 1024 * 1024;

  public ChannelRequest {
    headers = OrderedCopy.of(headers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelRequest that
        && method.equals(that.method)
        && rawQuery.equals(that.rawQuery)
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(method, rawQuery, headers, Arrays.hashCode(body));
  }

  /** Contains no header and no content. */
  @Override
  public String toString() {
    return "ChannelRequest[" + body.length + " bytes]";
  }
}
