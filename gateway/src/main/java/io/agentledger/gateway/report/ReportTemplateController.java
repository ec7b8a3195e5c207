package io.agentledger.gateway.report;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.report.ReportQuery.FindReportTemplate;
import io.agentledger.api.report.ReportQuery.ListReportTemplateVersions;
import io.agentledger.api.report.ReportQuery.ListReportTemplates;
import io.agentledger.api.report.ReportTemplateCommand.ArchiveReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.ChangeReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.CreateReportTemplate;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplatePreviewer;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
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
import org.springframework.beans.factory.ObjectProvider;
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

  private final MessageGateway messageGateway;
  private final ObjectProvider<ReportTemplatePreviewer> previewer;

  ReportTemplateController(
      MessageGateway messageGateway, ObjectProvider<ReportTemplatePreviewer> previewer) {
    this.messageGateway = messageGateway;
    this.previewer = previewer;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createReportTemplate", summary = "Create a template of reports")
  Mono<ResponseEntity<ReportTemplateView>> create(
      @Valid @RequestBody ReportTemplateRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var command =
        new CreateReportTemplate(
            ReportTemplateId.next(), request.name(), request.toDefinition(), idempotency);
    return preview(context, request)
        .then(messageGateway.<ReportTemplateId>send(context, command))
        .flatMap(id -> find(context, id))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  /** Renders the template for callers who may change templates. */
  private Mono<String> preview(RequestContext context, ReportTemplateRequest request) {
    MessageAuthorizer.checkScopes(CreateReportTemplate.class, context.metadata());
    return messageGateway.offload(() -> Mono.just(request.preview(previewer.getIfAvailable())));
  }

  private Mono<ReportTemplateView> find(RequestContext context, ReportTemplateId id) {
    return messageGateway.query(
        context, new FindReportTemplate(context.tenant(), id), ReportTemplateView.class);
  }

  @GetMapping
  @Operation(operationId = "listReportTemplates", summary = "List templates of reports")
  Mono<Page<ReportTemplateView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListReportTemplates(context.tenant(), includeArchived, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getReportTemplate", summary = "Get a template of reports")
  Mono<ResponseEntity<ReportTemplateView>> find(
      @PathVariable ReportTemplateId id, RequestContext context) {
    return find(context, id).map(ETags::okWithTag);
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
    var command =
        new ChangeReportTemplate(id, request.name(), request.toDefinition(), ifMatch.version());
    return preview(context, request)
        .then(messageGateway.send(context, command))
        .then(Mono.defer(() -> find(context, id)))
        .map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveReportTemplate",
      summary = "Archive a template; its versions stay recorded")
  Mono<Void> archive(@PathVariable ReportTemplateId id, RequestContext context) {
    return messageGateway.send(context, new ArchiveReportTemplate(id)).then();
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listReportTemplateVersions",
      summary = "List the versions of a template and their authors")
  Mono<Page<ReportTemplateVersionView>> listVersions(
      @PathVariable ReportTemplateId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(
        context, new ListReportTemplateVersions(context.tenant(), id, page));
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
    return preview(context, request)
        .map(
            page ->
                ResponseEntity.ok()
                    .contentType(ReportController.HTML)
                    .header("Content-Security-Policy", ReportController.CONTENT_SECURITY_POLICY)
                    .body(page));
  }
}
