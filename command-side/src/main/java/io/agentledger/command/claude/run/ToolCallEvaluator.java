package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.control.ShellRestrictionEnforcer;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.launch.LaunchOptions;
import io.agentledger.command.claude.policy.FetchDestination;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.PlatformCalls;
import io.agentledger.command.claude.policy.ReadImportPolicy;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.projectconfig.CommandCatalog;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.InputDigest;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.state.RememberedPermissions;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evaluates a tool call of the run in progress with the session's and the run's rules. */
final class ToolCallEvaluator implements PermissionRequestHandler.CallDecider {
  private final ProcessContext processContext;
  private final ToolCallAuthorizer toolCallAuthorizer;
  private final ShellRestrictionEnforcer shell;
  private final EgressProxy egress;
  private final Hooks hooks;
  private final RunCommandSender runCommandSender;
  private final OutputMapper outputMapper;
  private final Supplier<RunAttempt.AttemptState> attemptState;

  /**
   * @param attemptState state of the run in progress
   */
  ToolCallEvaluator(
      ProcessContext processContext,
      SupervisorServices services,
      OutputMapper outputMapper,
      RunCommandSender runCommandSender,
      Supplier<RunAttempt.AttemptState> attemptState) {
    this.processContext = processContext;
    this.toolCallAuthorizer = services.authorizer();
    this.shell = new ShellRestrictionEnforcer(services.pathPolicies(), processContext.paths());
    this.egress = services.egress();
    this.hooks = services.hooks();
    this.outputMapper = outputMapper;
    this.runCommandSender = runCommandSender;
    this.attemptState = attemptState;
  }

  ToolCallAuthorizer.Subject subject() {
    return new ToolCallAuthorizer.Subject(
        runCommandSender.provenance().tenant(),
        processContext.state().opened().agent().id(),
        processContext.state().session());
  }

  /** Returns the commands of the session that a run with these options may read. */
  CommandCatalog commands(RunOptions options) {
    LaunchOptions launchOptions = processContext.spec().options();
    return new CommandCatalog(
        processContext.paths().sessionPaths().workspace(),
        launchOptions.projectConfig(),
        launchOptions.plugins(),
        new ReadImportPolicy(toolCallAuthorizer, subject(), options, processContext.paths()));
  }

  /** Returns the run's permission mode, by its name in the API. */
  String mode() {
    return attemptState.get().options.permissionMode().wireName();
  }

  @Override
  public ToolCallAuthorizer.PermissionDecision decide(
      PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks) {
    return decide(call, toolUse(call, hooks));
  }

  /** Decides about a file by its name, independent of its current content. */
  ToolCallAuthorizer.PermissionDecision decideByName(PermissionRequest call, Path path) {
    JsonNode input = ((ObjectNode) call.input().deepCopy()).put("file_path", path.toString());
    PermissionRequest named = call.withInput(input);
    return decide(named, toolUse(named, Optional.empty()).withTarget(path));
  }

  private ToolCallAuthorizer.ToolUse toolUse(
      PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks) {
    String digest = InputDigest.of(call.input());
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
    if (isNestedSubagent(call)) {
      return ToolCallAuthorizer.PermissionDecision.denied(
          "a subagent starts no subagents, unless the tools of its definition name Agent");
    }
    ToolCallAuthorizer.PermissionDecision decision =
        restrictToSender(call, toolCallAuthorizer.decide(subject(), use));
    return decision.hasVerdict(Verdict.DENIED)
        ? decision
        : shell
            .violation(subject(), call.toolName())
            .or(() -> findFetchDenial(call))
            .map(ToolCallAuthorizer.PermissionDecision::denied)
            .orElse(decision);
  }

  private ToolCallAuthorizer.PermissionDecision restrictToSender(
      PermissionRequest call, ToolCallAuthorizer.PermissionDecision decision) {
    Actor sender = runCommandSender.provenance().actor();
    return PlatformCalls.restrict(
        decision,
        call.toolName(),
        call.input(),
        attemptState.get().options.permissionMode(),
        sender,
        processContext.state().setup().isOwner(sender));
  }

  private Optional<String> findFetchDenial(PermissionRequest call) {
    if (!call.toolName().equals(EvaluatedToolCall.WEB_FETCH)) {
      return Optional.empty();
    }
    Optional<Destination> page = FetchDestination.find(call.input());
    if (page.isEmpty()) {
      return Optional.of(
          "WebFetch requires a https:// URL with a host in ASCII and without a user; write special"
              + " characters in percent-encoding");
    }
    return egress
        .findFetchDenial(
            subject(), processContext.state().opened().environment().network(), page.get())
        .map(rule -> "WebFetch cannot reach " + page.get().host() + ": " + rule);
  }

  /**
   * Returns the destinations of an allowed WebFetch call: that of its URL, and the one with or
   * without {@code www.}, because the CLI follows redirects between them. The latter is included
   * only if rules alone allow it, because no hook and no user is asked about it.
   */
  private List<Destination> fetchDestinations(PermissionRequest call) {
    List<Destination> destinations = new ArrayList<>();
    Optional<Destination> page = FetchDestination.find(call.input());
    page.ifPresent(destinations::add);
    page.flatMap(FetchDestination::findAlternative)
        .filter(alternative -> !hooks.points(subject()).contains(HookPoint.PRE_TOOL_USE))
        .filter(
            alternative ->
                decide(withUrl(call, alternative), Optional.empty()).hasVerdict(Verdict.ALLOWED))
        .ifPresent(destinations::add);
    return destinations;
  }

  private static PermissionRequest withUrl(PermissionRequest call, Destination page) {
    return call.withInput(((ObjectNode) call.input().deepCopy()).put("url", page.uri().toString()));
  }

  /** Returns whether a subagent starts another one without having the tool by its definition. */
  private boolean isNestedSubagent(PermissionRequest call) {
    boolean bySubagent =
        call.agentId().isPresent()
            || !outputMapper.threadOf(call).equals(outputMapper.derivedIds().mainThread());
    return bySubagent
        && call.toolName().equals("Agent")
        && call.agentId()
            .flatMap(outputMapper::subagentType)
            .filter(processContext.spec().options()::namesAgentTool)
            .isEmpty();
  }

  @Override
  public Optional<String> prepare(PermissionRequest call) throws IOException {
    if (call.toolName().equals(EvaluatedToolCall.WEB_SEARCH)) {
      runCommandSender.permitSearch(
          outputMapper.derivedIds().toolCallId(call.toolUseId()), call.input());
    }
    if (call.toolName().equals(EvaluatedToolCall.WEB_FETCH)) {
      runCommandSender.permitFetch(
          outputMapper.derivedIds().toolCallId(call.toolUseId()), fetchDestinations(call));
    }
    return shell.enforce(subject(), call.toolName());
  }
}
