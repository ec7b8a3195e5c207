package io.agentledger.query.subscription;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionQuery.FindDelivery;
import io.agentledger.api.subscription.SubscriptionQuery.ListDeliveries;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.SessionVisibility;
import java.util.HashMap;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Answers queries about deliveries. Those about a session that the caller may not see are left out:
 * some wait to be sent, and are dropped then.
 */
record DeliveryQueryHandler(
    SubscriptionQueryHandler subscriptions,
    DeliveryReader deliveries,
    SessionVisibility sessionVisibility,
    CursorCodec cursorCodec) {

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListDeliveries query, Caller caller) {
    var id = query.subscriptionId();
    subscriptions.require(id, caller);
    String[] cursorScope = {
      "deliveries", caller.tenant().value(), id.value(), query.filter().toString()
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    int limit = query.page().limit() + 1;
    Page<DeliveryView> page =
        cursorCodec.page(
            deliveries.list(id, query.filter(), after, limit),
            query.page(),
            delivery -> new NewestFirstPosition(delivery.createdAt(), delivery.id().value()),
            cursorScope);
    var visible = new HashMap<String, Boolean>();
    List<DeliveryView> items =
        page.items().stream()
            .filter(
                delivery ->
                    visible.computeIfAbsent(
                        delivery.resourceId(), resource -> isVisible(delivery, caller)))
            .toList();
    return new Page<>(items, page.nextCursor());
  }

  @QueryHandler
  DeliveryView find(FindDelivery query, Caller caller) {
    var id = query.subscriptionId();
    subscriptions.require(id, caller);
    return deliveries
        .find(id, query.deliveryId())
        .filter(delivery -> isVisible(delivery, caller))
        .orElseThrow(() -> new RejectionException(NotFound.of(query.deliveryId())));
  }

  private boolean isVisible(DeliveryView delivery, Caller caller) {
    var session = delivery.sessionId();
    return session == null || sessionVisibility.isVisible(caller, session);
  }
}
