package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.RecordPlan;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FileChanges.Change;
import io.agentledger.api.workspace.FileChanges.FileChange;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Reads the plan of a flow: the file {@value #FILE_NAME} that the run of the planning session
 * wrote, from its checkpoint, else the result of the run. Of several files, the one that is the
 * least deep. Idempotent.
 */
final class FlowPlanJob {
  static final String FILE_NAME = "PLAN.md";

  /** More than {@link FlowCommand#PLAN_LENGTH_MAX} characters have in UTF-8. */
  private static final int BYTES_MAX = 4 * FlowCommand.PLAN_LENGTH_MAX + 4;

  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  private final FlowReader reader;
  private final FileHistory files;
  private final FlowCommandSender commands;
  private final Clock clock;

  FlowPlanJob(FlowReader reader, FileHistory files, FlowCommandSender commands, Clock clock) {
    this.reader = reader;
    this.files = files;
    this.commands = commands;
    this.clock = clock;
  }

  /**
   * Reads the plan.
   *
   * @param attempt from 1
   */
  void read(TenantId tenant, FlowId flow, int attempt) {
    try {
      read(tenant, flow);
    } catch (RuntimeException e) {
      if (attempt < FlowJob.ATTEMPTS_MAX) throw e;
      fail(tenant, flow, FlowJob.internal(flow, e));
    }
  }

  private void read(TenantId tenant, FlowId flow) {
    if (reader.read(flow).status() != FlowStatus.PLANNING) return;
    var plan =
        reader.findSession(flow.planExecution()).map(this::planOf).map(String::strip).orElse("");
    if (plan.isEmpty())
      fail(
          tenant,
          flow,
          new FlowFailure(
              "plan_missing",
              "The planning session wrote no " + FILE_NAME + " and its run has no result."));
    else if (plan.length() > FlowCommand.PLAN_LENGTH_MAX)
      fail(
          tenant,
          flow,
          new FlowFailure(
              "plan_too_long",
              "The plan has more than "
                  + FlowCommand.PLAN_LENGTH_MAX
                  + " characters. Ask the planning agent for a shorter one."));
    else commands.send(tenant, new RecordPlan(flow, plan, clock.instant()));
  }

  private void fail(TenantId tenant, FlowId flow, FlowFailure failure) {
    commands.send(tenant, new FailFlow(flow, failure));
  }

  private String planOf(SessionId session) {
    var run = reader.findCompletedRun(session);
    return run.flatMap(completed -> findFile(session, completed.runId()))
        .orElseGet(() -> run.map(reader::resultOf).orElse(""));
  }

  private Optional<String> findFile(SessionId session, RunId run) {
    try {
      return await(files.diffOfRun(session, run)).files().stream()
          .filter(change -> change.change() != Change.DELETED)
          .map(FileChange::path)
          .map(FilePath::of)
          .filter(path -> path.name().equals(FILE_NAME))
          .min(Comparator.comparingInt(path -> path.steps().size()))
          .map(path -> readFile(session, path));
    } catch (RejectionException e) {
      return Optional.empty(); // The run has no checkpoint.
    }
  }

  /** Reads the file from the last checkpoint. */
  private String readFile(SessionId session, FilePath path) {
    try {
      var copy = Files.createTempFile("plan-", ".tmp");
      try (var file = await(files.open(session, Long.MAX_VALUE, path, copy)).channel()) {
        return new String(
            Channels.newInputStream(file).readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <R> R await(CompletionStage<R> stage) {
    try {
      return stage
          .toCompletableFuture()
          .copy()
          .orTimeout(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause())
        if (cause instanceof RejectionException rejection) throw rejection;
      throw e;
    }
  }
}
