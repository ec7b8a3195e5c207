package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.template.TemplateId;

/** Origin of a session. */
public sealed interface SessionOrigin extends Discriminated {
  /** From nothing. */
  @StableName("fresh")
  record Fresh() implements SessionOrigin {}

  /** Branches off another session after that many of its facts. */
  @StableName("forked")
  record Forked(SessionId fromSessionId, long sequence) implements SessionOrigin {}

  /** Goes on where another session was after that many of its facts, with all that it says. */
  @StableName("cloned")
  record Cloned(SessionId fromSessionId, long sequence) implements SessionOrigin {}

  /** Opened from a template, as that version of it said. */
  @StableName("templated")
  record Templated(TemplateId templateId, long version) implements SessionOrigin {}

  /** Opened by an execution of a task. */
  @StableName("task")
  record Task(String executionId) implements SessionOrigin {}
}
