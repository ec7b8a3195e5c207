package io.agentledger.command.claude.policy;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.box.AgentPaths;
import io.agentledger.store.permission.RuledCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Decides about tool calls before anything happens. Asked once per call, within milliseconds. */
public interface Permissions {
  Ruling decide(Whose whose, ToolUse use);

  /** For whom, by which agent, in which session a tool is called. */
  record Whose(TenantId tenant, AgentId agent, SessionId session) {}

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
      boolean planApproved,
      Voices voices) {

    /** The same with other input. */
    public ToolUse with(JsonNode other) {
      return new ToolUse(tool, other, options, paths, boxed, planApproved, voices);
    }

    /** As rules see it. */
    public RuledCall ruled() {
      return new RuledCall(
          tool,
          input,
          new RuledCall.Places() {
            @Override
            public Path workspace() {
              return paths.view().workspace();
            }

            @Override
            public Optional<Path> resolve(String named) {
              return paths.resolve(named);
            }
          });
    }
  }

  /**
   * What was said about a call beside the policies.
   *
   * @param person what a person decided about such calls for the whole session
   * @param hooks what the hooks said to this one
   */
  record Voices(Optional<Decision> person, Optional<Ruling> hooks) {
    public static final Voices NONE = new Voices(Optional.empty(), Optional.empty());
  }

  /**
   * @param rule what decided, in words a person can look up; the model hears it with a denial
   * @param patience how long a person who is asked may take; zero: as long as the run
   */
  record Ruling(Verdict verdict, String rule, Duration patience) {
    public Ruling(Verdict verdict, String rule) {
      this(verdict, rule, Duration.ZERO);
    }

    /** The same, and silence denies after that time. */
    public Ruling within(Duration limit) {
      return new Ruling(verdict, rule, limit);
    }

    public static Ruling allowed(String rule) {
      return new Ruling(Verdict.ALLOWED, rule);
    }

    public static Ruling asked(String rule) {
      return new Ruling(Verdict.ASKED, rule);
    }

    public static Ruling denied(String rule) {
      return new Ruling(Verdict.DENIED, rule);
    }

    public boolean is(Verdict which) {
      return verdict == which;
    }
  }
}
