package io.agentledger.scripted;

import io.agentledger.api.audit.DenialRecorder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Whom the doors refused, one by one. */
public final class CountedRefusals implements DenialRecorder {
  public final Queue<Denial> all = new ConcurrentLinkedQueue<>();

  @Override
  public void count(Denial denial) {
    all.add(denial);
  }
}
