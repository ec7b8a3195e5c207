package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.control.ShellRestrictionEnforcer;
import io.agentledger.command.claude.launch.LaunchOptions;
import io.agentledger.command.claude.policy.ReadImportPolicy;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.projectconfig.CommandCatalog;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.state.RememberedPermissions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Has a call of the run that is under way decided, with all that is known about it. */
final class ToolCallEvaluator implements PermissionRequestHandler.Evaluator {
  private final ProcessContext processContext;
  private final ToolCallAuthorizer toolCallAuthorizer;
  private final ShellRestrictionEnforcer shell;
  private final RunCommandSender runCommandSender;
  private final Supplier<RunAttempt.AttemptState> attemptState;

  /**
   * @param attemptState of the run that is under way
   */
  ToolCallEvaluator(
      ProcessContext processContext,
      SupervisorServices services,
      RunCommandSender runCommandSender,
      Supplier<RunAttempt.AttemptState> attemptState) {
    this.processContext = processContext;
    this.toolCallAuthorizer = services.authorizer();
    this.shell = new ShellRestrictionEnforcer(services.pathPolicies(), processContext.paths());
    this.runCommandSender = runCommandSender;
    this.attemptState = attemptState;
  }

  ToolCallAuthorizer.Subject subject() {
    return new ToolCallAuthorizer.Subject(
        runCommandSender.provenance().tenant(),
        processContext.state().opened().agent().id(),
        processContext.state().session());
  }

  /** Commands of the session, as far as a run with such options may read them. */
  CommandCatalog commands(RunOptions options) {
    LaunchOptions launchOptions = processContext.spec().options();
    return new CommandCatalog(
        processContext.paths().sessionPaths().workspace(),
        launchOptions.projectConfig(),
        launchOptions.plugins(),
        new ReadImportPolicy(toolCallAuthorizer, subject(), options, processContext.paths()));
  }

  /** The run's, by the name that clients know. */
  String mode() {
    return attemptState.get().options.permissionMode().wireName();
  }

  @Override
  public ToolCallAuthorizer.PermissionDecision decide(
      PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks) {
    return decide(call, toolUse(call, hooks));
  }

  /** Decides about a file by its name, whatever is there at the moment. */
  ToolCallAuthorizer.PermissionDecision decideByName(PermissionRequest call, Path path) {
    JsonNode input = ((ObjectNode) call.input().deepCopy()).put("file_path", path.toString());
    PermissionRequest named = call.withInput(input);
    return decide(named, toolUse(named, Optional.empty()).withTarget(path));
  }

  private ToolCallAuthorizer.ToolUse toolUse(
      PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks) {
    String digest = OutputMapper.sha256(call.input());
    RememberedPermissions remembered = processContext.state().rememberedPermissions();
    return new ToolCallAuthorizer.ToolUse(
        call.toolName(),
        call.input(),
        attemptState.get().options,
        processContext.paths(),
        processContext.paths().sandboxPaths().shellPrefix().isPresent(),
        attemptState.get().planApproved,
        new ToolCallAuthorizer.PriorDecisions(
            remembered.findForCall(call.toolName(), digest),
            remembered.findForTool(call.toolName()),
            hooks));
  }

  private ToolCallAuthorizer.PermissionDecision decide(
      PermissionRequest call, ToolCallAuthorizer.ToolUse use) {
    ToolCallAuthorizer.PermissionDecision decision = toolCallAuthorizer.decide(subject(), use);
    return decision.hasVerdict(Verdict.DENIED)
        ? decision
        : shell
            .violation(subject(), call.toolName())
            .map(ToolCallAuthorizer.PermissionDecision::denied)
            .orElse(decision);
  }

  @Override
  public Optional<String> prepare(PermissionRequest call) throws IOException {
    return shell.enforce(subject(), call.toolName());
  }
}
