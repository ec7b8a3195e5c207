package io.agentledger.api.trigger;

import io.agentledger.api.shared.OrderedCopy;
import java.util.Map;
import java.util.Objects;

/**
 * Request of a provider, as it was received.
 *
 * @param headers values by lower-case names; of repeated ones the first
 */
public record WebhookRequest(Map<String, String> headers, byte[] body) {
  /** Maximum size of a body. */
  public static final int BODY_BYTES_MAX = 25 * 1024 * 1024;

  /** Maximum size of a body that anyone may have sent. */
  public static final int UNSIGNED_BODY_BYTES_MAX = 1024 * 1024;

  public WebhookRequest {
    headers = OrderedCopy.of(headers);
  }

  /** Returns the value of a header; empty if it is missing. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WebhookRequest that
        && headers.equals(that.headers)
        && java.util.Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(headers, java.util.Arrays.hashCode(body));
  }

  /** Contains no header and no content. */
  @Override
  public String toString() {
    return "WebhookRequest[" + body.length + " bytes]";
  }
}
