package io.agentledger.command.quota;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.command.quota.DoomedNode.Point;
import io.agentledger.store.TestInstallation;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whenever a node is killed, what was reserved is given back once and what was spent booked once.
 */
class QuotaCrashIT {
  private final String url = TestInstallation.migratedDatabase();
  private final Path home = TestInstallation.newHome();

  private void kill(Point point) throws Exception {
    // A point that is never reached shows as a node that goes on living.
    var arguments = CommandTestSupport.arguments(url, home, "--spring.main.keep-alive=true");
    var all = Stream.concat(Stream.of(point.name()), Stream.of(arguments)).toArray(String[]::new);
    assertThat(CommandTestSupport.outlive(DoomedNode.class, all))
        .isEqualTo(CommandTestSupport.KILLED);
  }

  /** It knows what to do with the run before it starts: the run may come back at once. */
  private ConfigurableApplicationContext heir() {
    return new SpringApplicationBuilder(CommandTestSupport.Application.class)
        .initializers(
            heir ->
                heir.getBeanFactory()
                    .addBeanPostProcessor(
                        new BeanPostProcessor() {
                          @Override
                          public Object postProcessAfterInitialization(Object bean, String name) {
                            if (bean instanceof FakeRunner runner)
                              runner.script(DoomedNode.SESSION, run -> DoomedNode.play(heir, run));
                            return bean;
                          }
                        }))
        .run(CommandTestSupport.arguments(url, home));
  }

  private static long count(ConfigurableApplicationContext node, String fact) {
    return node.getBean(JdbcClient.class)
        .sql("select count(*) from event where payloadtype = ?")
        .param(fact)
        .query(Long.class)
        .single();
  }

  @ParameterizedTest
  @EnumSource(
      value = Point.class,
      names = {"RUNNING", "BOOKING", "SETTLING"})
  void theHeirBooksAndSettlesOnce(Point point) throws Exception {
    kill(point);
    try (var heir = heir()) {
      await()
          .atMost(60, SECONDS)
          .untilAsserted(() -> assertThat(count(heir, "ReservationSettled")).isOne());
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          heir.getBean(JdbcClient.class)
                              .sql("select count(*) from quota_reservation")
                              .query(Long.class)
                              .single())
                      .isZero());
      assertThat(count(heir, "ReservationMade")).isOne();
      assertThat(count(heir, "SpendingBooked")).isEqualTo(count(heir, "TurnFinished")).isOne();
      assertThat(count(heir, "RunCompleted")).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Point.class, names = "RESERVED")
  void whatTheSessionNeverHeardOfReservesNothing(Point point) throws Exception {
    kill(point);
    try (var heir = heir()) {
      assertThat(count(heir, "ReservationMade")).isZero();
      assertThat(count(heir, "QueryIssued")).isZero();
      assertThat(
              heir.getBean("eventBus", EventStore.class)
                  .readEvents(DoomedNode.SESSION.value(), 0)
                  .asStream()
                  .map(message -> Provenance.of(message.getMetaData()).tenant())
                  .toList())
          .hasOnlyElementsOfType(TenantId.class)
          .hasSize(1);
    }
  }
}
