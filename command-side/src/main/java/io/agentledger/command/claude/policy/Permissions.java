package io.agentledger.command.claude.policy;

import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.RunOptions;
import io.agentledger.command.claude.box.AgentPaths;
import tools.jackson.databind.JsonNode;

/** Decides about tool calls before anything happens. Asked once per call; must not block. */
public interface Permissions {
  Ruling decide(ToolUse use);

  /**
   * A call that waits for its permission.
   *
   * @param planApproved whether the run's plan has been approved, which ends its plan mode
   */
  record ToolUse(
      String tool,
      JsonNode input,
      RunOptions options,
      AgentPaths paths,
      boolean boxed,
      boolean planApproved) {}

  /**
   * @param rule what decided, in words a person can look up; the model hears it with a denial
   */
  record Ruling(Verdict verdict, String rule) {
    static Ruling allowed(String rule) {
      return new Ruling(Verdict.ALLOWED, rule);
    }

    static Ruling asked(String rule) {
      return new Ruling(Verdict.ASKED, rule);
    }

    static Ruling denied(String rule) {
      return new Ruling(Verdict.DENIED, rule);
    }
  }
}
