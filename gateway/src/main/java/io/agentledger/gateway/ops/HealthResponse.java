package io.agentledger.gateway.ops;

import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.api.ops.SystemHealthView.Status;
import java.time.Instant;
import java.util.List;

/**
 * Health of the service and of the components that it depends on.
 *
 * @param status worst status of all components
 */
record HealthResponse(Status status, Instant checkedAt, List<Component> components) {
  /** Status of one component. */
  record Component(String name, Status status) {}

  static HealthResponse from(SystemHealthView view) {
    return new HealthResponse(
        view.status(),
        view.checkedAt(),
        view.components().stream()
            .map(component -> new Component(component.name(), component.status()))
            .toList());
  }
}
