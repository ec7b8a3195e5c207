package io.agentledger.gateway.subscription;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryTestView;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.IssuedSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.ChangeSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.CreateSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.DeleteSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.PauseSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.RedeliverEvent;
import io.agentledger.api.subscription.SubscriptionCommand.ResumeSubscription;
import io.agentledger.api.subscription.SubscriptionCommand.RotateSigningSecret;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.api.subscription.SubscriptionQuery.FindDelivery;
import io.agentledger.api.subscription.SubscriptionQuery.FindSubscription;
import io.agentledger.api.subscription.SubscriptionQuery.ListDeliveries;
import io.agentledger.api.subscription.SubscriptionQuery.ListFilter;
import io.agentledger.api.subscription.SubscriptionQuery.ListSubscriptions;
import io.agentledger.api.subscription.SubscriptionTester;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on subscriptions, shared by REST and RSocket. */
@Component
class SubscriptionService {
  private final MessageGateway messageGateway;
  private final ObjectProvider<SubscriptionTester> tester;
  private final Clock clock;

  SubscriptionService(
      MessageGateway messageGateway, ObjectProvider<SubscriptionTester> tester, Clock clock) {
    this.messageGateway = messageGateway;
    this.tester = tester;
    this.clock = clock;
  }

  Mono<SubscriptionView> create(
      RequestContext context, SubscriptionRequest request, @Nullable Idempotency idempotency) {
    var command =
        new CreateSubscription(
            SubscriptionId.next(),
            ExecutionPrincipal.of(context.caller()),
            request.name(),
            request.toDefinition(),
            request.signingSecretOrNew(),
            idempotency);
    return messageGateway
        .<IssuedSubscription>send(context, command)
        .flatMap(issued -> findWithSecret(context, issued));
  }

  private Mono<SubscriptionView> findWithSecret(RequestContext context, IssuedSubscription issued) {
    return find(context, issued.subscriptionId())
        .map(view -> view.withSigningSecret(issued.signingSecret()));
  }

  Mono<Page<SubscriptionView>> list(RequestContext context, ListFilter filter, PageRequest page) {
    return messageGateway.queryPage(context, new ListSubscriptions(context.tenant(), filter, page));
  }

  Mono<SubscriptionView> find(RequestContext context, SubscriptionId id) {
    return messageGateway.query(
        context, new FindSubscription(context.tenant(), id), SubscriptionView.class);
  }

  Mono<SubscriptionView> change(
      RequestContext context, SubscriptionId id, SubscriptionRequest request, long version) {
    request.requireNoSecret();
    var command =
        new ChangeSubscription(
            id,
            ExecutionPrincipal.of(context.caller()),
            request.name(),
            request.toDefinition(),
            version);
    return messageGateway.send(context, command).then(Mono.defer(() -> find(context, id)));
  }

  Mono<SubscriptionView> rotate(
      RequestContext context,
      SubscriptionId id,
      RotateSecretRequest request,
      @Nullable Idempotency idempotency) {
    var command =
        new RotateSigningSecret(
            id, request.signingSecretOrNew(), clock.instant().plus(request.overlap()), idempotency);
    return messageGateway
        .<IssuedSubscription>send(context, command)
        .flatMap(issued -> findWithSecret(context, issued));
  }

  Mono<SubscriptionView> pause(
      RequestContext context, SubscriptionId id, @Nullable Idempotency idempotency) {
    return messageGateway
        .send(context, new PauseSubscription(id, idempotency))
        .then(Mono.defer(() -> find(context, id)));
  }

  Mono<SubscriptionView> resume(
      RequestContext context, SubscriptionId id, @Nullable Idempotency idempotency) {
    return messageGateway
        .send(context, new ResumeSubscription(id, idempotency))
        .then(Mono.defer(() -> find(context, id)));
  }

  Mono<Void> delete(RequestContext context, SubscriptionId id) {
    return messageGateway.send(context, new DeleteSubscription(id)).then();
  }

  /** Sends a sample event for callers who may change the subscription. */
  Mono<DeliveryTestView> test(RequestContext context, SubscriptionId id) {
    MessageAuthorizer.checkScopes(RedeliverEvent.class, context.metadata());
    return find(context, id)
        .filter(
            subscription ->
                subscription.ownerId().equals(context.caller().user())
                    || context.caller().has(Scope.SESSIONS_WRITE_ALL))
        .switchIfEmpty(Mono.error(() -> new RejectionException(NotFound.of(id))))
        .flatMap(
            subscription ->
                messageGateway.offload(
                    () -> Mono.just(tester.getObject().test(context.tenant(), subscription.id()))));
  }

  Mono<Page<DeliveryView>> listDeliveries(
      RequestContext context, SubscriptionId id, DeliveryFilter filter, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListDeliveries(context.tenant(), id, filter, page));
  }

  Mono<DeliveryView> findDelivery(
      RequestContext context, SubscriptionId id, DeliveryId deliveryId) {
    return messageGateway.query(
        context, new FindDelivery(context.tenant(), id, deliveryId), DeliveryView.class);
  }

  Mono<DeliveryView> redeliver(
      RequestContext context,
      SubscriptionId id,
      DeliveryId deliveryId,
      @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(RedeliverEvent.class, context.metadata());
    return findDelivery(context, id, deliveryId)
        .flatMap(
            delivery ->
                messageGateway
                    .send(context, new RedeliverEvent(id, deliveryId, idempotency))
                    .thenReturn(delivery));
  }
}
