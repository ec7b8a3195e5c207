package io.agentledger.client.cli;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.client.support.ClientJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Formats values for display to a user. */
final class ConsoleFormat {
  /** Fields of a tool's input that describe a call best, in order of preference. */
  private static final List<String> SUMMARY_FIELDS =
      List.of("command", "file_path", "path", "pattern", "url", "query", "description", "prompt");

  private static final int SUMMARY_LENGTH_MAX = 100;

  private ConsoleFormat() {}

  /** {@code 840 ms}, {@code 8.4 s}, {@code 2 min 5 s}. */
  static String duration(Duration duration) {
    if (duration.toMillis() < 1000) return duration.toMillis() + " ms";
    if (duration.toSeconds() < 60)
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
  }

  /** {@code 12 s ago}, {@code 5 min ago}, {@code 3 h ago}, {@code 2 d ago}. */
  static String age(Instant instant) {
    var duration = Duration.between(instant, Instant.now());
    if (duration.toMinutes() < 1) return Math.max(0, duration.toSeconds()) + " s ago";
    if (duration.toHours() < 1) return duration.toMinutes() + " min ago";
    if (duration.toDays() < 1) return duration.toHours() + " h ago";
    return duration.toDays() + " d ago";
  }

  static String size(long bytes) {
    if (bytes < 1024) return bytes + " B";
    if (bytes < 1 << 20) return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** {@code $0}, {@code $0.0123}, {@code <$0.0001}: rounded to four decimals. */
  static String cost(Money cost) {
    var rounded = new BigDecimal(cost.usd()).setScale(4, RoundingMode.HALF_UP).stripTrailingZeros();
    if (rounded.signum() == 0 && cost.nanos() > 0) return "<$0.0001";
    return "$" + rounded.toPlainString();
  }

  static String tokens(Usage usage) {
    var inputTokens =
        usage.inputTokens()
            + usage.cacheReadTokens()
            + usage.cacheWriteTokens()
            + usage.longCacheWriteTokens();
    return String.format(Locale.ROOT, "%,d tokens in, %,d out", inputTokens, usage.outputTokens());
  }

  /** Names the upstream, so that a scripted answer is never mistaken for a model's. */
  static String upstream(@Nullable Upstream upstream) {
    return switch (upstream) {
      case ANTHROPIC -> "Anthropic API";
      case REHEARSAL -> "REHEARSAL: scripted answers, no model";
      case RECORDED -> "RECORDED: replayed answers, no model";
      case null -> "unknown upstream";
    };
  }

  /** Summarises the input of a tool call, or the questions of an action, in a few words. */
  static String toolInput(@Nullable Json input) {
    if (input == null) return "";
    var node = ClientJson.MAPPER.readTree(input.text());
    for (var name : SUMMARY_FIELDS)
      if (node.path(name).isString())
        return TerminalSanitizer.sanitizeLine(node.path(name).asString(), SUMMARY_LENGTH_MAX);
    var questions = node.isArray() ? node : node.path("questions");
    var question = questions.path(0).path("question");
    if (question.isString())
      return TerminalSanitizer.sanitizeLine(question.asString(), SUMMARY_LENGTH_MAX);
    return node.isEmpty()
        ? ""
        : TerminalSanitizer.sanitizeLine(node.toString(), SUMMARY_LENGTH_MAX);
  }

  /** Returns the message of a server's elicitation. */
  static String elicitationMessage(@Nullable Json request) {
    if (request == null) return "";
    var node = ClientJson.MAPPER.readTree(request.text());
    var url = node.path("url").asString("");
    return TerminalSanitizer.sanitizeLine(
        (node.path("message").asString("") + " " + url).strip(), 2 * SUMMARY_LENGTH_MAX);
  }

  /** Describes the amount of output of a tool. */
  static String outputSize(@Nullable Json output) {
    var text = plainText(output).strip();
    if (text.isEmpty()) return "nothing";
    var bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return count(text.lines().count(), "line") + ", " + size(bytes);
  }

  /** Converts a tool's result of any shape to text. */
  static String plainText(@Nullable Json output) {
    return output == null ? "" : plainText(ClientJson.MAPPER.readTree(output.text()));
  }

  private static String plainText(JsonNode node) {
    if (node.isNull() || node.isMissingNode()) return "";
    if (node.isString()) return node.asString();
    if (node.isArray())
      return node.valueStream().map(ConsoleFormat::plainText).collect(Collectors.joining("\n"));
    if (node.path("text").isString()) return node.path("text").asString();
    if (node.has("content")) return plainText(node.path("content"));
    return node.toString();
  }

  /** Formats all fields with indentation. */
  static String prettyJson(@Nullable Json json) {
    if (json == null) return "";
    return ClientJson.MAPPER
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(ClientJson.MAPPER.readTree(json.text()));
  }
}
