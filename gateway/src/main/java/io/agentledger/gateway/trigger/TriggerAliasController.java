package io.agentledger.gateway.trigger;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoint for triggers at the path of the origin document, which calls them webhooks. */
@RestController
@RequestMapping(path = "/api/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "triggers")
class TriggerAliasController {
  private final TriggerService triggerService;

  TriggerAliasController(TriggerService triggerService) {
    this.triggerService = triggerService;
  }

  @GetMapping
  @Operation(operationId = "listTriggersByAlias", summary = "Alias of GET /api/v1/triggers")
  Mono<Page<TriggerView>> list(
      @RequestParam(required = false) @Nullable String provider,
      @RequestParam(name = "task_id", required = false) @Nullable TaskId taskId,
      @RequestParam(required = false) @Nullable Boolean paused,
      @RequestParam(required = false) @Nullable String text,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    var filter = new TriggerFilter(provider, taskId, paused, text, includeArchived);
    return triggerService.list(context, filter, page);
  }
}
