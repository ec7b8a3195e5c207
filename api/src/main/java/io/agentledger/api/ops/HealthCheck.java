package io.agentledger.api.ops;

import io.agentledger.api.ops.SystemHealthView.ComponentHealth;

/**
 * A part of the service that can say how it is. It looks at what is at hand: it asks no model and
 * starts no process. It may block, and whoever asks waits for it only for a while.
 */
public interface HealthCheck {
  /** One word, the same at every look. */
  String name();

  /** What it throws shows it as broken. */
  ComponentHealth check() throws Exception;
}
