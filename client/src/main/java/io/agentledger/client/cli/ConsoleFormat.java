package io.agentledger.client.cli;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.client.support.ClientJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values as a person reads them. */
final class ConsoleFormat {
  /** What of a tool's input says most about the call, most telling first. */
  private static final List<String> TELLING =
      List.of("command", "file_path", "path", "pattern", "url", "query", "description", "prompt");

  private static final int SHORT = 100;

  private ConsoleFormat() {}

  /** {@code 840 ms}, {@code 8.4 s}, {@code 2 min 5 s}. */
  static String duration(Duration time) {
    if (time.toMillis() < 1000) return time.toMillis() + " ms";
    if (time.toSeconds() < 60)
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    return time.toMinutes() + " min " + time.toSecondsPart() + " s";
  }

  static String size(long bytes) {
    if (bytes < 1024) return bytes + " B";
    if (bytes < 1 << 20) return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  static String count(long number, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", number, one, number == 1 ? "" : "s");
  }

  static String cost(Money cost) {
    return "$" + cost.usd();
  }

  static String tokens(Usage usage) {
    var in =
        usage.inputTokens()
            + usage.cacheReadTokens()
            + usage.cacheWriteTokens()
            + usage.longCacheWriteTokens();
    return String.format(Locale.ROOT, "%,d tokens in, %,d out", in, usage.outputTokens());
  }

  /** Who answers, so that nobody takes a script for a model. */
  static String upstream(@Nullable Upstream upstream) {
    return switch (upstream) {
      case ANTHROPIC -> "Anthropic API";
      case REHEARSAL -> "REHEARSAL: scripted answers, no model";
      case RECORDED -> "RECORDED: earlier answers, played again";
      case null -> "unknown upstream";
    };
  }

  /** A tool call's input in a few words. */
  static String input(@Nullable Json input) {
    if (input == null) return "";
    var node = ClientJson.MAPPER.readTree(input.text());
    for (var name : TELLING)
      if (node.path(name).isString())
        return TerminalSanitizer.line(node.path(name).asString(), SHORT);
    var question = node.path("questions").path(0).path("question");
    if (question.isString()) return TerminalSanitizer.line(question.asString(), SHORT);
    return node.isEmpty() ? "" : TerminalSanitizer.line(node.toString(), SHORT);
  }

  /** What a server says when it asks. */
  static String message(@Nullable Json ask) {
    if (ask == null) return "";
    var node = ClientJson.MAPPER.readTree(ask.text());
    var url = node.path("url").asString("");
    return TerminalSanitizer.line(
        (node.path("message").asString("") + " " + url).strip(), 2 * SHORT);
  }

  /** How much a tool brought back. */
  static String extent(@Nullable Json output) {
    var text = plain(output).strip();
    if (text.isEmpty()) return "nothing";
    var bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return count(text.lines().count(), "line") + ", " + size(bytes);
  }

  /** A tool's result as text, whatever shape it has. */
  static String plain(@Nullable Json output) {
    return output == null ? "" : plain(ClientJson.MAPPER.readTree(output.text()));
  }

  private static String plain(JsonNode node) {
    if (node.isNull() || node.isMissingNode()) return "";
    if (node.isString()) return node.asString();
    if (node.isArray())
      return node.valueStream().map(ConsoleFormat::plain).collect(Collectors.joining("\n"));
    if (node.path("text").isString()) return node.path("text").asString();
    if (node.has("content")) return plain(node.path("content"));
    return node.toString();
  }

  /** Laid out for reading, every field. */
  static String pretty(@Nullable Json json) {
    if (json == null) return "";
    return ClientJson.MAPPER
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(ClientJson.MAPPER.readTree(json.text()));
  }
}
