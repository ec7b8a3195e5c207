package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.CallNotRunning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tool calls without an outcome. After a call is lost, because its process or its run has ended,
 * later reports about it are not recorded.
 */
final class OpenCalls {
  /** Far more than the CLI has at once; beyond it, the oldest are dropped. */
  private static final int CALLS_MAX = 1024;

  /** Number of lost calls that are remembered. */
  private static final int LOST_MAX = 256;

  private List<OpenCall> open = new ArrayList<>();
  private List<ToolCallId> lost = new ArrayList<>();

  /**
   * @param outcomeIfLost unknown if the call was allowed, expired if it is not decided
   */
  record OpenCall(
      ToolCallId id, RunId run, ThreadId thread, ProcessId process, CallStatus outcomeIfLost) {
    OpenCall withOutcomeIfLost(CallStatus outcome) {
      return new OpenCall(id, run, thread, process, outcome);
    }

    boolean isAllowed() {
      return outcomeIfLost == CallStatus.UNKNOWN;
    }
  }

  /**
   * Returns the ids of the requested running calls; rejects if none of them is running.
   *
   * @param call requested call; null for all
   * @param runs runs in progress
   */
  List<ToolCallId> requireRunning(@Nullable ToolCallId call, OpenRuns runs) {
    var calls =
        open.stream()
            .filter(running -> running.isAllowed() && isInProgress(running, runs))
            .map(OpenCall::id)
            .filter(id -> call == null || id.equals(call))
            .toList();
    if (calls.isEmpty())
      throw new RejectionException(new CallNotRunning(call == null ? "" : call.value()));
    return calls;
  }

  private static boolean isInProgress(OpenCall call, OpenRuns runs) {
    return runs.open(call.run()).filter(run -> run.isAt(call.process())).isPresent();
  }

  /** Returns whether the call is lost: its outcome is recorded without a report of its process. */
  boolean isLost(ToolCallId call) {
    return lost.contains(call);
  }

  List<OpenCall> find(Predicate<OpenCall> filter) {
    return open.stream().filter(filter).toList();
  }

  void markAllowed(ToolCallId allowed) {
    setOutcomeIfLost(allowed, CallStatus.UNKNOWN);
  }

  void markDenied(ToolCallId denied) {
    setOutcomeIfLost(denied, CallStatus.DENIED);
  }

  private void setOutcomeIfLost(ToolCallId decided, CallStatus outcome) {
    open.replaceAll(call -> call.id().equals(decided) ? call.withOutcomeIfLost(outcome) : call);
  }

  void on(OutputEvent event) {
    switch (event) {
      case ToolCalled called -> {
        open.removeIf(call -> call.id().equals(called.toolCallId()));
        open.add(
            new OpenCall(
                called.toolCallId(),
                called.runId(),
                called.threadId(),
                called.sourcePosition().processId(),
                outcomeIfLost(called.verdict())));
        if (open.size() > CALLS_MAX) open.removeFirst();
      }
      case ToolReturned returned -> {
        open.removeIf(call -> call.id().equals(returned.toolCallId()));
        if (returned.output() instanceof Content.Absent) addLost(returned.toolCallId());
      }
      default -> {}
    }
  }

  private static CallStatus outcomeIfLost(Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> CallStatus.UNKNOWN;
      case ASKED -> CallStatus.EXPIRED;
      case DENIED, REFUSED -> CallStatus.DENIED;
    };
  }

  /** The output of a lost call is absent; every output of a process has content. */
  private void addLost(ToolCallId call) {
    lost.add(call);
    if (lost.size() > LOST_MAX) lost.removeFirst();
  }
}
