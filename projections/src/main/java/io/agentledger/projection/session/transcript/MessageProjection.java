package io.agentledger.projection.session.transcript;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.projection.session.OutOfOrderEventException;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.JdbcTemplate;

/** Keeps the transcript: one row for each content block, including prompts. */
@ProcessingGroup(SessionProjection.GROUP)
public class MessageProjection extends Projection {
  private final MessageRowRepository messages;
  private final MessageRowWriter writer;

  MessageProjection(
      MessageRowRepository messages, JdbcTemplate sql, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.messages = messages;
    this.writer = new MessageRowWriter(sql);
  }

  @EventHandler
  void on(
      MessageReceived event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    writer.add(new MessageRow(tenant, event, number + 1, at), status, unit.root());
  }

  @EventHandler
  void on(
      QueryQueued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    writer.add(MessageRow.create(tenant, event, number + 1, at), status, unit.root());
  }

  @EventHandler
  void on(
      QueryIssued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    if (event.prompt() instanceof Content.Absent) {
      writer.write(unit.root());
      messages
          .findPrompt(event.sessionId().value(), event.queryId().value())
          .orElseThrow(() -> new OutOfOrderEventException(event))
          .setRunId(event.runId());
    } else writer.add(MessageRow.create(tenant, event, number + 1, at), status, unit.root());
  }

  @EventHandler
  void on(ModelRefused event, @SequenceNumber long number, UnitOfWork<?> unit) {
    var retracted = event.retractedMessageIds().stream().map(MessageId::value).toList();
    if (retracted.isEmpty()) return;
    writer.write(unit.root());
    messages
        .findBlocks(event.sessionId().value(), retracted)
        .forEach(message -> message.retract(number + 1));
  }

  @Override
  protected void writePending(UnitOfWork<?> batch) {
    writer.write(batch);
  }

  @ResetHandler
  void reset() {
    messages.deleteAllInBatch();
  }
}
