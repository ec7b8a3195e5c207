package io.agentledger.store;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.LiveEventFeed;
import io.agentledger.store.postgres.DatabaseAccess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Tests of the store alone, on a real PostgreSQL. */
@SpringBootTest(classes = StoreTestSupport.Application.class)
public abstract class StoreTestSupport {
  static {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // Conditions take long on a busy machine.
  }

  @EnableAutoConfiguration
  static class Application {
    @Bean
    RecordingEventHandler recordingEventHandler() {
      return new RecordingEventHandler();
    }
  }

  /** Pooled event handler that records every event. */
  @ProcessingGroup("recording")
  public static class RecordingEventHandler {
    private final Map<String, Long> seenNanos = new ConcurrentHashMap<>();

    @EventHandler
    void on(SessionEvent event, EventMessage<?> message) {
      seenNanos.put(message.getIdentifier(), System.nanoTime());
    }

    /** Returns the time at which the event arrived, or null if it has not. */
    public @Nullable Long seenNanos(String eventId) {
      return seenNanos.get(eventId);
    }

    public void clear() {
      seenNanos.clear();
    }

    public int count() {
      return seenNanos.size();
    }
  }

  @DynamicPropertySource
  static void registerProperties(DynamicPropertyRegistry properties) {
    TestInstallation.register(properties);
  }

  @Autowired
  @Qualifier("eventStore")
  protected EventStore store;

  @Autowired protected TransactionManager transactions;
  @Autowired protected LiveEventFeed liveEventFeed;
  @Autowired protected RecordingEventHandler recordingEventHandler;
  @Autowired protected Sealer sealer;

  /** Connection with the application's role. */
  @Autowired protected JdbcTemplate sql;

  @Autowired protected JdbcConnectionDetails database;

  /** Opens a connection to this test's database with the role that owns the schema. */
  protected Connection asOwner() throws SQLException {
    DatabaseAccess owner = TestInstallation.owner();
    return DriverManager.getConnection(database.getJdbcUrl(), owner.user(), owner.password());
  }

  protected static final Provenance ADA =
      new Provenance(
          TenantId.next(), new Actor(Actor.ActorType.USER, "ada"), CredentialId.next(), "req_test");

  /**
   * Appends an event as an aggregate's repository would, in its own transaction.
   *
   * @return the event's identifier
   */
  protected String append(long sequence, SessionEvent event, Map<String, ?> metadata) {
    EventMessage<?> message =
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), sequence, event)
            .withMetaData(metadata);
    var unit = DefaultUnitOfWork.startAndGet(message);
    unit.attachTransaction(transactions);
    unit.execute(() -> store.publish(message));
    return message.getIdentifier();
  }

  protected String append(long sequence, SessionEvent event) {
    return append(sequence, event, provenance());
  }

  protected static Map<String, Object> provenance() {
    return provenance(ADA.tenant());
  }

  protected static Map<String, Object> provenance(TenantId tenant) {
    var metadata = new java.util.HashMap<>(ADA.asMetadata());
    metadata.put(Provenance.TENANT, tenant.value());
    metadata.put(Provenance.CORRELATION, "cor");
    metadata.put(Provenance.CAUSATION, "cau");
    return metadata;
  }
}
