package io.agentledger.gateway.service;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stand-in for the model API, started, and the log that it writes. */
final class ModelApiLog implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration START_MAX = Duration.ofSeconds(30);

  private final Path log;
  private final int port;
  private final Process process;

  /**
   * A request to the model.
   *
   * @param toolUse the id of the call that was answered; empty: text only
   * @param mark of the plan's step that the call is
   * @param endedAt 0 while it is being answered
   * @param complete whether all of the answer was taken
   */
  record Exchange(
      long tokens,
      String plan,
      String toolUse,
      String mark,
      long askedAt,
      long endedAt,
      boolean complete) {
    /** What its call leaves behind. */
    String line() {
      return mark + " " + toolUse;
    }

    /** Whether its call is a step of the plan; others look at what is there. */
    boolean isStep() {
      return mark.startsWith(plan + "-");
    }

    /** Whether a fault may have kept it from being counted: it was cut off in its first moment. */
    boolean isNear(List<Long> faults, long millis) {
      return faults.stream().anyMatch(at -> Math.abs(at - askedAt) < millis);
    }
  }

  ModelApiLog(Path log) throws IOException {
    this.log = log;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StandInModelApi.class.getName(),
                Integer.toString(port),
                log.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.resolveSibling("model-api.out").toFile())
            .start();
    await().atMost(START_MAX).until(this::isListening);
  }

  private boolean isListening() {
    if (!process.isAlive()) throw new IllegalStateException("the stand-in model API has ended");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Settings of a service that uses it. */
  List<String> settings() {
    return List.of(
        "--agentledger.model.upstream=anthropic",
        "--agentledger.model.base-url=http://127.0.0.1:" + port,
        "--ANTHROPIC_API_KEY=stand-in");
  }

  /** Requests of a plan, in the order in which they came. */
  List<Exchange> exchanges(String plan) {
    var found = new LinkedHashMap<Long, Exchange>();
    for (JsonNode line : lines()) {
      if (line.has("tokens") && line.path("plan").asString("").equals(plan)) {
        var asked = asked(line);
        found.put(asked.tokens(), asked);
      } else if (line.has("of")) {
        found.computeIfPresent(line.path("of").asLong(), (tokens, asked) -> ended(asked, line));
      }
    }
    return List.copyOf(found.values());
  }

  private static Exchange asked(JsonNode line) {
    return new Exchange(
        line.path("tokens").asLong(),
        line.path("plan").asString(""),
        line.path("tool_use").asString(""),
        line.path("mark").asString(""),
        line.path("at").asLong(),
        0,
        false);
  }

  private static Exchange ended(Exchange asked, JsonNode line) {
    return new Exchange(
        asked.tokens(),
        asked.plan(),
        asked.toolUse(),
        asked.mark(),
        asked.askedAt(),
        line.path("at").asLong(),
        line.path("end").asString("").equals("complete"));
  }

  private List<JsonNode> lines() {
    var lines = new ArrayList<JsonNode>();
    try {
      if (Files.notExists(log)) return lines;
      String text = Files.readString(log);
      text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .forEach(line -> lines.add(JSON.readTree(line)));
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
