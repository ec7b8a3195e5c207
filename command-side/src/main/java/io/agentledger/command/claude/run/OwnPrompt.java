package io.agentledger.command.claude.run;

import io.agentledger.command.claude.protocol.ClaudeInput;

/**
 * Recognizes the service's own prompts among those that the CLI reports. Each is accepted once, and
 * only while it is the last one that was sent: afterwards the model knows its end, so that any text
 * may contain it. Confined to one thread.
 */
final class OwnPrompt {
  private String end = "";

  /**
   * Expects a prompt.
   *
   * @param promptEnd end of the prompt, see {@link ClaudeInput}; replaces the previous one
   */
  void expect(String promptEnd) {
    end = promptEnd;
  }

  /** Returns whether the reported prompt is the expected one, and removes the expectation if so. */
  boolean take(String reported) {
    boolean own = !end.isEmpty() && reported.endsWith(end);
    end = own ? "" : end;
    return own;
  }
}
