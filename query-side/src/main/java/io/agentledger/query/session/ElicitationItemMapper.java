package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import io.agentledger.query.support.ContentReader;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps events of MCP servers' requests to the user to stream items. */
final class ElicitationItemMapper {
  private static final String HOOK = "hook";

  private final ContentReader contentReader;
  private final EventLookback eventLookback;

  ElicitationItemMapper(ContentReader contentReader, EventLookback eventLookback) {
    this.contentReader = contentReader;
    this.eventLookback = eventLookback;
  }

  Body toBody(ElicitationEvent event, Instant at, String actor) {
    return switch (event) {
      case ElicitationRequested request -> toBody(request, at);
      case ElicitationAnswered elicitationAnswered ->
          answeredBody(
              elicitationAnswered,
              "answered",
              elicitationAnswered.answer(),
              elicitationAnswered.content(),
              elicitationAnswered.byHook() ? HOOK : actor);
      case ElicitationRevised elicitationRevised ->
          answeredBody(
              elicitationRevised,
              "revised",
              elicitationRevised.answer(),
              elicitationRevised.content(),
              HOOK);
      case ElicitationEnded ended ->
          bodyWithReason("ended", ended.actionId(), reason(ended.endReason()));
      case ElicitationCompleted elicitationCompleted ->
          bodyWithReason("completed", elicitationCompleted.actionId(), null);
    };
  }

  private Body toBody(ElicitationRequested event, Instant at) {
    return new StreamItem.Elicitation(
        "asked",
        event.actionId(),
        event.toolCallId(),
        event.server(),
        event.mode(),
        contentReader.json(event, "request", event.request()),
        ActionItemMapper.deadline(event.answerTimeout(), at),
        null,
        null,
        null,
        null);
  }

  private Body answeredBody(
      ElicitationEvent event, String phase, Answer answer, Content content, String actor) {
    return new StreamItem.Elicitation(
        phase,
        event.actionId(),
        null,
        server(event.actionId()),
        null,
        null,
        null,
        answer,
        contentReader.json(event, "content", content),
        null,
        actor);
  }

  private Body bodyWithReason(String phase, ActionId action, @Nullable String reason) {
    return new StreamItem.Elicitation(
        phase, action, null, server(action), null, null, null, null, null, reason, null);
  }

  /** Creates the item of an elicitation that ended by its timeout or with its run. */
  static Body expired(ElicitationRequested request, ExpiryReason expiryReason) {
    return new StreamItem.Elicitation(
        "expired",
        request.actionId(),
        request.toolCallId(),
        request.server(),
        null,
        null,
        null,
        null,
        null,
        reason(expiryReason),
        null);
  }

  private @Nullable String server(ActionId action) {
    return eventLookback.find(action) instanceof ElicitationRequested request
        ? request.server()
        : null;
  }

  private static String reason(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
