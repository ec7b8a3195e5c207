package io.agentledger.gateway.quota;

import io.agentledger.api.quota.QuotaCommand.ChangeTenantLimits;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.QuotaQuery.FindTenantQuota;
import io.agentledger.api.quota.QuotaQuery.FindUsage;
import io.agentledger.api.quota.TenantQuotaView;
import io.agentledger.api.quota.UsageView;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the limits of the tenant and the caller, and for their usage. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "quotas")
class QuotaController {
  private static final String PATH = "/quota";

  private final MessageGateway messageGateway;

  QuotaController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping(PATH)
  @Operation(
      operationId = "getQuota",
      summary = "Get the limits of the tenant and the default limits of its users")
  Mono<ResponseEntity<TenantQuotaView>> find(RequestContext context) {
    return find(context, 0);
  }

  private Mono<ResponseEntity<TenantQuotaView>> find(RequestContext context, long version) {
    return messageGateway
        .query(context, new FindTenantQuota(context.tenant(), version), TenantQuotaView.class)
        .map(ETags::okWithTag);
  }

  @PutMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeQuota", summary = "Set the limits of the tenant")
  Mono<ResponseEntity<TenantQuotaView>> change(
      @Valid @RequestBody UpdateTenantLimitsRequest request,
      IfMatch ifMatch,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var command =
        new ChangeTenantLimits(
            QuotaId.of(context.tenant()), request.toLimits(), ifMatch.version(), idempotency);
    return messageGateway.<Long>send(context, command).flatMap(version -> find(context, version));
  }

  @GetMapping(PATH + "/me")
  @Operation(operationId = "getMyQuota", summary = "Get the limits of the current user")
  Mono<UserQuotaView> getMyQuota(RequestContext context) {
    return messageGateway.query(context, new FindMyQuota(context.tenant()), UserQuotaView.class);
  }

  @GetMapping("/usage")
  @Operation(operationId = "getUsage", summary = "Get current usage and the spending of this month")
  Mono<UsageView> getUsage(RequestContext context) {
    return messageGateway.query(context, new FindUsage(context.tenant()), UsageView.class);
  }
}
