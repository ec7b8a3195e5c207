package io.agentledger.api.session.command;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.shared.Json;

/**
 * Report of a process that does not belong to a run, in plain text: the command handler seals it.
 */
public sealed interface ProcessReport {
  /** Becomes {@link SideRequestEvent.SideRequestAnswered}. */
  record Answer(SideRequestId sideRequestId, String answer) implements ProcessReport {}

  /**
   * Becomes {@link LifecycleEvent.SessionRenamed} and {@link SideRequestEvent.SideRequestAnswered}.
   */
  record Title(SideRequestId sideRequestId, String title) implements ProcessReport {}

  /**
   * Becomes {@link SideRequestEvent.ContextMeasured} and {@link
   * SideRequestEvent.SideRequestAnswered}.
   */
  record ContextUsage(
      SideRequestId sideRequestId, String model, long tokens, long tokensMax, Json breakdown)
      implements ProcessReport {}

  /** Becomes {@link SideRequestEvent.SideRequestFailed}. */
  record Failure(SideRequestId sideRequestId, FailureReason failureReason, String failureDetail)
      implements ProcessReport {}

  /**
   * Becomes {@link SideRequestEvent.CapabilitiesReported}, unless the capabilities have not
   * changed.
   */
  record Capabilities(ProcessId processId, String digest, Json capabilities)
      implements ProcessReport {}
}
