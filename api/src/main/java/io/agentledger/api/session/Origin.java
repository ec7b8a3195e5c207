package io.agentledger.api.session;

import io.agentledger.api.shared.Kinded;
import io.agentledger.api.template.TemplateId;

/** Where a session comes from. */
public sealed interface Origin extends Kinded {
  /** From nothing. */
  record Fresh() implements Origin {}

  /** Branches off another session after that many of its facts. */
  record Forked(SessionId from, long sequence) implements Origin {}

  /** Goes on where another session was after that many of its facts, with all that it says. */
  record Cloned(SessionId from, long sequence) implements Origin {}

  /** Opened from a template, as that version of it said. */
  record Templated(TemplateId template, long version) implements Origin {}

  /** Opened by an execution of a task. */
  record Task(String executionId) implements Origin {}
}
