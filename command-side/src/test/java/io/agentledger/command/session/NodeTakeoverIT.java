package io.agentledger.command.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.store.TestInstallation;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nodes that run one after the other with one home and one database. */
class NodeTakeoverIT {
  private final String url = TestInstallation.migratedDatabase();
  private final Path home = TestInstallation.newHome();

  private String[] arguments(String... more) {
    return CommandTestSupport.arguments(url, home, more);
  }

  private ConfigurableApplicationContext node(String... more) {
    return SpringApplication.run(CommandTestSupport.Application.class, arguments(more));
  }

  private static List<String> eventNames(ConfigurableApplicationContext node, SessionId session) {
    return node.getBean("eventBus", EventStore.class)
        .readEvents(session.value(), 0)
        .asStream()
        .map(message -> StableNames.of(message.getPayloadType()))
        .toList();
  }

  @Test
  void runOfAKilledNodeIsResumedByTheNextNodeImmediately() throws Exception {
    assertThat(CommandTestSupport.outlive(RunCrashNode.class, arguments()))
        .isEqualTo(CommandTestSupport.KILLED);

    try (var nextNode = node()) {
      // Missed heartbeats would end the lease only after half a minute; no test waits for that.
      await()
          .atMost(15, SECONDS)
          .untilAsserted(
              () ->
                  assertThat(eventNames(nextNode, RunCrashNode.SESSION)).contains("RunCompleted"));
      assertThat(nextNode.getBean(FakeRunner.class).executedAssignments()).hasSize(1);
    }
  }

  @Test
  void hookThatAKilledNodeWasCallingIsCalledByTheNextNode() throws Exception {
    var calls = new CopyOnWriteArrayList<String>();
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(
            CommandTestSupport.outlive(
                HookCrashNode.class, arguments(HookCrashNode.arguments(port))))
        .isEqualTo(CommandTestSupport.KILLED);

    var server =
        HookCrashNode.listen(
            port,
            exchange -> {
              calls.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            });
    try (var nextNode = node(HookCrashNode.arguments(port))) {
      await()
          .atMost(15, SECONDS)
          .untilAsserted(
              () ->
                  assertThat(eventNames(nextNode, HookCrashNode.SESSION))
                      .endsWith("SessionArchived", "SessionHookExecuted"));
      assertThat(calls)
          .singleElement()
          .asString()
          .contains("\"reason\":\"archived\"", HookCrashNode.SESSION.value());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void stoppingNodeReturnsItsRunsForTheNextNode() {
    var session = SessionId.next();
    try (var first = node()) {
      first.getBean(FakeRunner.class).script(session, run -> new CountDownLatch(1).await());
      CommandTestSupport.submitQuery(first, session, RunId.next());
      await().untilAsserted(() -> assertThat(first.getBean(FakeRunner.class).inProgress()).isOne());
      long startNanos = System.nanoTime();
      first.close();
      assertThat(System.nanoTime() - startNanos)
          .as("runs are not waited for")
          .isLessThan(SECONDS.toNanos(10));
    }
    try (var next = node()) {
      await()
          .atMost(15, SECONDS)
          .untilAsserted(() -> assertThat(eventNames(next, session)).contains("RunCompleted"));
      assertThat(eventNames(next, session)).doesNotContain("RunFailed");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          next.getBean(JdbcClient.class)
                              .sql("select count(*) from run_job")
                              .query(Long.class)
                              .single())
                      .isZero());
    }
  }
}
