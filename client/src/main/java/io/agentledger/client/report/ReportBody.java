package io.agentledger.client.report;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ClientJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Bodies and parameters of requests about the configuration of reports. */
final class ReportBody {
  private ReportBody() {}

  /**
   * Parses the body of a request.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  static Map<String, Object> parse(String json) {
    try {
      return ClientJson.MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JacksonException exception) {
      throw new IllegalArgumentException("is not a JSON object", exception);
    }
  }

  static String page(PageRequest page) {
    var cursor = page.cursor();
    return "?limit="
        + page.limit()
        + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
  }
}
