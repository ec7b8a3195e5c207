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
   * @param exchangeId id that the gateway gave to it
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

  /** The model API failed temporarily; the CLI retries the request. */
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
   * A model refused to answer. If there is a fallback model, it answers instead, in this run and in
   * later runs of the same process; otherwise the run ends.
   *
   * @param model model that refused
   * @param fallbackModel model that takes over; empty: none
   * @param category cyber, bio or another category of the model API; empty: none given
   * @param explanation text of the model API; absent: none given
   * @param retractedMessageIds messages that the model had begun and that are void
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
