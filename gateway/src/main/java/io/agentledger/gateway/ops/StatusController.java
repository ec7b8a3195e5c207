package io.agentledger.gateway.ops;

import io.agentledger.api.ops.NodeInfo;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoint for the status of the service. */
@RestController
@Tag(name = "operations")
class StatusController {
  private final ServiceProperties serviceProperties;
  private final NodeInfo node;
  private final Instant startedAt;

  StatusController(ServiceProperties serviceProperties, NodeInfo node, Clock clock) {
    this.serviceProperties = serviceProperties;
    this.node = node;
    this.startedAt = clock.instant();
  }

  @GetMapping(path = "/api/v1/status", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getStatus",
      summary = "Get version, model API and sandbox of the service")
  StatusView getStatus() {
    return StatusView.from(serviceProperties, node, startedAt);
  }

  @GetMapping(path = "/api/status", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getStatusByAlias", summary = "Alias of GET /api/v1/status")
  StatusView getStatusByAlias() {
    return getStatus();
  }
}
