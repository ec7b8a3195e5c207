package io.agentledger.command.claude.policy;

import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.projectconfig.ImportPolicy;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.store.support.UntrustedJson;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Permits the CLI to load the files that the agent may read without asking: each file is decided
 * like a call of the tool Read.
 */
public record ReadImportPolicy(
    ToolCallAuthorizer authorizer,
    ToolCallAuthorizer.Subject subject,
    RunOptions options,
    AgentPathResolver paths)
    implements ImportPolicy {
  /**
   * Creates a policy from the current policies, read once because a workspace may have a thousand
   * files. May block.
   */
  public ReadImportPolicy {
    authorizer = authorizer.snapshot(subject);
  }

  @Override
  public Optional<String> denial(Path file) {
    String path = paths.sandboxPaths().workspace().resolve(file).toString();
    ToolCallAuthorizer.PermissionDecision decision =
        authorizer.decide(
            subject,
            new ToolCallAuthorizer.ToolUse(
                "Read",
                UntrustedJson.MAPPER.createObjectNode().put("file_path", path),
                options,
                paths,
                paths.sandboxPaths().shellPrefix().isPresent(),
                false,
                ToolCallAuthorizer.PriorDecisions.NONE));
    return decision.hasVerdict(Verdict.ALLOWED) ? Optional.empty() : Optional.of(decision.rule());
  }
}
