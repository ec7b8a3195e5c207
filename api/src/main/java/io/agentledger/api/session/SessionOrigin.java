package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.template.TemplateId;
import java.util.Optional;

/** Origin of a session. */
public sealed interface SessionOrigin extends Discriminated {
  /** A new session. */
  @StableName("fresh")
  record Fresh() implements SessionOrigin {}

  /** Branches off another session after one of its events. */
  @StableName("forked")
  record Forked(SessionId fromSessionId, long sequence) implements SessionOrigin {}

  /** Continues a copy of another session after one of its events, with its conversation. */
  @StableName("cloned")
  record Cloned(SessionId fromSessionId, long sequence) implements SessionOrigin {}

  /** Opened from a version of a template. */
  @StableName("templated")
  record Templated(TemplateId templateId, long version) implements SessionOrigin {}

  /** Returns the session that this one branched off. */
  default Optional<SessionId> sourceSession() {
    return switch (this) {
      case Forked forked -> Optional.of(forked.fromSessionId());
      case Cloned cloned -> Optional.of(cloned.fromSessionId());
      case Fresh _, Templated _, Task _, Chat _ -> Optional.empty();
    };
  }

  /** Opened by an execution of a task. */
  @StableName("task")
  record Task(String executionId) implements SessionOrigin {}

  /** Opened for a chat with a contact of a channel. */
  @StableName("chat")
  record Chat(String chatId, String channelId) implements SessionOrigin {}
}
