package io.agentledger.query.subscription;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.FindSubscription;
import io.agentledger.api.subscription.SubscriptionQuery.ListSubscriptions;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.projection.subscription.SubscriptionRow;
import io.agentledger.projection.subscription.SubscriptionRowRepository;
import io.agentledger.projection.subscription.SubscriptionRowRepository.SubscriptionViewer;
import io.agentledger.query.subscription.DeliveryReader.Health;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import java.util.List;
import java.util.Map;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about subscriptions. */
record SubscriptionQueryHandler(
    SubscriptionRowRepository subscriptions,
    DeliveryReader deliveries,
    ReadModelAccess readModelAccess,
    CursorCodec cursorCodec) {
  static final String GROUP = "subscription";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListSubscriptions query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var filter = query.filter();
    boolean seesAll = caller.has(Scope.SESSIONS_READ_ALL) && !filter.mine();
    var viewer = new SubscriptionViewer(caller.tenant().value(), caller.user().value(), seesAll);
    var status = filter.status() == null ? "" : filter.status().name();
    String[] cursorScope = {"subscriptions", viewer.toString(), status};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var page =
        cursorCodec.page(
            subscriptions.page(viewer, status, after.at(), after.id(), limit),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope);
    var health = findHealth(page.items());
    return page.map(row -> view(row, health.getOrDefault(row.id(), Health.GOOD)));
  }

  private Map<String, Health> findHealth(List<SubscriptionRow> rows) {
    var ids = rows.stream().map(SubscriptionRow::id).toList();
    return deliveries.findHealth(ids);
  }

  @QueryHandler
  SubscriptionView find(FindSubscription query, Caller caller) {
    var row = find(query.subscriptionId(), caller);
    return view(row, findHealth(List.of(row)).getOrDefault(row.id(), Health.GOOD));
  }

  private SubscriptionRow find(SubscriptionId id, Caller caller) {
    var viewer =
        new SubscriptionViewer(
            caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
    return readModelAccess
        .read(GROUP, id, subscriptions::eventCountOf, () -> subscriptions.find(viewer, id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  /** Rejects a subscription that the caller may not see. */
  void require(SubscriptionId id, Caller caller) {
    find(id, caller);
  }

  private static SubscriptionView view(SubscriptionRow row, Health health) {
    var definition = row.definition();
    return new SubscriptionView(
        new SubscriptionId(row.id()),
        new UserId(row.owner()),
        row.name(),
        definition.eventTypes(),
        definition.filter(),
        definition.url(),
        definition.headers(),
        definition.secrets(),
        definition.timeout().toSeconds(),
        null,
        row.previousSecretValidUntil(),
        row.status(),
        row.disableReason(),
        health.failingSince(),
        health.droppedEvents(),
        health.lastDroppedAt(),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
