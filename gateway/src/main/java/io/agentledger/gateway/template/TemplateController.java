package io.agentledger.gateway.template;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateStatisticsView;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
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

/** REST endpoints for templates and their versions. */
@RestController
@RequestMapping(path = TemplateController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "templates")
class TemplateController {
  static final String PATH = "/api/v1/templates";

  private final TemplateService templateService;

  TemplateController(TemplateService templateService) {
    this.templateService = templateService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createTemplate", summary = "Create a template of a session")
  Mono<ResponseEntity<TemplateView>> create(
      @Valid @RequestBody TemplateRequest request, IdempotencyKey key, RequestContext context) {
    return templateService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(
      operationId = "listTemplates",
      summary = "List your own and shared templates, newest or most used first")
  Mono<Page<TemplateView>> list(
      @RequestParam(required = false) @Nullable Order order,
      @RequestParam(required = false) @Nullable String category,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return templateService.list(context, order, category, includeArchived, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getTemplate", summary = "Get a template")
  Mono<ResponseEntity<TemplateView>> find(@PathVariable TemplateId id, RequestContext context) {
    return templateService.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeTemplate",
      summary = "Create the next version of a template; open sessions keep theirs")
  Mono<ResponseEntity<TemplateView>> change(
      @PathVariable TemplateId id,
      @Valid @RequestBody TemplateRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return templateService.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archiveTemplate",
      summary = "Archive a template; its versions stay recorded")
  Mono<Void> archive(@PathVariable TemplateId id, RequestContext context) {
    return templateService.archive(context, id);
  }

  @PostMapping("/{id}/restore")
  @Operation(operationId = "restoreTemplate", summary = "Restore an archived template")
  Mono<ResponseEntity<TemplateView>> restore(
      @PathVariable TemplateId id, IdempotencyKey key, RequestContext context) {
    return templateService.restore(context, id, key.withoutBody()).map(ETags::okWithTag);
  }

  @GetMapping("/{id}/statistics")
  @Operation(
      operationId = "getTemplateStatistics",
      summary = "Get numbers and costs of your sessions of a template")
  Mono<TemplateStatisticsView> findStatistics(
      @PathVariable TemplateId id,
      @RequestParam(required = false) @Nullable String from,
      RequestContext context) {
    return templateService.findStatistics(context, id, QueryParameters.parseInstant("from", from));
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listTemplateVersions",
      summary = "List the versions of a template and their authors")
  Mono<Page<TemplateVersionView>> listVersions(
      @PathVariable TemplateId id, PageRequest page, RequestContext context) {
    return templateService.listVersions(context, id, page);
  }
}
