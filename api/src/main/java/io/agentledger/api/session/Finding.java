package io.agentledger.api.session;

import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.shared.Json;

/** What the runner found out beside the runs, in plain text: the command handler seals it. */
public sealed interface Finding {
  /** Becomes {@link AsideEvent.AsideAnswered}. */
  record Answer(AsideId asideId, String answer) implements Finding {}

  /** Becomes {@link LifecycleEvent.SessionRenamed} and {@link AsideEvent.AsideAnswered}. */
  record Title(AsideId asideId, String title) implements Finding {}

  /** Becomes {@link AsideEvent.ContextMeasured} and {@link AsideEvent.AsideAnswered}. */
  record Measure(AsideId asideId, String model, long tokens, long tokensMax, Json breakdown)
      implements Finding {}

  /** Becomes {@link AsideEvent.AsideFailed}. */
  record Nothing(AsideId asideId, Silence silence, String reason) implements Finding {}

  /** Becomes {@link AsideEvent.CapabilitiesKnown}, unless that is known. */
  record Capabilities(ProcessId processId, String digest, Json capabilities) implements Finding {}
}
