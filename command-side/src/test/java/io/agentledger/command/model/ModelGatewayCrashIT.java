package io.agentledger.command.model;

import static io.agentledger.command.model.SocketClient.messagesRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.store.TestInstallation;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service is killed (SIGKILL) during responses of models; their usage is not lost. */
class ModelGatewayCrashIT {
  private static final Duration START_MAX = Duration.ofSeconds(30);
  private static final Map<String, ?> BASH =
      Map.of("tools", List.of(Map.of("name", "Bash", "input_schema", Map.of("type", "object"))));

  private Path directory;
  private Path socket;
  private Path usage;
  private Process victim;

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("gw");
    socket = directory.resolve("model.sock");
    usage = directory.resolve("usage.jsonl");
    Path out = directory.resolve("out");
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(TestInstallation.JVM_OPTIONS);
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.addAll(
        List.of(
            KillableModelGateway.class.getName(),
            socket.toString(),
            usage.toString(),
            RehearsalGateway.CALLER.sessionId().value(),
            RehearsalGateway.CALLER.processId().value()));
    victim =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    await().atMost(START_MAX).until(() -> Files.readString(out).contains("open"));
  }

  @AfterEach
  void remove() throws IOException {
    victim.destroyForcibly();
    for (String name : List.of("model.sock", "usage.jsonl", "out", "")) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  @Test
  void restartCutsOpenExchangesKeepsCompletedOnesAndReopensTheSocket() throws Exception {
    var client = new SocketClient(socket);
    var tools = client.stream(messagesRequest("scenario: parallel-tools", BASH));
    assertThat(tools.broken()).isFalse();
    List<String> expectedInodes = Collections.synchronizedList(new ArrayList<>());
    var streaming =
        client
            .chunks(
                messagesRequest("scenario: slow-text", Map.of()), new int[1], new HttpHeaders[1])
            .doOnNext(expectedInodes::add)
            .then()
            .toFuture();
    await().until(() -> String.join("", expectedInodes).contains("text_delta"));

    victim.destroyForcibly(); // Sends SIGKILL.
    assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();

    assertThat(streaming).failsWithin(SocketClient.TIMEOUT);
    assertThat(socket).exists();
    try (var nextNode =
        new ModelGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 0),
            RehearsalGateway.rule(),
            RehearsalGateway.settings("https://x.example"))) {
      ModelSocket again =
          nextNode.open(socket, SocketOwner.ofService(), usage, RehearsalGateway.CALLER);
      again.bindRun(RehearsalGateway.account(RehearsalGateway.RUN));

      List<ModelExchange> exchanges =
          UsageFile.read(usage, 0).exchanges().stream().map(UsageFile.Ended::exchange).toList();
      assertThat(exchanges)
          .extracting(ModelExchange::phase)
          .containsExactly(ModelExchange.Phase.FINAL, ModelExchange.Phase.CUT);
      assertThat(exchanges.getLast().usage().cacheWriteTokens()).isPositive();
      assertThat(exchanges.getLast().cost().nanos()).isPositive();
      assertThat(exchanges).allMatch(exchange -> again.hasMessage(exchange.messageId()));
      assertThat(again.hasMessage("msg_never")).isFalse();
      List<String> toolCalls =
          tools.events().stream()
              .map(event -> event.at("/content_block/id").asString(""))
              .filter(id -> !id.isEmpty())
              .toList();
      assertThat(toolCalls).hasSize(3).allMatch(id -> again.findRequestedToolCall(id).isPresent());
      assertThat(client.stream(messagesRequest("scenario: text", Map.of())).types())
          .endsWith("message_stop");
    }
  }
}
