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
 * Open runs: at most one that a query caused, and one that a background task caused. Remembers the
 * last ended runs, so that a repeated end is ignored.
 */
final class OpenRuns {
  private static final int REMEMBERED_MAX = 16;

  private @Nullable Run queryRun;
  private @Nullable Run backgroundRun;
  private List<RunId> ended = new ArrayList<>();

  Optional<Run> queryRun() {
    return Optional.ofNullable(queryRun);
  }

  Optional<Run> backgroundRun() {
    return Optional.ofNullable(backgroundRun);
  }

  List<Run> open() {
    return Stream.of(queryRun(), backgroundRun()).flatMap(Optional::stream).toList();
  }

  Optional<Run> open(RunId id) {
    return open().stream().filter(run -> run.id().equals(id)).findFirst();
  }

  boolean hasEnded(RunId id) {
    return ended.contains(id);
  }

  /** Returns an open run, or else the last one that ended. */
  Optional<RunId> latest() {
    return open().stream().map(Run::id).findFirst().or(() -> ended.reversed().stream().findFirst());
  }

  /** Returns whether the session has ever had a run. */
  boolean hasEverHadRun() {
    return !ended.isEmpty() || !open().isEmpty();
  }

  /** Returns whether a process has ever started a run. */
  boolean hasEverStarted() {
    return !ended.isEmpty() || open().stream().anyMatch(Run::hasStarted);
  }

  void onIssued(RunId id, QueryId query) {
    queryRun = new Run(id, new Cause.Query(query));
  }

  void on(RunEvent event) {
    switch (event) {
      case RunStarted started -> onStarted(started);
      case RunResumed resumed -> open(resumed.runId()).ifPresent(Run::onResumed);
      case RunPaused paused -> open(paused.runId()).ifPresent(run -> run.onPaused(paused.totals()));
      case RunFailed failed when failed.retrying() ->
          open(failed.runId()).ifPresent(run -> run.on(failed));
      case RunFailed failed -> markEnded(failed.runId());
      case RunCompleted completed -> markEnded(completed.runId());
      case RunInterrupted interrupted -> markEnded(interrupted.runId());
    }
  }

  private void onStarted(RunStarted event) {
    if (open(event.runId()).isEmpty()) backgroundRun = new Run(event.runId(), event.cause());
    open(event.runId()).ifPresent(run -> run.on(event));
  }

  private void markEnded(RunId id) {
    if (queryRun != null && queryRun.id().equals(id)) queryRun = null;
    if (backgroundRun != null && backgroundRun.id().equals(id)) backgroundRun = null;
    ended.add(id);
    if (ended.size() > REMEMBERED_MAX) ended.removeFirst();
  }
}
