package io.agentledger.scripted;

import io.agentledger.api.audit.Denials;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Whom the doors refused, one by one. */
public final class CountedRefusals implements Denials {
  public final Queue<Denial> all = new ConcurrentLinkedQueue<>();

  @Override
  public void count(Denial denial) {
    all.add(denial);
  }
}
