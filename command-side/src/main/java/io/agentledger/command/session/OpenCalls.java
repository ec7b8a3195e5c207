package io.agentledger.command.session;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.CallNotRunning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tool calls have not come back. With the attempt that made them they are over. */
final class RunningCalls {
  /** Far more than the CLI makes at once; of more the oldest are forgotten. */
  private static final int CALLS_MAX = 64;

  private List<RunningCall> running = new ArrayList<>();

  record RunningCall(ToolCallId id, RunId run) {}

  /** Those that are wished for, all of them by null; refused where none of them is running. */
  List<ToolCallId> requireRunning(@Nullable ToolCallId call) {
    var calls =
        running.stream()
            .map(RunningCall::id)
            .filter(id -> call == null || id.equals(call))
            .toList();
    if (calls.isEmpty())
      throw new RejectionException(new CallNotRunning(call == null ? "" : call.value()));
    return calls;
  }

  void on(OutputEvent event) {
    switch (event) {
      case ToolCalled called -> {
        if (called.verdict() == Verdict.DENIED || called.verdict() == Verdict.REFUSED) return;
        running.add(new RunningCall(called.toolCallId(), called.runId()));
        if (running.size() > CALLS_MAX) running.removeFirst();
      }
      case ToolReturned returned ->
          running.removeIf(call -> call.id().equals(returned.toolCallId()));
      default -> {}
    }
  }

  /** Whatever is said of a run beside what it does: it begins anew, or ends. */
  void on(RunEvent event) {
    running.removeIf(call -> call.run().equals(event.runId()));
  }
}
