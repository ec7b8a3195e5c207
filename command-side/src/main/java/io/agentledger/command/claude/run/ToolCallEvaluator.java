package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.control.ShellRestrictionEnforcer;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Has a call of the run that is under way decided, with all that is known about it. */
final class ToolCallEvaluator implements PermissionRequestHandler.Evaluator {
  private final ProcessContext post;
  private final ToolCallAuthorizer permissions;
  private final ShellRestrictionEnforcer shell;
  private final RunCommandSender writer;
  private final Supplier<RunAttempt.AttemptState> progress;

  /**
   * @param progress of the run that is under way
   */
  ToolCallEvaluator(
      ProcessContext post,
      SupervisorServices with,
      RunCommandSender writer,
      Supplier<RunAttempt.AttemptState> progress) {
    this.post = post;
    this.permissions = with.permissions();
    this.shell = new ShellRestrictionEnforcer(with.paths(), post.paths());
    this.writer = writer;
    this.progress = progress;
  }

  ToolCallAuthorizer.Subject whose() {
    return new ToolCallAuthorizer.Subject(
        writer.provenance().tenant(),
        post.record().opening().agent().id(),
        post.record().session());
  }

  /** The run's, by the name that clients know. */
  String mode() {
    return progress.get().options.permissionMode().wireName();
  }

  @Override
  public ToolCallAuthorizer.PermissionDecision ruling(
      PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks) {
    String digest = OutputMapper.digest(call.input());
    ToolCallAuthorizer.PermissionDecision ruling =
        permissions.decide(
            whose(),
            new ToolCallAuthorizer.ToolUse(
                call.toolName(),
                call.input(),
                progress.get().options,
                post.paths(),
                post.paths().view().shellPrefix().isPresent(),
                progress.get().planApproved,
                new ToolCallAuthorizer.PriorDecisions(
                    post.record().remembered().of(call.toolName(), digest), hooks)));
    return ruling.is(Verdict.DENIED)
        ? ruling
        : shell
            .fault(whose(), call.toolName())
            .map(ToolCallAuthorizer.PermissionDecision::denied)
            .orElse(ruling);
  }

  @Override
  public Optional<String> prepare(PermissionRequest call) throws IOException {
    return shell.enact(whose(), call.toolName());
  }
}
