package io.agentledger.store;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.store.content.Sealer;
import io.agentledger.store.event.Tail;
import java.util.Map;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The store alone, on a real PostgreSQL. */
@SpringBootTest(classes = StoreHouse.Application.class)
public abstract class StoreHouse {
  @EnableAutoConfiguration
  static class Application {}

  @DynamicPropertySource
  static void house(DynamicPropertyRegistry properties) {
    TestHouse.moveIn(properties);
  }

  @Autowired
  @Qualifier("eventStore")
  protected EventStore store;

  @Autowired protected TransactionManager transactions;
  @Autowired protected Tail tail;
  @Autowired protected Sealer sealer;
  @Autowired protected JdbcTemplate sql;

  protected static final Provenance ADA =
      new Provenance(
          TenantId.next(), new Actor(Actor.Kind.PERSON, "ada"), KeyId.next(), "req_test");

  /** Appends as an aggregate's repository would, in a transaction of its own. */
  protected void append(long sequence, SessionEvent event, Map<String, ?> metadata) {
    EventMessage<?> message =
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), sequence, event)
            .withMetaData(metadata);
    var unit = DefaultUnitOfWork.startAndGet(message);
    unit.attachTransaction(transactions);
    unit.execute(() -> store.publish(message));
  }

  protected void append(long sequence, SessionEvent event) {
    append(sequence, event, provenance());
  }

  protected static Map<String, Object> provenance() {
    var metadata = new java.util.HashMap<>(ADA.asMetadata());
    metadata.put(Provenance.CORRELATION, "cor");
    metadata.put(Provenance.CAUSATION, "cau");
    return metadata;
  }
}
