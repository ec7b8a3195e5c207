package io.agentledger.command.quota;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.command.quota.QuotaCrashNode.CrashPoint;
import io.agentledger.store.TestInstallation;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wherever a node is killed, a reservation is released once and spending is booked once. */
@Tag("exhaustive")
class QuotaCrashIT {
  private final String url = TestInstallation.migratedDatabase();
  private final Path home = TestInstallation.newHome();

  private void kill(CrashPoint point) throws Exception {
    // A point that is never reached leaves the node running.
    var arguments = CommandTestSupport.arguments(url, home, "--spring.main.keep-alive=true");
    var all = Stream.concat(Stream.of(point.name()), Stream.of(arguments)).toArray(String[]::new);
    assertThat(CommandTestSupport.outlive(QuotaCrashNode.class, all))
        .isEqualTo(CommandTestSupport.KILLED);
  }

  /** The runner is scripted before the node starts, because the run may be retried at once. */
  private ConfigurableApplicationContext startNextNode() {
    return new SpringApplicationBuilder(CommandTestSupport.Application.class)
        .initializers(
            nextNode ->
                nextNode
                    .getBeanFactory()
                    .addBeanPostProcessor(
                        new BeanPostProcessor() {
                          @Override
                          public Object postProcessAfterInitialization(Object bean, String name) {
                            if (bean instanceof FakeRunner runner)
                              runner.script(
                                  QuotaCrashNode.SESSION,
                                  run -> QuotaCrashNode.execute(nextNode, run));
                            return bean;
                          }
                        }))
        .run(CommandTestSupport.arguments(url, home));
  }

  private static long count(ConfigurableApplicationContext node, String event) {
    return node.getBean(JdbcClient.class)
        .sql("select count(*) from event where payloadtype = ?")
        .param(event)
        .query(Long.class)
        .single();
  }

  @ParameterizedTest
  @EnumSource(
      value = CrashPoint.class,
      names = {"RUNNING", "BOOKING", "SETTLING"})
  void nextNodeBooksAndReleasesOnce(CrashPoint point) throws Exception {
    kill(point);
    try (var nextNode = startNextNode()) {
      await()
          .atMost(60, SECONDS)
          .untilAsserted(() -> assertThat(count(nextNode, "ReservationSettled")).isOne());
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          nextNode
                              .getBean(JdbcClient.class)
                              .sql("select count(*) from quota_reservation")
                              .query(Long.class)
                              .single())
                      .isZero());
      assertThat(count(nextNode, "ReservationMade")).isOne();
      assertThat(count(nextNode, "SpendingBooked"))
          .isEqualTo(count(nextNode, "TurnFinished"))
          .isOne();
      assertThat(count(nextNode, "RunCompleted")).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(value = CrashPoint.class, names = "RESERVED")
  void queryUnknownToTheSessionReservesNothing(CrashPoint point) throws Exception {
    kill(point);
    try (var nextNode = startNextNode()) {
      assertThat(count(nextNode, "ReservationMade")).isZero();
      assertThat(count(nextNode, "QueryIssued")).isZero();
      assertThat(
              nextNode
                  .getBean("eventBus", EventStore.class)
                  .readEvents(QuotaCrashNode.SESSION.value(), 0)
                  .asStream()
                  .map(message -> Provenance.of(message.getMetaData()).tenant())
                  .toList())
          .hasOnlyElementsOfType(TenantId.class)
          .hasSize(1);
    }
  }
}
