package io.agentledger.gateway.ops;

import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.api.ops.SystemHealthView.Status;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoint for the health of the service, without details and without authentication. All
 * requests of a second share one check.
 */
@RestController
@Tag(name = "operations")
class HealthController {
  private static final Duration SHARED = Duration.ofSeconds(1);

  private final MessageGateway messageGateway;
  private final Mono<SystemHealthView> health;

  HealthController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
    this.health =
        Mono.defer(() -> messageGateway.queryAsSystem(new CheckHealth(), SystemHealthView.class))
            .cache(SHARED);
  }

  @GetMapping(path = "/api/v1/health", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "getHealth",
      summary = "Get the status of the service and of its components",
      description = "Requires no credential. /api/v1/admin/health has the details.")
  @SecurityRequirements
  @ApiResponse(
      responseCode = "200",
      description = "The service works; a component may need attention",
      content = @Content(schema = @Schema(implementation = HealthResponse.class)))
  @ApiResponse(
      responseCode = "503",
      description = "A component is down",
      content = @Content(schema = @Schema(implementation = HealthResponse.class)))
  Mono<ResponseEntity<HealthResponse>> getHealth() {
    return messageGateway.onEventLoop(health).map(HealthController::toResponse);
  }

  @GetMapping(path = "/api/health", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getHealthByAlias", summary = "Alias of GET /api/v1/health")
  @SecurityRequirements
  @ApiResponse(
      responseCode = "200",
      description = "The service works; a component may need attention",
      content = @Content(schema = @Schema(implementation = HealthResponse.class)))
  @ApiResponse(
      responseCode = "503",
      description = "A component is down",
      content = @Content(schema = @Schema(implementation = HealthResponse.class)))
  Mono<ResponseEntity<HealthResponse>> getHealthByAlias() {
    return getHealth();
  }

  private static ResponseEntity<HealthResponse> toResponse(SystemHealthView view) {
    var status = view.status() == Status.DOWN ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK;
    return ResponseEntity.status(status).body(HealthResponse.from(view));
  }
}
