package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileExecutorsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final EmbeddedEventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final FileExecutors executors = new FileExecutors(store);
  private final List<String> started = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  @AfterEach
  void endOperations() {
    end.complete(null);
  }

  private SessionId sessionOf(String tenant, int number) {
    var session = new SessionId("ses_" + tenant + number + "22222222");
    store.publish(
        new GenericDomainEventMessage<>(
            "Session",
            session.value(),
            0,
            "opened",
            Provenance.ofSystem(new TenantId("tnt_" + tenant + "222222222"), "req_2222222222")
                .asMetadata()));
    return session;
  }

  /** Starts operations in three sessions of a tenant, then one of another tenant. */
  private void start(Sessions sessions) {
    var ofTenant = List.of(sessionOf("a", 2), sessionOf("a", 3), sessionOf("a", 4));
    for (int i = 0; i < 4; i++) for (var session : ofTenant) block(sessions.executor(session), "a");
    await().atMost(TIMEOUT).until(() -> !started.isEmpty());
    block(sessions.executor(sessionOf("b", 2)), "b");
    await().atMost(TIMEOUT).until(() -> started.contains("b"));
  }

  /** Executors of a kind of operations. */
  private interface Sessions {
    Executor executor(SessionId session);
  }

  private void block(Executor executor, String name) {
    executor.execute(
        () -> {
          started.add(name);
          end.join();
        });
  }

  private long startedOf(String tenant) {
    return started.stream().filter(tenant::equals).count();
  }

  @Test
  void sessionsOfATenantDoNotGetAllReaders() {
    start(executors::reader);
    assertThat(startedOf("a")).isLessThanOrEqualTo(3);
  }

  @Test
  void sessionsOfATenantDoNotGetAllPackers() {
    start(executors::packer);
    assertThat(startedOf("a")).isOne();
  }
}
