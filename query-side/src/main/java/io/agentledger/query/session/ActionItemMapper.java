package io.agentledger.query.session;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import io.agentledger.query.support.ContentReader;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps events of pending actions to stream items. */
final class ActionItemMapper {
  private final ContentReader contentReader;
  private final EventFields fields;
  private final EventLookback eventLookback;
  private final ElicitationItemMapper elicitations;

  ActionItemMapper(ContentReader contentReader, EventFields fields, EventLookback eventLookback) {
    this.contentReader = contentReader;
    this.fields = fields;
    this.eventLookback = eventLookback;
    this.elicitations = new ElicitationItemMapper(contentReader, eventLookback);
  }

  /**
   * Maps an event.
   *
   * @param actor actor of the event
   */
  Body toBody(ActionEvent event, Instant at, String actor) {
    return switch (event) {
      case PermissionRequested requested -> toBody(requested, at);
      case PermissionDecided decided -> toBody(decided, actor);
      case PermissionRemembered remembered -> toBody(remembered, actor);
      case QuestionAsked request -> toBody(request, at);
      case QuestionAnswered answered -> toBody(answered, actor);
      case ClientToolCalled called -> new StreamItem.Status(fields.fieldsOf(called));
      case ToolAnswered answered -> new StreamItem.Status(fields.fieldsOf(answered));
      case ActionExpired expired -> toBody(expired);
      case ElicitationEvent elicitation -> elicitations.toBody(elicitation, at, actor);
    };
  }

  private Body toBody(PermissionRequested event, Instant at) {
    return new StreamItem.Permission(
        "requested",
        event.actionId(),
        event.toolCallId(),
        event.tool(),
        contentReader.json(event, "input", event.input()),
        event.inputDigest(),
        contentReader.text(event, "reason", event.reason()),
        deadline(event.answerTimeout(), at),
        null,
        null);
  }

  private Body toBody(PermissionDecided event, String actor) {
    return new StreamItem.Permission(
        "decided",
        event.actionId(),
        null,
        null,
        contentReader.json(event, "updatedInput", event.updatedInput()),
        event.inputDigest(),
        contentReader.text(event, "reason", event.reason()),
        null,
        event.decision(),
        actor);
  }

  private static Body toBody(PermissionRemembered event, String actor) {
    return new StreamItem.Permission(
        "remembered",
        event.actionId(),
        null,
        event.tool(),
        null,
        event.scope() == RememberScope.CALL ? event.inputDigest() : null,
        null,
        null,
        event.decision(),
        actor);
  }

  private Body toBody(QuestionAsked event, Instant at) {
    return new StreamItem.Question(
        "asked",
        event.actionId(),
        event.toolCallId(),
        contentReader.json(event, "questions", event.questions()),
        deadline(event.answerTimeout(), at),
        null,
        null);
  }

  private Body toBody(QuestionAnswered event, String actor) {
    return new StreamItem.Question(
        "answered",
        event.actionId(),
        null,
        null,
        null,
        contentReader.json(event, "answers", event.answers()),
        actor);
  }

  /** Maps to an item of the type of the expired action. */
  private Body toBody(ActionExpired event) {
    return switch (eventLookback.find(event.actionId())) {
      case PermissionRequested request ->
          new StreamItem.Permission(
              "expired",
              event.actionId(),
              request.toolCallId(),
              request.tool(),
              null,
              null,
              event.reason().name().toLowerCase(Locale.ROOT),
              null,
              null,
              null);
      case QuestionAsked request ->
          new StreamItem.Question(
              "expired", event.actionId(), request.toolCallId(), null, null, null, null);
      case ElicitationRequested request -> ElicitationItemMapper.expired(request, event.reason());
      case null, default -> new StreamItem.Status(fields.fieldsOf(event));
    };
  }

  static @Nullable Instant deadline(AnswerTimeout answerTimeout, Instant at) {
    return switch (answerTimeout) {
      case AnswerTimeout.Unlimited ignored -> null;
      case AnswerTimeout.Limited limited -> at.plus(limited.duration());
    };
  }

  @Nullable RunId runIdOf(ActionEvent event) {
    return switch (requestOf(event)) {
      case PermissionRequested request -> request.runId();
      case QuestionAsked request -> request.runId();
      case ClientToolCalled called -> called.runId();
      case ElicitationRequested request -> request.runId();
      case null, default -> null;
    };
  }

  @Nullable ThreadId threadIdOf(ActionEvent event) {
    return switch (requestOf(event)) {
      case PermissionRequested request -> request.threadId();
      case QuestionAsked request -> request.threadId();
      case ClientToolCalled called -> called.threadId();
      case ElicitationRequested request -> request.threadId();
      case null, default -> null;
    };
  }

  private @Nullable ActionEvent requestOf(ActionEvent event) {
    return switch (event) {
      case PermissionRequested request -> request;
      case QuestionAsked request -> request;
      case ClientToolCalled called -> called;
      case PermissionDecided decided -> eventLookback.find(decided.actionId());
      case PermissionRemembered remembered -> eventLookback.find(remembered.actionId());
      case QuestionAnswered answered -> eventLookback.find(answered.actionId());
      case ToolAnswered answered -> eventLookback.find(answered.actionId());
      case ActionExpired expired -> eventLookback.find(expired.actionId());
      case ElicitationRequested request -> request;
      case ElicitationEvent elicitation -> eventLookback.find(elicitation.actionId());
    };
  }
}
