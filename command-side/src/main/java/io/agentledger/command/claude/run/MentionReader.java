package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.AgentPathResolver.HostLocation;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.store.support.UntrustedJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the files that a client mentions in a query. Each is authorized and recorded as a call of
 * the tool {@code Read}, and its content is put before the prompt. A file that would require
 * approval is denied, and the run continues without it. Confined to one thread.
 */
final class MentionReader {
  /** Prefix of the rule of such a recorded call. */
  static final String RULE = "mentioned by the client; ";

  private static final String TASK_RULE = "mentioned by a background task; ";
  private static final String TOOL = "Read";
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final ProcessContext processContext;
  private final ToolCallEvaluator toolCallEvaluator;
  private final HookHandler hooks;
  private final OutputMapper outputMapper;
  private final RunCommandSender runCommandSender;

  MentionReader(
      ProcessContext processContext,
      ToolCallEvaluator toolCallEvaluator,
      HookHandler hooks,
      OutputMapper outputMapper,
      RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.toolCallEvaluator = toolCallEvaluator;
    this.hooks = hooks;
    this.outputMapper = outputMapper;
    this.runCommandSender = runCommandSender;
  }

  /** Files that are still to be read for a run, and the blocks of those that were read. */
  private record Reading(
      RunId run, UUID prompt, List<String> paths, ArrayNode blocks, Predicate<RunId> isCurrent) {}

  /**
   * Appends a block for each mention.
   *
   * @param isCurrent whether the run is still in progress, because hooks take time
   * @param next called when all files are read; never called if the run has ended meanwhile
   */
  void read(RunAttempt attempt, ArrayNode blocks, Predicate<RunId> isCurrent, Runnable next) {
    RunAttempt.Prompt prompt = attempt.prompt().orElseThrow();
    read(new Reading(attempt.run(), prompt.uuid(), prompt.mentions(), blocks, isCurrent), 0, next);
  }

  /** File that the CLI attaches by itself, as a call of {@code Read}. */
  record Attached(PermissionRequest call, PermissionDecision decision) {
    Optional<String> refusal() {
      return decision.hasVerdict(Verdict.ALLOWED) ? Optional.empty() : Optional.of(decision.rule());
    }
  }

  /**
   * Decides about a file that the CLI attaches by itself, by its name, because the file may change
   * at any time.
   *
   * @param id unique in the session
   */
  Attached decideAttached(String mention, String id) {
    PermissionRequest call = createCall(mention, "mention_" + id);
    if (hooks.areAskedAboutCalls(toolCallEvaluator.subject())) {
      return new Attached(
          call, PermissionDecision.denied(TASK_RULE + "hooks would have to be called"));
    }
    PermissionDecision decision = decide(call, Optional.empty());
    if (decision.hasVerdict(Verdict.ALLOWED)) {
      decision =
          paths().absolutePath(mention).map(path -> decideByName(call, path)).orElse(decision);
    }
    return new Attached(
        call, new PermissionDecision(decision.verdict(), decision.rule().replace(RULE, TASK_RULE)));
  }

  void recordAttached(RunId run, Attached attached) {
    attach(
        new Reading(run, new UUID(0, 0), List.of(), JSON.createArrayNode(), any -> true),
        attached.call(),
        attached.decision(),
        MentionedFile::readAttached);
  }

  private void read(Reading reading, int index, Runnable next) {
    if (index == reading.paths().size()) {
      next.run();
      return;
    }
    PermissionRequest call =
        createCall(reading.paths().get(index), "mention_" + reading.prompt() + "_" + index);
    PermissionDecision first = decide(call, Optional.empty());
    boolean hooked =
        first.hasVerdict(Verdict.ALLOWED)
            && hooks.runHooks(
                toolCallEvaluator.subject(),
                call,
                toolCallEvaluator.mode(),
                result -> {
                  if (reading.isCurrent().test(reading.run())) {
                    PermissionRequest updated = result.input().map(call::withInput).orElse(call);
                    runCommandSender.recordOwn(reading.run(), result.executions());
                    attach(
                        reading, updated, decide(updated, result.decision()), MentionedFile::read);
                    read(reading, index + 1, next);
                  }
                });
    if (!hooked) {
      attach(reading, call, first, MentionedFile::read);
      read(reading, index + 1, next);
    }
  }

  /**
   * Creates the call. The path is resolved once, so that the file that was decided about is the
   * file that is opened.
   */
  private PermissionRequest createCall(String mention, String toolUseId) {
    Optional<Path> path = paths().resolve(mention);
    ObjectNode input =
        path.map(real -> input(real, mention))
            .orElseGet(
                () -> JSON.createObjectNode().put("file_path", mention).put("mention", mention));
    return new PermissionRequest(
        toolUseId, TOOL, toolUseId, input, Optional.empty(), Optional.empty());
  }

  private static ObjectNode input(Path path, String mention) {
    return JSON.createObjectNode().put("file_path", path.toString()).put("mention", mention);
  }

  private PermissionDecision decide(
      PermissionRequest call, Optional<PermissionDecision> hookDecision) {
    return withoutPerson(toolCallEvaluator.decide(call, hookDecision), locate(call));
  }

  /** Decides by the unresolved path, because the CLI follows no link. */
  private PermissionDecision decideByName(PermissionRequest call, Path path) {
    return withoutPerson(toolCallEvaluator.decideByName(call, path), paths().locate(path));
  }

  private static PermissionDecision withoutPerson(
      PermissionDecision first, Optional<HostLocation> location) {
    PermissionDecision decision =
        first.hasVerdict(Verdict.ALLOWED) && location.isEmpty()
            ? PermissionDecision.denied(
                "only files of the workspace and of mounted directories can be mentioned")
            : first;
    String rule = decision.hasVerdict(Verdict.ASKED) ? "approval is not possible; " : "";
    return new PermissionDecision(
        decision.hasVerdict(Verdict.ALLOWED) ? Verdict.ALLOWED : Verdict.DENIED,
        RULE + rule + decision.rule());
  }

  /** Records the call, then reads the file. */
  private void attach(
      Reading reading,
      PermissionRequest call,
      PermissionDecision decision,
      Function<HostLocation, MentionedFile> reader) {
    ToolCallId id = outputMapper.derivedIds().toolCallId(call.toolUseId());
    boolean known = // Recorded by a node that stopped before the prompt was written.
        processContext.state().call(id).isPresent();
    if (!known) {
      runCommandSender.recordOwn(reading.run(), List.of(outputMapper.toolCall(call, decision)));
    }
    MentionedFile file =
        decision.hasVerdict(Verdict.ALLOWED)
            ? reader.apply(locate(call).orElseThrow())
            : new MentionedFile(CallStatus.DENIED, decision.rule());
    if (!known) {
      String output = JSON.writeValueAsString(file.text());
      runCommandSender.recordOwn(
          reading.run(), List.of(EventFactory.toolReturned(id, file.status(), output)));
    }
    file.appendTo(reading.blocks(), call.input().path("mention").asString(path(call)));
  }

  private Optional<HostLocation> locate(PermissionRequest call) {
    return paths().absolutePath(path(call)).flatMap(paths()::locate);
  }

  private AgentPathResolver paths() {
    return processContext.paths();
  }

  private static String path(PermissionRequest call) {
    return call.input().path("file_path").asString("");
  }
}
