package io.agentledger.command.claude.record;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.OutputEvent;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryEvent.QueryIssued;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.RunEvent.RunStarted;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;

/** The runs of a session that have not ended, in the order in which they were wished. */
final class RunsOnRecord {
  private final Map<RunId, RunOnRecord> open = new LinkedHashMap<>();

  void issued(QueryIssued event, Provenance by) {
    var cause = new Cause.Query(event.queryId());
    open.put(event.runId(), new RunOnRecord(event.runId(), cause, event.options(), by));
  }

  /** A run in the background begins with its start. */
  void started(RunStarted event, DomainEventMessage<?> message, BeginningOnRecord beginning) {
    open.computeIfAbsent(
            event.runId(),
            id ->
                new RunOnRecord(
                    id, event.cause(), beginning.options(), Provenance.of(message.getMetaData())))
        .started(event, message.getTimestamp(), beginning.given());
  }

  void goOnIn(PermissionMode mode) {
    open.values().forEach(run -> run.goesOnIn(mode));
  }

  void on(OutputEvent event) {
    switch (event) {
      case OutputEvent.RunInitialized begun ->
          find(begun.runId()).ifPresent(RunOnRecord::wasInitialized);
      case OutputEvent.ToolCalled called ->
          find(called.runId())
              .ifPresent(
                  run ->
                      run.calls()
                          .put(
                              called.toolCallId(),
                              new RunOnRecord.Call(
                                  called.name(),
                                  called.verdict(),
                                  called.rule(),
                                  called.inputDigest(),
                                  called.input(),
                                  false)));
      case OutputEvent.ToolReturned back ->
          open.values()
              .forEach(
                  run ->
                      run.calls().computeIfPresent(back.toolCallId(), (id, call) -> call.back()));
      default -> {}
    }
  }

  /** The run, as it was; empty if it was not known. */
  Optional<RunOnRecord> ended(RunId id) {
    return Optional.ofNullable(open.remove(id));
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  Optional<RunOnRecord> find(RunId id) {
    return Optional.ofNullable(open.get(id));
  }

  List<RunOnRecord> underWayAt(ProcessId process) {
    return open.values().stream()
        .filter(RunOnRecord::isUnderWay)
        .filter(run -> run.machinery().filter(m -> m.processId().equals(process)).isPresent())
        .toList();
  }

  Optional<RunOnRecord.Call> call(ToolCallId id) {
    return open.values().stream()
        .flatMap(run -> Optional.ofNullable(run.calls().get(id)).stream())
        .findFirst();
  }

  boolean isUnderWay() {
    return open.values().stream().anyMatch(run -> run.isUnderWay() || run.attempt() == 0);
  }
}
