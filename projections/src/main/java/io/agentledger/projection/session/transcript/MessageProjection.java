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

/** Keeps the transcript: one row for each content block, including prompts. */
@ProcessingGroup(SessionProjection.GROUP)
public class MessageProjection extends Projection {
  private final MessageRowRepository messages;

  MessageProjection(MessageRowRepository messages, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.messages = messages;
  }

  @EventHandler
  void on(
      MessageReceived event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(new MessageRow(tenant, event, number + 1, at), status);
  }

  @EventHandler
  void on(
      QueryQueued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(MessageRow.create(tenant, event, number + 1, at), status);
  }

  @EventHandler
  void on(
      QueryIssued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    if (event.prompt() instanceof Content.Absent)
      messages
          .findPrompt(event.sessionId().value(), event.queryId().value())
          .orElseThrow(() -> new OutOfOrderEventException(event))
          .setRunId(event.runId());
    else insertIfAbsent(MessageRow.create(tenant, event, number + 1, at), status);
  }

  @EventHandler
  void on(ModelRefused event, @SequenceNumber long number) {
    var retracted = event.retractedMessageIds().stream().map(MessageId::value).toList();
    if (!retracted.isEmpty())
      messages
          .findBlocks(event.sessionId().value(), retracted)
          .forEach(message -> message.retract(number + 1));
  }

  private void insertIfAbsent(MessageRow row, ReplayStatus status) {
    insertIfAbsent(MessageRow.class, row.key(), status, () -> row);
  }

  @ResetHandler
  void reset() {
    messages.deleteAllInBatch();
  }
}
