package io.agentledger.command.claude.runner;

import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.projectconfig.ImportPolicy;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Memory imports what the agent could read without asking: each file is decided as a Read. */
record ReadImportPolicy(
    ToolCallAuthorizer authorizer,
    ToolCallAuthorizer.Subject subject,
    RunOptions options,
    AgentPathResolver paths)
    implements ImportPolicy {
  @Override
  public Optional<String> denial(Path file) {
    String path = paths.sandboxPaths().workspace().resolve(file).toString();
    ToolCallAuthorizer.PermissionDecision decision =
        authorizer.decide(
            subject,
            new ToolCallAuthorizer.ToolUse(
                "Read",
                JsonMapper.shared().createObjectNode().put("file_path", path),
                options,
                paths,
                paths.sandboxPaths().shellPrefix().isPresent(),
                false,
                ToolCallAuthorizer.PriorDecisions.NONE));
    return decision.hasVerdict(Verdict.ALLOWED) ? Optional.empty() : Optional.of(decision.rule());
  }
}
