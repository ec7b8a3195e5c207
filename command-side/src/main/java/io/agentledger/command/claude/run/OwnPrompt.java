package io.agentledger.command.claude.run;

import io.agentledger.command.claude.protocol.ClaudeInput;

/**
 * Recognises the service's own prompts among those that the CLI reports. Each counts once, and only
 * while it is the last one that was sent: afterwards its end is known to the model, and any text
 * may end like it. One thread's own.
 */
final class OwnPrompt {
  private String end = "";

  /** {@code promptEnd} is that of {@link ClaudeInput}; it takes the place of the one before. */
  void expect(String promptEnd) {
    end = promptEnd;
  }

  /** Returns whether the reported prompt is the expected one, which then is no more. */
  boolean take(String reported) {
    boolean own = !end.isEmpty() && reported.endsWith(end);
    end = own ? "" : end;
    return own;
  }
}
