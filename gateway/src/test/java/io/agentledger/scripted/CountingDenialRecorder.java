package io.agentledger.scripted;

import io.agentledger.api.audit.DenialRecorder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Collects denied requests. */
public final class CountingDenialRecorder implements DenialRecorder {
  public final Queue<Denial> denials = new ConcurrentLinkedQueue<>();

  @Override
  public void count(Denial denial) {
    denials.add(denial);
  }
}
