package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the report settings of the tenant. */
@RestController
@RequestMapping(path = "/api/v1/report-settings", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "reports")
class ReportSettingsController {
  private final ReportSettingsService settings;

  ReportSettingsController(ReportSettingsService settings) {
    this.settings = settings;
  }

  @GetMapping
  @Operation(
      operationId = "getReportSettings",
      summary = "Get the branding of the tenant's reports and how long they are kept")
  Mono<ResponseEntity<ReportSettingsView>> find(RequestContext context) {
    return settings.find(context).map(ETags::okWithTag);
  }

  @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeReportSettings",
      summary = "Set the branding of the tenant's reports and how long they are kept")
  Mono<ResponseEntity<ReportSettingsView>> change(
      @Valid @RequestBody ChangeReportSettingsRequest request,
      IfMatch ifMatch,
      IdempotencyKey key,
      RequestContext context) {
    return settings
        .change(context, request, ifMatch.version(), key.with(request))
        .map(ETags::okWithTag);
  }

  /** The response has the ETag of the defaults, on which the next change is based. */
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "resetReportSettings",
      summary = "Restore the default branding, and keep reports until they are deleted")
  Mono<ResponseEntity<Void>> reset(RequestContext context) {
    return settings.reset(context).map(ETags::noContentWithTag);
  }
}
