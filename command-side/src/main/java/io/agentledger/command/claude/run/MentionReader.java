package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the files that a client mentions with a query. Each is decided and recorded as a call of
 * the tool {@code Read}, and what it gives back stands before the prompt. Nobody is asked: what a
 * person would have to allow is denied, and the run goes on without it. One thread's own.
 */
final class MentionReader {
  /** How the rule of such a call begins on the record. */
  static final String RULE = "mentioned by the client; ";

  private static final String SUBAGENT_RULE = "mentioned by a subagent; ";
  private static final String TOOL = "Read";
  private static final JsonMapper JSON = JsonMapper.shared();

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

  /** Files that are still to be read for a run, and the blocks that they become. */
  private record Reading(
      RunId run, UUID prompt, List<String> paths, ArrayNode blocks, Predicate<RunId> isCurrent) {}

  /**
   * Appends a block for each mention.
   *
   * @param isCurrent whether the run is still under way, as hooks may take their time
   * @param next what is done when all are read; never called for a run that has ended meanwhile
   */
  void read(RunAttempt attempt, ArrayNode blocks, Predicate<RunId> isCurrent, Runnable next) {
    RunAttempt.Prompt prompt = attempt.prompt().orElseThrow();
    read(new Reading(attempt.run(), prompt.uuid(), prompt.mentions(), blocks, isCurrent), 0, next);
  }

  /**
   * Decides about a file that the CLI will attach by itself, and records it if it may.
   *
   * @param run that is in progress: without one there are no options to decide by
   * @param id unique in the session
   * @return why it must not; empty for what is no file of the workspace or beside it
   */
  Optional<String> admit(Optional<RunId> run, String mention, String id) {
    PermissionRequest call = createCall(mention, "mention_" + id);
    if (!exists(call)) {
      return Optional.empty();
    }
    if (run.isEmpty()) {
      return Optional.of("no run is in progress");
    }
    PermissionDecision decision = decide(call, Optional.empty());
    if (!decision.hasVerdict(Verdict.ALLOWED)) {
      return Optional.of(decision.rule());
    }
    attach(
        new Reading(run.get(), new UUID(0, 0), List.of(), JSON.createArrayNode(), any -> true),
        call,
        new PermissionDecision(Verdict.ALLOWED, decision.rule().replace(RULE, SUBAGENT_RULE)));
    return Optional.empty();
  }

  /** Whether it may be something: of what is elsewhere nobody knows. */
  boolean exists(String mention) {
    return exists(createCall(mention, ""));
  }

  private boolean exists(PermissionRequest call) {
    return paths()
        .locate(Path.of(path(call)))
        .filter(each -> !MentionedFile.exists(each))
        .isEmpty();
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
                    record(reading.run(), result.executions());
                    attach(reading, updated, decide(updated, result.decision()));
                    read(reading, index + 1, next);
                  }
                });
    if (!hooked) {
      attach(reading, call, first);
      read(reading, index + 1, next);
    }
  }

  /** The path is resolved once: what is decided about is what is opened. */
  private PermissionRequest createCall(String mention, String toolUseId) {
    String path = paths().resolve(mention).map(Path::toString).orElse(mention);
    ObjectNode input = JSON.createObjectNode().put("file_path", path).put("mention", mention);
    return new PermissionRequest(
        toolUseId, TOOL, toolUseId, input, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private PermissionDecision decide(
      PermissionRequest call, Optional<PermissionDecision> hookDecision) {
    PermissionDecision decision = toolCallEvaluator.decide(call, hookDecision);
    if (decision.hasVerdict(Verdict.ALLOWED) && paths().locate(Path.of(path(call))).isEmpty()) {
      decision =
          PermissionDecision.denied("only files of the workspace and beside it are mentioned");
    }
    String rule = decision.hasVerdict(Verdict.ASKED) ? "nobody is asked; " : "";
    return new PermissionDecision(
        decision.hasVerdict(Verdict.ALLOWED) ? Verdict.ALLOWED : Verdict.DENIED,
        RULE + rule + decision.rule());
  }

  /** What is read is on the record before it is read. */
  private void attach(Reading reading, PermissionRequest call, PermissionDecision decision) {
    boolean known =
        processContext
            .state()
            .call(outputMapper.derivedIds().toolCallId(call.toolUseId()))
            .isPresent(); // By a node that died before the prompt was written.
    if (!known) {
      record(reading.run(), List.of(outputMapper.toolCall(call, decision)));
    }
    MentionedFile file =
        decision.hasVerdict(Verdict.ALLOWED)
            ? MentionedFile.read(paths().locate(Path.of(path(call))).orElseThrow())
            : new MentionedFile(CallStatus.DENIED, decision.rule());
    if (!known) {
      record(
          reading.run(),
          List.of(
              new Output.Return(
                  outputMapper.derivedIds().toolCallId(call.toolUseId()),
                  file.status(),
                  new Json(JSON.writeValueAsString(file.text())))));
    }
    file.appendTo(reading.blocks(), call.input().path("mention").asString(path(call)));
  }

  private void record(RunId run, List<? extends Output> outputs) {
    runCommandSender.recordOwn(run, outputMapper.derivedIds().mainThread(), outputs);
  }

  private AgentPathResolver paths() {
    return processContext.paths();
  }

  private static String path(PermissionRequest call) {
    return call.input().path("file_path").asString("");
  }
}
