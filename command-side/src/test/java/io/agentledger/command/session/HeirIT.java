package io.agentledger.command.session;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.CommandHouse;
import io.agentledger.command.FakeRunner;
import io.agentledger.store.TestHouse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One home and one database, and nodes that live in it one after the other. */
class HeirIT {
  private final Map<String, Supplier<Object>> properties = new LinkedHashMap<>();

  @BeforeEach
  void moveIn() {
    TestHouse.moveIn(properties::put);
  }

  private String[] arguments() {
    var all =
        new ArrayList<>(List.of("--logging.level.root=warn", "--spring.main.banner-mode=off"));
    properties.forEach((name, value) -> all.add("--" + name + "=" + value.get()));
    return all.toArray(String[]::new);
  }

  private ConfigurableApplicationContext node() {
    return SpringApplication.run(CommandHouse.Application.class, arguments());
  }

  private static List<String> story(ConfigurableApplicationContext node, String session) {
    return node.getBean("eventBus", EventStore.class)
        .readEvents(session, 0)
        .asStream()
        .map(message -> message.getPayloadType().getSimpleName())
        .toList();
  }

  @Test
  void aRunThatAKilledNodeHadInHandIsTakenUpByItsHeirAtOnce() throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledNode.class.getName()));
    command.addAll(List.of(arguments()));
    var killed = new ProcessBuilder(command).inheritIO().start();
    assertThat(killed.waitFor(60, SECONDS)).isTrue();
    assertThat(killed.exitValue()).isEqualTo(KilledNode.KILLED);

    try (var heir = node()) {
      // Missed heartbeats would prove the death after half a minute; nobody waits for that.
      await()
          .atMost(15, SECONDS)
          .untilAsserted(
              () -> assertThat(story(heir, KilledNode.SESSION)).contains("RunCompleted"));
      assertThat(heir.getBean(FakeRunner.class).carriedOut()).hasSize(1);
    }
  }

  @Test
  void aNodeThatStopsPutsItsRunsBackForTheNextOne() {
    var session = SessionId.next();
    try (var first = node()) {
      first.getBean(FakeRunner.class).script(session, run -> new CountDownLatch(1).await());
      KilledNode.ask(first, session);
      await().untilAsserted(() -> assertThat(first.getBean(FakeRunner.class).inProgress()).isOne());
      long begun = System.nanoTime();
      first.close();
      assertThat(System.nanoTime() - begun)
          .as("runs are not waited for")
          .isLessThan(SECONDS.toNanos(10));
    }
    try (var next = node()) {
      await()
          .atMost(15, SECONDS)
          .untilAsserted(() -> assertThat(story(next, session.value())).contains("RunCompleted"));
      assertThat(story(next, session.value())).doesNotContain("RunFailed");
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
