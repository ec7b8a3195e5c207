package io.agentledger.gateway.permission;

import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.ToolGroupCommand.ArchiveToolGroup;
import io.agentledger.api.permission.ToolGroupCommand.ChangeToolGroup;
import io.agentledger.api.permission.ToolGroupCommand.CreateToolGroup;
import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.permission.ToolGroupQuery.FindToolGroup;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroups;
import io.agentledger.api.permission.ToolGroupView;
import io.agentledger.api.permission.ToolNames;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.validation.ToolReference;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for tool groups. */
@RestController
@RequestMapping(path = ToolGroupController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "policies")
class ToolGroupController {
  static final String PATH = "/api/v1/tool-groups";
  static final String TOOL = "must be a tool name, with * as a wildcard";

  private final MessageGateway messageGateway;
  private final ToolNameValidator toolNameValidator;

  ToolGroupController(MessageGateway messageGateway, ToolNameValidator toolNameValidator) {
    this.messageGateway = messageGateway;
    this.toolNameValidator = toolNameValidator;
  }

  static final String TOOLS = "[A-Za-z0-9_*.:-]{1," + PolicyCommand.PATTERN_LENGTH_MAX + "}";

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createToolGroup",
      summary = "Create a tool group",
      description = "A name of no tool is a 400 with the most similar one.")
  Mono<ResponseEntity<ToolGroupView>> create(
      @Valid @RequestBody CreateToolGroupRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var command =
        new CreateToolGroup(ToolGroupId.next(), request.name(), request.tools(), key.with(request));
    if (RunOptions.DEFAULT_RULE.equals(ToolNames.GROUP + request.name())
        || ToolNames.BUILT_IN_GROUPS.contains(request.name()))
      throw InvalidRequestException.body("/name", "must not be the name of a built-in group");
    return checkTools(context, request.tools())
        .then(messageGateway.<ToolGroupId>send(context, command))
        .flatMap(id -> findToolGroup(id, context))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listToolGroups", summary = "List tool groups by name")
  Mono<Page<ToolGroupView>> list(PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListToolGroups(context.tenant(), page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getToolGroup", summary = "Get a tool group")
  Mono<ResponseEntity<ToolGroupView>> find(@PathVariable ToolGroupId id, RequestContext context) {
    return findToolGroup(id, context).map(ETags::okWithTag);
  }

  private Mono<ToolGroupView> findToolGroup(ToolGroupId id, RequestContext context) {
    return messageGateway.query(
        context, new FindToolGroup(context.tenant(), id), ToolGroupView.class);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeToolGroup", summary = "Replace the tools of a tool group")
  Mono<ResponseEntity<ToolGroupView>> change(
      @PathVariable ToolGroupId id,
      @Valid @RequestBody UpdateToolGroupRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    var command = new ChangeToolGroup(id, request.tools(), ifMatch.version());
    return checkTools(context, request.tools())
        .then(messageGateway.send(context, command))
        .then(find(id, context));
  }

  private Mono<Void> checkTools(RequestContext context, List<String> tools) {
    return toolNameValidator.check(
        context, ToolReference.listOf("/tools", tools, ToolReference.Form.MEMBER).toList());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "archiveToolGroup", summary = "Archive a tool group that no policy uses")
  Mono<Void> archive(@PathVariable ToolGroupId id, RequestContext context) {
    return messageGateway.sendAndAwait(
        context, new ArchiveToolGroup(id), new FindToolGroup(context.tenant(), id));
  }
}
