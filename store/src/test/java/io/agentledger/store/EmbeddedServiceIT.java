package io.agentledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.postgres.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The service with no setting except its home directory. */
class EmbeddedServiceIT {
  private final Path data = TestInstallation.newHome();

  private ConfigurableApplicationContext start() {
    var application = new SpringApplication(StoreTestSupport.Application.class);
    application.setRegisterShutdownHook(false);
    return application.run(
        "--agentledger.home=" + data,
        "--agentledger.postgres.binaries=" + TestInstallation.postgresSettings().binaries());
  }

  @Test
  void startsWithoutSettingsAndKeepsItsDataOverARestart() throws Exception {
    SessionId id = SessionId.next();
    String large = "x".repeat(100_000);
    QuestionAnswered event;
    long server;
    try (var node = start()) {
      Sealer sealer = node.getBean(Sealer.class);
      event =
          new QuestionAnswered(
              id, ActionId.next(), sealer.seal(id, QuestionAnswered.class, "answers", large));
      append(node, event);
      server = node.getBean(EmbeddedPostgres.class).pid();
      assertThat(
              node.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
          .isEqualTo("agentledger");
    }
    assertThat(Files.exists(Path.of("/proc", String.valueOf(server), "cwd"))).isFalse();
    try (var node = start()) {
      Object read =
          node.getBean("eventBus", EventStore.class).readEvents(id.value(), 0).next().getPayload();
      assertThat(read).isEqualTo(event);
      assertThat(
              node.getBean(Sealer.class)
                  .open(id, QuestionAnswered.class, "answers", ((QuestionAnswered) read).answers()))
          .isEqualTo(large);
    }
    assertThat(Files.exists(data.resolve("database/data/postmaster.pid"))).isFalse();
  }

  @AfterEach
  void cleanUp() {
    TestInstallation.cleanUp(data);
  }

  private static void append(ConfigurableApplicationContext node, QuestionAnswered event) {
    var message =
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), 0, event)
            .withMetaData(StoreTestSupport.provenance());
    var unit = DefaultUnitOfWork.startAndGet(message);
    unit.attachTransaction(node.getBean(TransactionManager.class));
    unit.execute(() -> node.getBean("eventBus", EventStore.class).publish(message));
  }
}
