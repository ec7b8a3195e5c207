package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.store.StoreTestSupport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;

class EventStoreIT extends StoreTestSupport {
  @Autowired CorrelationDataProvider provenance;

  @Test
  void eventIsStoredUnderItsAliasWithSealedContent() {
    SessionId id = SessionId.next();
    var answers = sealer.seal(id, QuestionAnswered.class, "answers", "{\"canary\":1}");
    append(0, new QuestionAnswered(id, ActionId.next(), answers));
    Map<String, Object> row =
        sql.queryForMap(
            "select payloadtype, payloadrevision, convert_from(payload, 'UTF8') payload,"
                + " convert_from(metadata, 'UTF8') metadata"
                + " from event where aggregateidentifier = ?",
            id.value());
    assertThat(row)
        .containsEntry("payloadtype", "QuestionAnswered")
        .containsEntry("payloadrevision", "1");
    assertThat((String) row.get("payload"))
        .contains("\"sessionId\":\"" + id + "\"", "\"" + Discriminated.PROPERTY + "\":\"inline\"")
        .doesNotContain("canary", "io.agentledger");
    assertThat((String) row.get("metadata")).contains("user:ada", "req_test");
  }

  @Test
  void rejectsEventsWithoutRequiredMetadata() {
    for (String key : Provenance.KEYS)
      for (Object value : new Object[] {"", 7}) {
        var metadata = new HashMap<>(provenance());
        metadata.put(key, value);
        assertThatThrownBy(() -> append(0, interrupt(SessionId.next()), metadata))
            .isInstanceOf(UnrecordableEventException.class)
            .hasMessageContaining("no " + key);
      }
    var without = new HashMap<>(provenance());
    without.remove(Provenance.CAUSATION);
    assertThatThrownBy(() -> append(0, interrupt(SessionId.next()), without))
        .isInstanceOf(UnrecordableEventException.class);
  }

  @Test
  void rejectsUnknownEventTypes() {
    var message =
        new GenericDomainEventMessage<>("Session", "ses_x", 0, "text").withMetaData(provenance());
    var unit = DefaultUnitOfWork.startAndGet(message);
    unit.attachTransaction(transactions);
    assertThatThrownBy(() -> unit.execute(() -> store.publish(message)))
        .isInstanceOf(UnrecordableEventException.class)
        .hasMessageContaining("no alias");
  }

  @Test
  void rangeOfIndexesIsReadByTypes() {
    SessionId id = SessionId.next();
    long before = lastIndex();
    append(0, interrupt(id));
    var answers = sealer.seal(id, QuestionAnswered.class, "answers", "{}");
    append(1, new QuestionAnswered(id, ActionId.next(), answers));
    append(2, interrupt(id));
    append(3, interrupt(id));
    var events = (NotifyingEventStore) store;
    assertThat(
            events
                .readRange(before, lastIndex(), InterruptRequested.class::equals, 2, token -> token)
                .events())
        .extracting(event -> ((DomainEventMessage<?>) event).getSequenceNumber())
        .containsExactly(0L, 2L);
    var first = events.readRange(before, before + 1, type -> true, 9, token -> token);
    assertThat(first.events()).hasSize(1);
    assertThat(first.bytes())
        .isEqualTo(
            sql.queryForObject(
                "select length(payload) + length(metadata) from event where globalindex = ?",
                Long.class,
                before + 1));
    var none =
        events.readRange(
            before + 1, before + 2, InterruptRequested.class::equals, 9, token -> token);
    assertThat(none.events()).isEmpty();
    assertThat(none.bytes()).isZero();
  }

  @Test
  void blocksOfIndexesWithoutTheTypesAreFound() throws SQLException {
    var events = (NotifyingEventStore) store;
    SessionId id = SessionId.next();
    skipBlocks();
    append(0, interrupt(id));
    long interrupted = lastIndex();
    skipBlocks();
    append(1, new QuestionAnswered(id, ActionId.next(), Content.ABSENT));
    long answered = lastIndex();
    skipBlocks();
    append(2, interrupt(id));
    var range = new EventRange(interrupted, lastIndex());
    var interrupts = events.findEvents(range, InterruptRequested.class::equals);
    assertThat(interrupts.after()).isEqualTo(interrupted);
    assertThat(interrupts.last()).isBetween(interrupted, answered - 1);
    var answers = events.findEvents(range, QuestionAnswered.class::equals);
    assertThat(answers.after()).isBetween(interrupts.last(), answered - 1);
    assertThat(answers.last()).isBetween(answered, range.last() - 1);
  }

