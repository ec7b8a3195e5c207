package io.agentledger.api.ops;

import io.agentledger.api.ops.SystemHealthView.ComponentHealth;

/**
 * Health check of one component. It uses local information: it calls no model and starts no
 * process. It may block; callers wait for it for a limited time.
 */
public interface HealthCheck {
  /** Returns the constant name of the component, one word. */
  String name();

  /** Checks the component; an exception means that it is down. */
  ComponentHealth check() throws Exception;
}
