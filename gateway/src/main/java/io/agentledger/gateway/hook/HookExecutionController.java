package io.agentledger.gateway.hook;

import io.agentledger.api.hook.HookExecutionView;
import io.agentledger.api.hook.HookQuery.ListHookExecutions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the hook executions of a session. */
@RestController
@RequestMapping(path = "/api/v1/sessions/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "hooks")
class HookExecutionController {
  private final MessageGateway messageGateway;

  HookExecutionController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping("/hook-executions")
  @Operation(operationId = "listHookExecutions", summary = "List hook executions, oldest first")
  Mono<Page<HookExecutionView>> list(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListHookExecutions(context.tenant(), id, page));
  }
}
