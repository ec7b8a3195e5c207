package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of exchanges with the model: counted, retried, refused. */
public sealed interface TurnEvent extends OutputEvent {
  /**
   * One model exchange, as the model gateway counted it.
   *
   * @param exchangeId the gateway's name of it
   */
  @Revision("1")
  @StableName("TurnFinished")
  record TurnFinished(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String exchangeId,
      String model,
      Usage usage,
      Money costUsd,
      PriceSource priceSource,
      TurnStatus status)
      implements TurnEvent {}

  /** The model's API failed in passing; the CLI asks it again by itself. */
  @Revision("1")
  @StableName("TurnRetried")
  record TurnRetried(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      int attempt,
      int attemptsMax,
      Duration delay,
      int httpStatus,
      String error)
      implements TurnEvent {}

  /**
   * A model would not answer. Where another one takes over it answers in its stead, in this run and
   * in those of the same process after it; else the run ends by it.
   *
   * @param model that refused
   * @param fallbackModel that takes over; empty: none
   * @param category cyber, bio or another word of the model's API; empty: it gave none
   * @param explanation the model's API's, for people; absent: it gave none
   * @param retractedMessageIds messages of before that it had begun and that count for nothing now
   */
  @Revision("1")
  @StableName("ModelRefused")
  record ModelRefused(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String model,
      String fallbackModel,
      String category,
      Content explanation,
      List<MessageId> retractedMessageIds)
      implements TurnEvent {}
}
