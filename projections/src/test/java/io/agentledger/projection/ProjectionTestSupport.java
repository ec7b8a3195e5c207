package io.agentledger.projection;

import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.store.StoreTestSupport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.springframework.beans.factory.annotation.Autowired;

/** Tests of projections on a real event store. */
public abstract class ProjectionTestSupport extends StoreTestSupport {
  protected static final List<String> TABLES =
      List.of(
          "session_row",
          "run_row",
          "message_row",
          "tool_call_row",
          "action_row",
          "share_row",
          "directory_row",
          "side_request_row",
          "session_process_row");

  private static final String ROWS = "select t::text from %s t order by 1";

  @Autowired protected SessionRowRepository sessions;
  @Autowired protected ProjectionControl projections;

  protected SessionEventFixture newSession() {
    return new SessionEventFixture(this::append, sealer);
  }

  /** Creates a fixture whose events are collected, to be appended together in one transaction. */
  protected SessionEventFixture newSession(List<EventMessage<?>> events) {
    return new SessionEventFixture((number, event) -> events.add(message(number, event)), sealer);
  }

  private static EventMessage<?> message(long number, SessionEvent event) {
    var message =
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), number, event);
    return message.withMetaData(provenance());
  }

  protected void append(List<EventMessage<?>> events) {
    var unit = DefaultUnitOfWork.startAndGet(events.getFirst());
    unit.attachTransaction(transactions);
    unit.execute(() -> store.publish(events));
  }

  protected void awaitSeen(SessionEventFixture fixture) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> sessions.sequenceOf(fixture.id.value()).orElse(0L) == fixture.sequence());
  }

  protected void awaitHead() {
    await().atMost(Duration.ofSeconds(60)).until(() -> position() == head());
  }

  protected long position() {
    var state = projections.state("session");
    return state.replaying() ? -1 : state.position();
  }

  protected long head() {
    return store.createHeadToken().position().orElse(-1);
  }

  /** Returns all rows of all tables of the group, in comparable form. */
  protected Map<String, List<String>> rows() {
    var rows = new TreeMap<String, List<String>>();
    for (String table : TABLES)
      rows.put(table, sql.queryForList(ROWS.formatted(table), String.class));
    return rows;
  }
}
