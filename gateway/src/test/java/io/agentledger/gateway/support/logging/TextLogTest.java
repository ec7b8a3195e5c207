package io.agentledger.gateway.support.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.agentledger.gateway.ApiTestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Lines of the text log, as the configuration of the service formats them. */
class TextLogTest {
  private static final String FORGED =
      "x\r\n2026-11-26T05:00:00.000Z ERROR 1 --- forged\u001b[31m\u0085\u2028\u202e\u0000";
  private static final String ESCAPED =
      "x\\r\\n2026-11-26T05:00:00.000Z ERROR 1 --- forged"
          + "\\u001b[31m\\u0085\\u2028\\u202e\\u0000";
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private static Encoder<ILoggingEvent> encoder;

  @BeforeAll
  static void configure(@TempDir Path home) {
    ApiTestServer.open(home).close(); // Its start configures the log.
    encoder = ((OutputStreamAppender<ILoggingEvent>) ROOT.getAppender("CONSOLE")).getEncoder();
  }

  private static LoggingEvent event(
      String logger, String message, @Nullable Throwable failure, Map<String, String> context) {
    var event =
        new LoggingEvent(
            "test",
            ROOT.getLoggerContext().getLogger(logger),
            Level.ERROR,
            message,
            failure,
            new Object[0]);
    event.setMDCPropertyMap(context);
    return event;
  }

  private static List<String> linesOf(ILoggingEvent event) {
    // Not String.lines(): also what other programs take for the end of a line.
    return List.of(new String(encoder.encode(event), StandardCharsets.UTF_8).split("\\R"));
  }

  @Test
  void messageIsOneLine() {
    var lines = linesOf(event("test", "No handler for '" + FORGED + "'\tä🙂", null, Map.of()));
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).endsWith("No handler for '" + ESCAPED + "'\tä🙂");
  }

  @Test
  void keysAndContextAreOnTheLine() {
    var event = event("test", "refused", null, Map.of("correlationId", FORGED));
    event.setKeyValuePairs(List.of(new KeyValuePair("name", FORGED)));
    var lines = linesOf(event);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains(ESCAPED + "]", "name=\"" + ESCAPED + "\"");
  }

  @Test
  void stackTraceKeepsItsLinesAndMessagesAreOnOne() {
    var failure = new IllegalStateException(FORGED, new IllegalArgumentException(FORGED));
    failure.addSuppressed(new IllegalStateException(FORGED));
    var lines = linesOf(event("test", "failed", failure, Map.of()));
    assertThat(lines).hasSizeGreaterThan(5);
    assertThat(lines)
        .filteredOn(line -> line.contains("forged"))
        .hasSize(3)
        .allMatch(line -> line.endsWith("Exception: " + ESCAPED));
    assertThat(lines.stream().skip(1))
        .allMatch(
            line ->
                line.isBlank()
                    || line.matches("(\\t+(at|Suppressed:|\\.\\.\\.) |.*java\\.lang).*"));
  }

  @Test
  void explanationOfAFailedStartKeepsItsLines() {
    var logger = "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter";
    assertThat(linesOf(event(logger, "\nDescription:\n\nport in use", null, Map.of()))).hasSize(4);
  }
}
