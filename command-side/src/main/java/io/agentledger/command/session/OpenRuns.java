package io.agentledger.command.session;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs that are not over: at most one that a query caused, and one that a background task of
 * the agent's caused by itself. Remembers the last that ended, so that a repeated end is silence.
 */
final class OpenRuns {
  private static final int REMEMBERED_MAX = 16;

  private @Nullable Run ofQuery;
  private @Nullable Run ofBackground;
  private List<RunId> ended = new ArrayList<>();

  Optional<Run> ofQuery() {
    return Optional.ofNullable(ofQuery);
  }

  Optional<Run> ofBackground() {
    return Optional.ofNullable(ofBackground);
  }

  List<Run> open() {
    return Stream.of(ofQuery(), ofBackground()).flatMap(Optional::stream).toList();
  }

  Optional<Run> open(RunId id) {
    return open().stream().filter(run -> run.id().equals(id)).findFirst();
  }

  boolean hasEnded(RunId id) {
    return ended.contains(id);
  }

  /** Whether there ever was one. */
  boolean hasAny() {
    return !ended.isEmpty() || !open().isEmpty();
  }

  /** Whether there ever was one that a process took up. */
  boolean hasAnyStarted() {
    return !ended.isEmpty() || open().stream().anyMatch(Run::hasStarted);
  }

  void issued(RunId id, QueryId query) {
    ofQuery = new Run(id, new Cause.Query(query));
  }

  void on(RunEvent event) {
    switch (event) {
      case RunStarted started -> started(started);
      case RunResumed resumed -> open(resumed.runId()).ifPresent(Run::resumed);
      case RunPaused paused -> open(paused.runId()).ifPresent(run -> run.paused(paused.tally()));
      case RunFailed failed when failed.retrying() ->
          open(failed.runId()).ifPresent(run -> run.on(failed));
      case RunFailed failed -> markEnded(failed.runId());
      case RunCompleted completed -> markEnded(completed.runId());
      case RunInterrupted interrupted -> markEnded(interrupted.runId());
    }
  }

  private void started(RunStarted event) {
    if (open(event.runId()).isEmpty()) ofBackground = new Run(event.runId(), event.cause());
    open(event.runId()).ifPresent(run -> run.on(event));
  }

  private void markEnded(RunId id) {
    if (ofQuery != null && ofQuery.id().equals(id)) ofQuery = null;
    if (ofBackground != null && ofBackground.id().equals(id)) ofBackground = null;
    ended.add(id);
    if (ended.size() > REMEMBERED_MAX) ended.removeFirst();
  }
}
