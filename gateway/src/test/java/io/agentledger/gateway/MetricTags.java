package io.agentledger.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds metrics in the sources with the keys of their tags, as far as the call that registers them
 * contains literals. Keys in variables are only listed among the words of telemetry.
 */
final class MetricTags {
  private static final Pattern BUILDER =
      Pattern.compile("(?:[A-Z]\\w*)\\s*\\.builder\\(\\s*\"([a-z][a-z0-9_.]*)\"");
  private static final Pattern TAGS = Pattern.compile("\\.(?:tags?|and)\\(");

  private static final Pattern INTERCEPTOR =
      Pattern.compile("new MetricsInterceptor<[^(]*\\(\\s*\"([^\"]+)\",\\s*\"([^\"]+)\"");

  private MetricTags() {}

  /** Adds the metrics of a source to lines. */
  static void add(String source, Map<String, String> lines) {
    INTERCEPTOR
        .matcher(source)
        .results()
        .forEach(hit -> lines.put("metric " + hit.group(1), " tags outcome, " + hit.group(2)));
    for (var metric : BUILDER.matcher(source).results().toList()) {
      int end = source.indexOf(".register(", metric.end());
      if (end < 0) continue;
      var call = source.substring(metric.end(), end);
      var keys = new TreeSet<String>();
      for (var tags : TAGS.matcher(call).results().toList()) {
        var arguments = arguments(call.substring(tags.end()));
        for (int i = 0; i < arguments.size(); i += 2)
          if (arguments.get(i).startsWith("\""))
            keys.add(arguments.get(i).substring(1, arguments.get(i).length() - 1));
      }
      lines.merge(
          "metric " + metric.group(1),
          keys.isEmpty() ? "" : " tags " + String.join(", ", keys),
          (one, other) -> one.equals(other) ? one : one + ";" + other);
    }
  }

  /** Returns the arguments of a call, up to its closing bracket. */
  private static List<String> arguments(String text) {
    var arguments = new ArrayList<String>();
    int depth = 0;
    int begin = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"') quoted = !quoted;
      if (quoted) continue;
      if (character == '(') depth++;
      boolean isLast = character == ')' && depth == 0;
      if (character == ')') depth--;
      if (isLast || character == ',' && depth == 0) {
        arguments.add(text.substring(begin, i).strip());
        begin = i + 1;
      }
      if (isLast) break;
    }
    return arguments;
  }
}
