package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for report templates and their versions. */
@RestController
@RequestMapping(path = ReportTemplateController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "reports")
class ReportTemplateController {
  static final String PATH = "/api/v1/report-templates";

  private final ReportTemplateService templates;

  ReportTemplateController(ReportTemplateService templates) {
    this.templates = templates;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createReportTemplate", summary = "Create a template of reports")
  Mono<ResponseEntity<ReportTemplateView>> create(
      @Valid @RequestBody ReportTemplateRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return templates
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listReportTemplates", summary = "List templates of reports")
  Mono<Page<ReportTemplateView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return templates.list(context, includeArchived, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getReportTemplate", summary = "Get a template of reports")
  Mono<ResponseEntity<ReportTemplateView>> find(
      @PathVariable ReportTemplateId id, RequestContext context) {
    return templates.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeReportTemplate",
      summary = "Create the next version of a template; requested reports keep theirs")
  Mono<ResponseEntity<ReportTemplateView>> change(
      @PathVariable ReportTemplateId id,
      @Valid @RequestBody ReportTemplateRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return templates.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveReportTemplate",
      summary = "Archive a template; its versions stay recorded")
  Mono<Void> archive(@PathVariable ReportTemplateId id, RequestContext context) {
    return templates.archive(context, id);
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listReportTemplateVersions",
      summary = "List the versions of a template and their authors")
  Mono<Page<ReportTemplateVersionView>> listVersions(
      @PathVariable ReportTemplateId id, PageRequest page, RequestContext context) {
    return templates.listVersions(context, id, page);
  }

  @PostMapping(
      path = "/preview",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.TEXT_HTML_VALUE)
  @Operation(
      operationId = "previewReportTemplate",
      summary = "Show a template with sample facts, as HTML")
  @ApiResponse(
      responseCode = "200",
      description = "A page without scripts",
      content =
          @Content(mediaType = "text/html", schema = @Schema(type = "string", format = "binary")))
  Mono<ResponseEntity<String>> preview(
      @Valid @RequestBody ReportTemplateRequest request, RequestContext context) {
    return templates
        .preview(context, request)
        .map(
            page ->
                ResponseEntity.ok()
                    .contentType(ReportController.HTML)
                    .header("Content-Security-Policy", Download.CONTENT_SECURITY_POLICY)
                    .body(page));
  }
}
