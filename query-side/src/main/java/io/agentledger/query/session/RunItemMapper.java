package io.agentledger.query.session;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import io.agentledger.api.shared.Json;
import io.agentledger.query.support.ContentReader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps events of runs to stream items; exactly one result for each run. */
final class RunItemMapper {
  private final ContentReader contentReader;
  private final EventFields fields;
  private final EventLookback eventLookback;

  RunItemMapper(ContentReader contentReader, EventFields fields, EventLookback eventLookback) {
    this.contentReader = contentReader;
    this.fields = fields;
    this.eventLookback = eventLookback;
  }

  Body toBody(RunEvent event) {
    return switch (event) {
      case RunStarted started -> status(started);
      case RunPaused paused -> status(paused);
      case RunResumed resumed -> status(resumed);
      case RunCompleted completed ->
          result(
              completed.runId(),
              wire(completed.stopReason()),
              new RunResult(
                  contentReader.text(completed, "result", completed.result()),
                  contentReader.json(completed, "structuredOutput", completed.structuredOutput()),
                  isError(completed.stopReason())),
              completed.totals());
      case RunInterrupted interrupted ->
          result(
              interrupted.runId(),
              "interrupted",
              new RunResult(null, null, false),
              interrupted.totals());
      case RunFailed failed -> failed.retrying() ? error(failed) : failure(failed);
    };
  }

  private record RunResult(@Nullable String text, @Nullable Json structured, boolean isError) {}

  private Body result(RunId run, String stopReason, RunResult runResult, RunTotals runTotals) {
    var execution = eventLookback.find(run);
    return new StreamItem.Result(
        stopReason,
        runResult.text(),
        runResult.structured(),
        runTotals.usage(),
        runTotals.models(),
        runTotals.costUsd(),
        runTotals.duration().toMillis(),
        runTotals.turns(),
        runResult.isError(),
        execution == null ? null : execution.upstream());
  }

  /**
   * Maps a failure that ends the run: the stop reason is the kind of the failure, the result is its
   * message.
   */
  private Body failure(RunFailed event) {
    String error = contentReader.text(event, "error", event.error());
    return result(
        event.runId(), wire(event.failure()), new RunResult(error, null, true), event.totals());
  }

  private Body error(RunFailed event) {
    String error = contentReader.text(event, "error", event.error());
    return new StreamItem.Error("run_" + wire(event.failure()), error == null ? "" : error);
  }

  /** Returns true for a run that was cut short. */
  private static boolean isError(StopReason reason) {
    return switch (reason) {
      case COMPLETED, REFUSAL, HOOK -> false;
      case MAX_TURNS, BUDGET -> true;
    };
  }

  Body toBody(RunInitialized event) {
    var execution = eventLookback.find(event.runId());
    return new StreamItem.Init(
        event.model(),
        event.tools(),
        event.mcpServers(),
        event.commands(),
        event.skills(),
        event.agents(),
        event.plugins(),
        event.permissionMode(),
        event.cliVersion(),
        execution == null ? null : execution.upstream(),
        execution == null ? null : execution.sandbox());
  }

  private Body status(SessionEvent event) {
    return new StreamItem.Status(fields.fieldsOf(event));
  }

  private static String wire(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