  /** Leaves out indexes, as transactions that are rolled back do. */
  private void skipBlocks() throws SQLException {
    long next = lastIndex() + 2L * EventTypeBlocks.SIZE;
    try (var owner = asOwner();
        var statement = owner.createStatement()) {
      statement.execute("select setval('event_globalindex_seq', " + next + ")");
    }
  }

  private long lastIndex() {
    var token = store.createHeadToken();
    return token == null ? -1 : token.position().orElseThrow();
  }

  @Test
  void secondWriterOfASequenceNumberGetsAConflict() {
    SessionId id = SessionId.next();
    append(0, interrupt(id));
    append(1, interrupt(id));
    assertThatThrownBy(() -> append(1, interrupt(id))).isInstanceOf(ConcurrencyException.class);
    assertThat(store.readEvents(id.value(), 0).asStream()).hasSize(2);
  }

  @Test
  void failureAfterTheAppendRollsBackTheEvent() {
    SessionId id = SessionId.next();
    var message =
        new GenericDomainEventMessage<>("Session", id.value(), 0, interrupt(id))
            .withMetaData(provenance());
    var unit = DefaultUnitOfWork.startAndGet(message);
    unit.attachTransaction(transactions);
    assertThatThrownBy(
            () ->
                unit.execute(
                    () -> {
                      store.publish(message);
                      unit.onPrepareCommit(
                          u -> {
                            throw new IllegalStateException("a job");
                          });
                    }))
        .hasMessage("a job");
    assertThat(store.readEvents(id.value(), 0).hasNext()).isFalse();
  }

  @Test
  void applicationRoleCannotChangeEvents() throws SQLException {
    append(0, interrupt(SessionId.next()));
    for (String change :
        List.of(
            "update event set type = 'x'",
            "delete from event",
            "truncate event",
            "drop table event",
            "alter table event disable trigger event_order",
            "drop function event_order cascade"))
      assertThatThrownBy(() -> sql.execute(change))
          .as(change)
          .isInstanceOf(DataAccessException.class)
          .rootCause()
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("42501");
    try (Connection owner = asOwner();
        Statement statement = owner.createStatement()) {
      assertThat(statement.executeQuery("select 1 from event where type = 'x'").next()).isFalse();
    }
  }

  @Test
  void longTransactionsOfTheApplicationAreTerminated() {
    assertThat(sql.queryForObject("show transaction_timeout", String.class)).isEqualTo("30s");
  }

  @Test
  void longStreamIsReadCompletelyInPages() {
    SessionId id = SessionId.next();
    var first = interrupt(id);
    var unit = DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("root"));
    unit.attachTransaction(transactions);
    unit.execute(
        () -> {
          for (long i = 0; i < 2_500; i++)
            store.publish(
                new GenericDomainEventMessage<>("Session", id.value(), i, first)
                    .withMetaData(provenance()));
        });
    assertThat(store.readEvents(id.value(), 0).asStream()).hasSize(2_500);
    assertThat(store.readEvents(id.value(), 1_200).next().getSequenceNumber()).isEqualTo(1_200);
    try (var all = store.openStream(null)) {
      long seen = 0;
      long last = -1;
      while (all.hasNextAvailable()) {
        long index = all.nextAvailable().trackingToken().position().orElseThrow();
        assertThat(index).isGreaterThan(last);
        last = index;
        seen++;
      }
      assertThat(seen).isEqualTo(sql.queryForObject("select count(*) from event", Long.class));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void messagesCausedByAMessageInheritItsMetadata() {
    Message<?> command = new GenericEventMessage<>("command").withMetaData(ADA.asMetadata());
    Map<String, Object> first = new HashMap<>(provenance.correlationDataFor(command));
    assertThat(first)
        .containsEntry(Provenance.TENANT, ADA.tenant().value())
        .containsEntry(Provenance.ACTOR, "user:ada")
        .containsEntry(Provenance.CORRELATION, command.getIdentifier())
        .containsEntry(Provenance.CAUSATION, command.getIdentifier());
    Message<?> caused = new GenericEventMessage<>("event").withMetaData(MetaData.from(first));
    assertThat(new HashMap<String, Object>(provenance.correlationDataFor(caused)))
        .containsEntry(Provenance.CORRELATION, command.getIdentifier())
        .containsEntry(Provenance.CAUSATION, caused.getIdentifier());
  }

  private static InterruptRequested interrupt(SessionId id) {
    return new InterruptRequested(id, RunId.next());
  }
}
