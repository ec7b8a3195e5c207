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

/** The process of the fake model API, and its log. */
final class ModelApiLog implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration START_MAX = Duration.ofSeconds(30);

  private final Path log;
  private final int port;
  private final Process process;

  /**
   * A request to the model.
   *
   * @param toolUse id of the tool call in the response; empty: text only
   * @param mark mark of the plan's step
   * @param endedAt 0 while the response is being sent
   * @param complete whether the whole response was read
   */
  record Exchange(
      long tokens,
      String plan,
      String toolUse,
      String mark,
      long askedAt,
      long endedAt,
      boolean complete) {
    /** Returns the line that its call writes. */
    String line() {
      return mark + " " + toolUse;
    }

    /** Returns whether its call is a step of the plan; other calls only read. */
    boolean isStep() {
      return mark.startsWith(plan + "-");
    }

    /**
     * Returns whether a fault may have prevented the exchange from being counted, because it was
     * cut off at its beginning.
     */
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

  /** Returns the settings of a service that uses it. */
  List<String> settings() {
    return List.of(
        "--agentledger.model.upstream=anthropic",
        "--agentledger.model.base-url=http://127.0.0.1:" + port,
        "--ANTHROPIC_API_KEY=stand-in");
  }

  /** Returns the requests of a plan in order of their arrival. */
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
