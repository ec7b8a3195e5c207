package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.event.ActionEvent.Expiry;
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

/** What MCP servers ask users and what became of it, as it looks on the stream. */
final class ElicitationItemMapper {
  private static final String HOOK = "hook";

  private final ContentReader contentReader;
  private final EventLookback eventLookback;

  ElicitationItemMapper(ContentReader contentReader, EventLookback eventLookback) {
    this.contentReader = contentReader;
    this.eventLookback = eventLookback;
  }

  Body toBody(ElicitationEvent event, Instant at, String by) {
    return switch (event) {
      case ElicitationRequested request -> toBody(request, at);
      case ElicitationAnswered elicitationAnswered ->
          answeredBody(
              elicitationAnswered,
              "answered",
              elicitationAnswered.answer(),
              elicitationAnswered.content(),
              elicitationAnswered.byHook() ? HOOK : by);
      case ElicitationRevised said ->
          answeredBody(said, "revised", said.answer(), said.content(), HOOK);
      case ElicitationEnded ended -> bare("ended", ended.actionId(), reason(ended.end()));
      case ElicitationCompleted done -> bare("completed", done.actionId(), null);
    };
  }

  private Body toBody(ElicitationRequested event, Instant at) {
    return new StreamItem.Elicitation(
        "asked",
        event.actionId(),
        event.toolCallId(),
        event.server(),
        event.mode(),
        contentReader.json(event, "ask", event.ask()),
        ActionItemMapper.until(event.patience(), at),
        null,
        null,
        null,
        null);
  }

  private Body answeredBody(
      ElicitationEvent event, String phase, Answer answer, Content content, String by) {
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
        by);
  }

  private Body bare(String phase, ActionId action, @Nullable String reason) {
    return new StreamItem.Elicitation(
        phase, action, null, server(action), null, null, null, null, null, reason, null);
  }

  /** By its deadline, or with its run. */
  static Body expired(ElicitationRequested request, Expiry why) {
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
        reason(why),
        null);
  }

  private @Nullable String server(ActionId action) {
    return eventLookback.of(action) instanceof ElicitationRequested request
        ? request.server()
        : null;
  }

  private static String reason(Enum<?> why) {
    return why.name().toLowerCase(Locale.ROOT);
  }
}
