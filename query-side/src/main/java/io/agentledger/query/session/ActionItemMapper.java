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

/** What is asked of somebody and how that ended, as it looks on the stream. */
final class ActionItemMapper {
  private final ContentReader opened;
  private final EventFields fields;
  private final EventLookback memory;
  private final ElicitationItemMapper elicitations;

  ActionItemMapper(ContentReader opened, EventFields fields, EventLookback memory) {
    this.opened = opened;
    this.fields = fields;
    this.memory = memory;
    this.elicitations = new ElicitationItemMapper(opened, memory);
  }

  /**
   * @param by who did it
   */
  Body of(ActionEvent event, Instant at, String by) {
    return switch (event) {
      case PermissionRequested requested -> of(requested, at);
      case PermissionDecided decided -> of(decided, by);
      case PermissionRemembered remembered -> of(remembered, by);
      case QuestionAsked asked -> of(asked, at);
      case QuestionAnswered answered -> of(answered, by);
      case ClientToolCalled called -> new StreamItem.Status(fields.of(called));
      case ToolAnswered answered -> new StreamItem.Status(fields.of(answered));
      case ActionExpired expired -> of(expired);
      case ElicitationEvent elicitation -> elicitations.of(elicitation, at, by);
    };
  }

  private Body of(PermissionRequested event, Instant at) {
    return new StreamItem.Permission(
        "requested",
        event.actionId(),
        event.toolCallId(),
        event.tool(),
        opened.json(event, "input", event.input()),
        event.inputDigest(),
        opened.text(event, "reason", event.reason()),
        until(event.patience(), at),
        null,
        null);
  }

  private Body of(PermissionDecided event, String by) {
    return new StreamItem.Permission(
        "decided",
        event.actionId(),
        null,
        null,
        opened.json(event, "updatedInput", event.updatedInput()),
        event.inputDigest(),
        opened.text(event, "reason", event.reason()),
        null,
        event.decision(),
        by);
  }

  private static Body of(PermissionRemembered event, String by) {
    return new StreamItem.Permission(
        "remembered",
        event.actionId(),
        null,
        event.tool(),
        null,
        event.reach() == RememberScope.CALL ? event.inputDigest() : null,
        null,
        null,
        event.decision(),
        by);
  }

  private Body of(QuestionAsked event, Instant at) {
    return new StreamItem.Question(
        "asked",
        event.actionId(),
        event.toolCallId(),
        opened.json(event, "questions", event.questions()),
        until(event.patience(), at),
        null,
        null);
  }

  private Body of(QuestionAnswered event, String by) {
    return new StreamItem.Question(
        "answered",
        event.actionId(),
        null,
        null,
        null,
        opened.json(event, "answers", event.answers()),
        by);
  }

  /** It is of the kind of what was asked. */
  private Body of(ActionExpired event) {
    return switch (memory.of(event.actionId())) {
      case PermissionRequested asked ->
          new StreamItem.Permission(
              "expired",
              event.actionId(),
              asked.toolCallId(),
              asked.tool(),
              null,
              null,
              event.expiry().name().toLowerCase(Locale.ROOT),
              null,
              null,
              null);
      case QuestionAsked asked ->
          new StreamItem.Question(
              "expired", event.actionId(), asked.toolCallId(), null, null, null, null);
      case ElicitationRequested asked -> ElicitationItemMapper.expired(asked, event.expiry());
      case null, default -> new StreamItem.Status(fields.of(event));
    };
  }

  static @Nullable Instant until(AnswerTimeout patience, Instant at) {
    return switch (patience) {
      case AnswerTimeout.Unlimited ignored -> null;
      case AnswerTimeout.Limited limited -> at.plus(limited.duration());
    };
  }

  @Nullable RunId run(ActionEvent event) {
    return switch (asking(event)) {
      case PermissionRequested asked -> asked.runId();
      case QuestionAsked asked -> asked.runId();
      case ClientToolCalled called -> called.runId();
      case ElicitationRequested asked -> asked.runId();
      case null, default -> null;
    };
  }

  @Nullable ThreadId thread(ActionEvent event) {
    return switch (asking(event)) {
      case PermissionRequested asked -> asked.threadId();
      case QuestionAsked asked -> asked.threadId();
      case ClientToolCalled called -> called.threadId();
      case ElicitationRequested asked -> asked.threadId();
      case null, default -> null;
    };
  }

  private @Nullable ActionEvent asking(ActionEvent event) {
    return switch (event) {
      case PermissionRequested asked -> asked;
      case QuestionAsked asked -> asked;
      case ClientToolCalled called -> called;
      case PermissionDecided decided -> memory.of(decided.actionId());
      case PermissionRemembered remembered -> memory.of(remembered.actionId());
      case QuestionAnswered answered -> memory.of(answered.actionId());
      case ToolAnswered answered -> memory.of(answered.actionId());
      case ActionExpired expired -> memory.of(expired.actionId());
      case ElicitationRequested asked -> asked;
      case ElicitationEvent elicitation -> memory.of(elicitation.actionId());
    };
  }
}
