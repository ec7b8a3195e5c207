package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowQuery.FindSourceIdentity;
import io.agentledger.api.flow.FlowQuery.ListSourceIdentities;
import io.agentledger.api.flow.SourceIdentityCommand.MapSourceIdentity;
import io.agentledger.api.flow.SourceIdentityCommand.RemoveSourceIdentity;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceIdentityView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on identities at providers, shared by REST and RSocket. */
@Component
class SourceIdentityService {
  private final MessageGateway messageGateway;

  SourceIdentityService(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  /** Maps an account to a user; the same mapping may be repeated. */
  Mono<SourceIdentityView> map(
      RequestContext context, MapSourceIdentityRequest request, @Nullable Idempotency idempotency) {
    request.requireAccountId();
    var id = SourceIdentityId.of(context.tenant(), request.provider(), request.accountId());
    return messageGateway
        .<SourceIdentityId>send(
            context,
            new MapSourceIdentity(
                id, request.provider(), request.accountId(), request.userId(), idempotency))
        .flatMap(mapped -> find(context, mapped));
  }

  Mono<Page<SourceIdentityView>> list(RequestContext context, PageRequest page) {
    return messageGateway.queryPage(context, new ListSourceIdentities(context.tenant(), page));
  }

  Mono<SourceIdentityView> find(RequestContext context, SourceIdentityId id) {
    return messageGateway.query(
        context, new FindSourceIdentity(context.tenant(), id), SourceIdentityView.class);
  }

  Mono<Void> remove(RequestContext context, SourceIdentityId id) {
    return messageGateway.send(context, new RemoveSourceIdentity(id)).then();
  }
}
