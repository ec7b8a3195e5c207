package io.agentledger.gateway.permission;

import io.agentledger.api.permission.DryRunView;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.DryRunPolicy;
import io.agentledger.api.permission.PolicyQuery.FindPolicy;
import io.agentledger.api.permission.PolicyQuery.ListPolicies;
import io.agentledger.api.permission.PolicyQuery.ListPolicyVersions;
import io.agentledger.api.permission.PolicyVersionView;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
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

/** REST endpoints for policies and their versions. */
@RestController
@RequestMapping(path = PolicyController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "policies")
class PolicyController {
  static final String PATH = "/api/v1/policies";

  private final MessageGateway messageGateway;
  private final ToolNameValidator toolNameValidator;

  PolicyController(MessageGateway messageGateway, ToolNameValidator toolNameValidator) {
    this.messageGateway = messageGateway;
    this.toolNameValidator = toolNameValidator;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createPolicy",
      summary = "Create a policy, which applies from the next tool call on",
      description =
          "A rule that names a tool, a server or a group that does not exist is a 400 with the most"
              + " similar name.")
  Mono<ResponseEntity<PolicyView>> create(
      @Valid @RequestBody CreatePolicyRequest request, IdempotencyKey key, RequestContext context) {
    var command =
        new CreatePolicy(
            PolicyId.next(),
            request.toScope(),
            request.name(),
            request.toDefinition(),
            key.with(request));
    return toolNameValidator
        .check(context, PolicyRuleRequest.toolReferences(request.rules()))
        .then(messageGateway.<PolicyId>send(context, command))
        .flatMap(id -> findPolicy(id, context))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listPolicies", summary = "List policies, newest first")
  Mono<Page<PolicyView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListPolicies(context.tenant(), includeArchived, page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getPolicy", summary = "Get a policy")
  Mono<ResponseEntity<PolicyView>> find(@PathVariable PolicyId id, RequestContext context) {
    return findPolicy(id, context).map(ETags::okWithTag);
  }

  private Mono<PolicyView> findPolicy(PolicyId id, RequestContext context) {
    return messageGateway.query(context, new FindPolicy(context.tenant(), id), PolicyView.class);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changePolicy", summary = "Replace the rules of a policy")
  Mono<ResponseEntity<PolicyView>> change(
      @PathVariable PolicyId id,
      @Valid @RequestBody UpdatePolicyRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    var command = new ChangePolicy(id, request.name(), request.toDefinition(), ifMatch.version());
    return toolNameValidator
        .check(context, PolicyRuleRequest.toolReferences(request.rules()))
        .then(messageGateway.send(context, command))
        .then(find(id, context));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "archivePolicy",
      summary = "Archive a policy permanently; its versions stay recorded")
  Mono<Void> archive(@PathVariable PolicyId id, RequestContext context) {
    return messageGateway.sendAndAwait(
        context, new ArchivePolicy(id), new FindPolicy(context.tenant(), id));
  }

  @PostMapping(path = "/dry-run", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "dryRunPolicy",
      summary = "Evaluate rules against recorded tool calls, newest first")
  Mono<DryRunView> dryRun(@Valid @RequestBody DryRunPolicyRequest request, RequestContext context) {
    var page = Pagination.toPageRequest(request.limit(), request.cursor());
    return toolNameValidator
        .check(context, PolicyRuleRequest.toolReferences(request.rules()))
        .then(
            messageGateway.query(
                context,
                new DryRunPolicy(context.tenant(), request.toRules(), request.sessionId(), page),
                DryRunView.class));
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listPolicyVersions",
      summary = "List the versions of a policy and their authors")
  Mono<Page<PolicyVersionView>> listVersions(
      @PathVariable PolicyId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListPolicyVersions(context.tenant(), id, page));
  }
}
