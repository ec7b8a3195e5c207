package io.agentledger.command.channel.platform;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Parameters of a query or of a form ({@code application/x-www-form-urlencoded}), by name. */
public final class FormParameters {
  private static final int COUNT_MAX = 1_000;

  private final TreeMap<String, List<String>> values = new TreeMap<>();

  private FormParameters() {}

  /**
   * Reads encoded parameters.
   *
   * @throws UnreadableRequestException if a percent sign is not followed by two digits, or there
   *     are more than 1,000 parameters
   */
  public static FormParameters parse(String text) {
    var parameters = new FormParameters();
    var pairs = text.split("&", COUNT_MAX + 1);
    if (pairs.length > COUNT_MAX)
      throw new UnreadableRequestException("The request has more than 1000 parameters.");
    for (var pair : pairs) {
      if (pair.isEmpty()) continue;
      int equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      var value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new UnreadableRequestException("A parameter of the request is wrongly encoded.");
    }
  }

  /** Returns the only value of a parameter; empty if it is missing or repeated. */
  public String value(String name) {
    var all = values.getOrDefault(name, List.of());
    return all.size() == 1 ? all.getFirst() : "";
  }

  /** Returns all values by name, names in the order of their characters. */
  public Map<String, List<String>> values() {
    return values;
  }

  /** Encodes parameters. */
  public static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
