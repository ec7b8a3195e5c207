package io.agentledger.command.claude.run;

import io.agentledger.api.session.command.Output;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Buffer of output of one process that is not recorded yet. Confined to one thread. */
final class OutputBuffer {
  private final RunCoordinator coordinator;
  private final RunCommandSender runCommandSender;
  private final PermissionRequestHandler permissionRequestHandler;
  private final List<Output.Entry> outputs = new ArrayList<>();
  private final List<PermissionRequest> calls = new ArrayList<>();

  OutputBuffer(
      RunCoordinator coordinator,
      RunCommandSender runCommandSender,
      PermissionRequestHandler permissionRequestHandler) {
    this.coordinator = coordinator;
    this.runCommandSender = runCommandSender;
    this.permissionRequestHandler = permissionRequestHandler;
  }

  boolean isRunning() {
    return coordinator.currentAttemptState().isPresent();
  }

  /** For what a line says that ends there. */
  OutputMapper.OutputCollector collectorAt(long endOffset) {
    return new OutputMapper.OutputCollector(endOffset, outputs);
  }

  /** For what no line says. */
  OutputMapper.OutputCollector collectorForRunner() {
    return OutputMapper.OutputCollector.forRunner(outputs);
  }

  void add(List<Output.Entry> entries) {
    outputs.addAll(entries);
  }

  /** The call gets its answer as soon as what is said of it is on the record. */
  void answerAfterFlush(PermissionRequest call) {
    calls.add(call);
  }

  /** What is recorded is seen by all at once; only then is it acted on, and last comes its cost. */
  void flush() throws IOException {
    boolean recorded = !outputs.isEmpty() && coordinator.currentRunId().isPresent();
    if (recorded) {
      runCommandSender.record(coordinator.currentRunId().get(), outputs);
      coordinator.refreshState();
    }
    outputs.clear();
    List<PermissionRequest> answered = List.copyOf(calls);
    calls.clear();
    for (PermissionRequest call : answered) {
      permissionRequestHandler.answerIfDecided(call);
    }
    if (recorded) {
      runCommandSender.recordUsage();
    }
  }

  /** Likewise, for callbacks. */
  void flushUnchecked() {
    try {
      flush();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
