package io.agentledger.command.channel.platform;

import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.store.support.UntrustedJson;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of platforms, which is not trusted. */
public final class PlatformJson {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int TEXT_MAX = 200;

  private PlatformJson() {}

  /**
   * Reads the body of a webhook.
   *
   * @throws UnreadableRequestException if it is no JSON object
   */
  public static JsonNode read(PlatformRequest request) {
    try {
      var body = JSON.readTree(request.body());
      if (body.isObject()) return body;
    } catch (JacksonException e) {
      // Reported below, without a position in untrusted text.
    }
    throw new UnreadableRequestException("The body is not a JSON object.");
  }

  /** Reads the body of a response; a missing node if it is no JSON. */
  public static JsonNode read(OutboundResponse response) {
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  public static byte[] write(Object value) {
    return JSON.writeValueAsBytes(value);
  }

  /** Returns a text or number; empty if there is none. */
  public static String text(JsonNode object, String name) {
    var value = object.path(name);
    return value.isValueNode() && !value.isNull() ? value.asString("") : "";
  }

  /** Returns the time that a text of seconds states, or another one if it states none. */
  public static Instant seconds(String text, Instant otherwise) {
    return text.matches("[0-9]{1,11}(\\.[0-9]{1,9})?")
        ? Instant.ofEpochSecond(Long.parseLong(text.replaceFirst("\\..*", "")))
        : otherwise;
  }

  /** Returns a vendor's text as one line of at most 200 characters without control characters. */
  public static String line(String text) {
    var line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    if (line.length() <= TEXT_MAX) return line;
    int end = Character.isHighSurrogate(line.charAt(TEXT_MAX - 1)) ? TEXT_MAX - 1 : TEXT_MAX;
    return line.substring(0, end);
  }
}
