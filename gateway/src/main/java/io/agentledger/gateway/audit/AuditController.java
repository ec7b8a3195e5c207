package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditCommand.ExportAudit;
import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditId;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for the access audit of the caller's tenant. An export is itself an entry of the
 * audit.
 */
@RestController
@RequestMapping(AuditController.PATH)
@Tag(name = "audit")
class AuditController {
  static final String PATH = "/api/v1/audit";

  private final MessageGateway messageGateway;
  private final WireJson json;
  private final Clock clock;

  AuditController(MessageGateway messageGateway, WireJson json, Clock clock) {
    this.messageGateway = messageGateway;
    this.json = json;
    this.clock = clock;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listAudit", summary = "List audit entries, newest first")
  Mono<Page<AuditView>> list(AuditParams params, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(
        context, new ListAudit(context.tenant(), params.toFilter(), page));
  }

  /**
   * Streams the export page by page with backpressure, because it may be larger than the memory.
   */
  @GetMapping("/export")
  @Operation(
      operationId = "exportAudit",
      summary = "Download audit entries as a file; the download itself is recorded first",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Audit entries, newest first",
              content = {
                @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
              }))
  Mono<Void> export(
      @RequestParam ExportFormat format,
      AuditParams params,
      RequestContext context,
      ServerHttpResponse response) {
    var auditExportFormatter = new AuditExportFormatter(json, format);
    var now = clock.instant();
    var filter = endNoLaterThan(params.toFilter(), now);
    var exportCommand =
        new ExportAudit(
            AuditId.of(context.tenant(), now.atOffset(ZoneOffset.UTC).toLocalDate()),
            format,
            params.toString());
    return messageGateway
        .send(context, exportCommand)
        .then(findPage(context, filter, null))
        .flatMap(
            firstPage -> {
              writeHeaders(response, auditExportFormatter);
              var texts =
                  Flux.just(firstPage)
                      .expand(page -> nextPage(context, filter, page))
                      .concatMapIterable(page -> auditExportFormatter.format(page.items()), 1)
                      .startWith(auditExportFormatter.header())
                      .filter(text -> !text.isEmpty());
              return response.writeWith(texts.map(text -> toBuffer(response, text)));
            });
  }

  /** Excludes entries that are added during the export, because it would never end otherwise. */
  private static AuditFilter endNoLaterThan(AuditFilter filter, Instant now) {
    var to = filter.to();
    return new AuditFilter(
        filter.actor(),
        filter.action(),
        filter.resourceId(),
        filter.outcome(),
        filter.requestId(),
        filter.from(),
        to == null || to.isAfter(now) ? now : to,
        filter.resourceType(),
        filter.hasChanges());
  }

  private Mono<Page<AuditView>> nextPage(
      RequestContext context, AuditFilter filter, Page<AuditView> page) {
    var cursor = page.nextCursor();
    return cursor == null ? Mono.empty() : findPage(context, filter, cursor);
  }

  private Mono<Page<AuditView>> findPage(
      RequestContext context, AuditFilter filter, @Nullable String cursor) {
    return messageGateway.queryPage(
        context,
        new ListAudit(context.tenant(), filter, new PageRequest(PageRequest.LIMIT_MAX, cursor)));
  }

  private static void writeHeaders(
      ServerHttpResponse response, AuditExportFormatter auditExportFormatter) {
    var headers = response.getHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, auditExportFormatter.mediaType());
    headers.set(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"" + auditExportFormatter.fileName() + '"');
    headers.setCacheControl("no-store");
  }

  private static DataBuffer toBuffer(ServerHttpResponse response, String text) {
    return response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
