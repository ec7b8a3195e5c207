package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.support.SocketOwner;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real CLI uses the rehearsal through a real socket and executes real tools. */
class RealCliRehearsalIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path CLI =
      Path.of(
          System.getenv()
              .getOrDefault(
                  "CLAUDE_CLI_PATH",
                  "cli/node_modules/@anthropic-ai/claude-code-linux-x64/claude"));

  @TempDir Path temp;
  private RehearsalGateway gateway;
  private Path workspace;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(
        Files.isExecutable(CLI), () -> "SKIPPED, the real CLI is not at " + CLI.toAbsolutePath());
    workspace = Files.createDirectory(temp.resolve("workspace"));
    Files.writeString(workspace.resolve("README.md"), "# Hello example\n\nA small example.\n");
    Files.writeString(workspace.resolve("hello.py"), "print('hello')\n");
    gateway =
        new RehearsalGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 100),
            RehearsalGateway.settings("https://api.example"));
  }

  @AfterEach
  void close() throws IOException {
    if (gateway != null) gateway.close();
  }

  @Test
  void defaultScenarioReadsFilesAndWritesANoteWithinTwentySeconds() throws Exception {
    Instant start = Instant.now();
    List<JsonNode> lines =
        run("What is in this folder? Then write NOTES.md about it.", "acceptEdits");

    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
    JsonNode result = lines.getLast();
    assertThat(result.path("type").asString()).isEqualTo("result");
    assertThat(result.path("is_error").asBoolean()).isFalse();
    assertThat(result.path("result").asString())
        .contains("2 entries", "README.md", "hello.py", "Hello example");
    assertThat(workspace.resolve("NOTES.md"))
        .content()
        .contains("- README.md", "- hello.py", "> # Hello example");
    assertThat(toolCalls(lines)).containsExactly("Bash", "Read", "Write");
    assertThat(lines)
        .anyMatch(line -> line.at("/event/delta/type").asString("").equals("thinking_delta"));
    assertThat(gateway.exchanges())
        .hasSize(4)
        .allMatch(e -> e.phase() == ModelExchange.Phase.FINAL);
    assertThat(gateway.exchanges()).allMatch(e -> e.cost().nanos() > 0 && e.simulated());
    for (JsonNode line : lines) {
      for (JsonNode block : line.at("/message/content")) {
        if (!block.path("type").asString("").equals("tool_use")) continue;
        assertThat(gateway.socket.findRequestedToolCall(block.path("id").asString())).isPresent();
      }
    }
  }

  @Test
  void cliAndPriceTableAgreeOnTheCostOfARun() throws Exception {
    List<JsonNode> lines = run("scenario: parallel-tools", "acceptEdits");

    BigDecimal theirs = new BigDecimal(lines.getLast().path("total_cost_usd").asString());
    long ours = gateway.exchanges().stream().mapToLong(exchange -> exchange.cost().nanos()).sum();
    assertThat(ours)
        .isEqualTo(theirs.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  @Test
  void deniedToolIsReportedAndTheRehearsalContinues() throws Exception {
    List<JsonNode> lines = run("What is in this folder? Then write NOTES.md about it.", "default");

    assertThat(lines.getLast().path("is_error").asBoolean()).isFalse();
    assertThat(lines.getLast().path("result").asString())
        .startsWith("I could not write NOTES.md:")
        .contains("hello.py");
    assertThat(workspace.resolve("NOTES.md")).doesNotExist();
  }

  @Test
  void rehearsalReadsAndWritesWithoutAShell() throws Exception {
    run(
        "What is in this folder? Then write NOTES.md about it.",
        "acceptEdits",
        "--disallowedTools",
        "Bash");

    assertThat(workspace.resolve("NOTES.md")).content().contains("no shell", "> # Hello example");
  }

  @Test
  void streamBrokenAfterAToolDoesNotRunTheToolAgain() throws Exception {
    List<JsonNode> lines =
        run("scenario: broken-after-tool", "acceptEdits", "--allowedTools", "Bash");

    assertThat(lines.getLast().path("result").asString()).startsWith("The file has 1 line");
    assertThat(Files.readAllLines(workspace.resolve("nonces.txt"))).hasSize(1);
    assertThat(gateway.exchanges())
        .extracting(ModelExchange::phase)
        .containsExactly(
            ModelExchange.Phase.FINAL, ModelExchange.Phase.CUT, ModelExchange.Phase.FINAL);
  }

  @Test
  void subagentUsesTheSameModelSocket() throws Exception {
    List<JsonNode> lines = run("scenario: subagent", "acceptEdits");

    assertThat(lines.getLast().path("result").asString())
        .contains("There are 2 entries in the folder.");
    assertThat(gateway.exchanges()).hasSize(4);
  }

  @Test
  void structuredOutputMatchesTheRequestedSchema() throws Exception {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"size\":{\"enum\":[\"big\",\"small\"]}},\"required\":[\"city\",\"size\"]}";
    List<JsonNode> lines = run("Name a city.", "acceptEdits", "--json-schema", schema);

    assertThat(lines.getLast().at("/structured_output/size").asString()).isEqualTo("big");
  }

  @Test
  void gatewayRestartDuringAStreamLosesNothing() throws Exception {
    Process process = start("scenario: slow-text", "acceptEdits");
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(out()).contains("piece 3"));
    gateway.gateway.close();

    try (var nextNode =
        new ModelGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 0),
            RehearsalGateway.rule(),
            RehearsalGateway.settings("https://api.example"))) {
      nextNode.open(
          new ListeningSocket(gateway.socket.path(), SocketOwner.ofService(), Optional.empty()),
          gateway.usageFile(),
          RehearsalGateway.CALLER,
          Optional.of(RehearsalGateway.account(RehearsalGateway.RUN)));
      List<JsonNode> lines = end(process);

      assertThat(lines.getLast().path("is_error").asBoolean()).isFalse();
      assertThat(lines.getLast().path("result").asString()).contains("piece 1.", "piece 60.");
      assertThat(gateway.exchanges())
          .extracting(ModelExchange::phase)
          .containsExactly(ModelExchange.Phase.CUT, ModelExchange.Phase.FINAL);
    }
  }

  private static List<String> toolCalls(List<JsonNode> lines) {
    List<String> names = new ArrayList<>();
    for (JsonNode line : lines) {
      if (!line.path("type").asString("").equals("assistant")) continue;
      for (JsonNode block : line.at("/message/content")) {
        if (block.path("type").asString("").equals("tool_use"))
          names.add(block.path("name").asString());
      }
    }
    return names;
  }

  private List<JsonNode> run(String prompt, String mode, String... more) throws Exception {
    return end(start(prompt, mode, more));
  }

  private Path out() {
    return temp.resolve("out.jsonl");
  }

  private Process start(String prompt, String mode, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                CLI.toAbsolutePath().toString(),
                "-p",
                "--input-format",
                "stream-json",
                "--output-format",
                "stream-json",
                "--verbose",
                "--include-partial-messages",
                "--setting-sources",
                "",
                "--strict-mcp-config",
                "--permission-mode",
                mode));
    command.addAll(List.of(more));
    var builder = new ProcessBuilder(command).directory(workspace.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", temp.toString(),
                "CLAUDE_CONFIG_DIR", temp.resolve("config").toString(),
                "ANTHROPIC_UNIX_SOCKET", gateway.socket.path().toString(),
                "ANTHROPIC_BASE_URL", "http://model",
                "ANTHROPIC_API_KEY", "none",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
                "DISABLE_AUTOUPDATER", "1",
                "CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS", "1"));
    Process process =
        builder.redirectOutput(out().toFile()).redirectError(temp.resolve("err").toFile()).start();
    try (var in = process.outputWriter()) {
      in.write(
          JSON.writeValueAsString(
              Map.of("type", "user", "message", Map.of("role", "user", "content", prompt))));
      in.newLine();
    }
    return process;
  }

  private List<JsonNode> end(Process process) throws Exception {
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the CLI ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(out()).stream().map(JSON::readTree).toList();
  }
}
