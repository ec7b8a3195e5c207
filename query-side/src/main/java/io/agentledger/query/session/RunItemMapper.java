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

/** What a run looks like on the stream; exactly one result for each. */
final class RunItemMapper {
  private final ContentReader opened;
  private final EventFields fields;
  private final EventLookback memory;

  RunItemMapper(ContentReader opened, EventFields fields, EventLookback memory) {
    this.opened = opened;
    this.fields = fields;
    this.memory = memory;
  }

  Body of(RunEvent event) {
    return switch (event) {
      case RunStarted started -> status(started);
      case RunPaused paused -> status(paused);
      case RunResumed resumed -> status(resumed);
      case RunCompleted completed ->
          result(
              completed.runId(),
              wire(completed.stopReason()),
              new Answer(
                  opened.text(completed, "result", completed.result()),
                  opened.json(completed, "structuredOutput", completed.structuredOutput()),
                  isError(completed.stopReason())),
              completed.tally());
      case RunInterrupted interrupted ->
          result(
              interrupted.runId(),
              "interrupted",
              new Answer(null, null, false),
              interrupted.tally());
      case RunFailed failed -> failed.retrying() ? error(failed) : failure(failed);
    };
  }

  private record Answer(@Nullable String text, @Nullable Json structured, boolean isError) {}

  private Body result(RunId run, String stopReason, Answer answer, RunTotals tally) {
    var machinery = memory.of(run);
    return new StreamItem.Result(
        stopReason,
        answer.text(),
        answer.structured(),
        tally.usage(),
        tally.cost(),
        tally.duration().toMillis(),
        tally.turns(),
        answer.isError(),
        machinery == null ? null : machinery.upstream());
  }

  /** The last word: the reason is what went wrong, the text is what it said. */
  private Body failure(RunFailed event) {
    String error = opened.text(event, "error", event.error());
    return result(
        event.runId(), wire(event.failure()), new Answer(error, null, true), event.tally());
  }

  private Body error(RunFailed event) {
    String error = opened.text(event, "error", event.error());
    return new StreamItem.Error("run_" + wire(event.failure()), error == null ? "" : error);
  }

  /** A run that was cut short did not do what it was asked to. */
  private static boolean isError(StopReason reason) {
    return switch (reason) {
      case COMPLETED, REFUSAL, HOOK -> false;
      case MAX_TURNS, BUDGET -> true;
    };
  }

  Body of(RunInitialized event) {
    var machinery = memory.of(event.runId());
    return new StreamItem.Init(
        event.model(),
        event.tools(),
        event.mcpServers(),
        event.permissionMode(),
        event.cliVersion(),
        machinery == null ? null : machinery.upstream(),
        machinery == null ? null : machinery.sandbox());
  }

  private Body status(SessionEvent event) {
    return new StreamItem.Status(fields.of(event));
  }

  private static String wire(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
