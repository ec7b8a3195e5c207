package io.agentledger.command.subscription;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.FindReport;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.CloudEvent;
import io.agentledger.api.subscription.CloudEventEncoder;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.FindSubscription;
import io.agentledger.api.subscription.SubscriptionView;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskQuery.FindExecution;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of deliveries. Their data is read by queries of the subscription's owner when
 * they are sent, so that they contain exactly what the owner may see.
 */
final class CloudEventFactory {
  private final QueryGateway queries;
  private final Supplier<CloudEventEncoder> encoder;

  /**
   * @param encoder only nodes with the API have one
   */
  CloudEventFactory(QueryGateway queries, Supplier<CloudEventEncoder> encoder) {
    this.queries = queries;
    this.encoder = encoder;
  }

  /**
   * Part of a request that depends on what the event is about.
   *
   * @param url of the data
   */
  private record Data(String source, @Nullable String subject, Object value, String url) {}

  /** Returns the body of a request; empty if the owner may not see the event. */
  Optional<byte[]> create(Delivery delivery, Caller owner) {
    try {
      var data = read(delivery, owner);
      var event =
          new CloudEvent(
              CloudEvent.SPEC_VERSION,
              delivery.eventId(),
              data.source(),
              delivery.type().wireName(),
              data.subject(),
              delivery.occurredAt(),
              CloudEvent.DATA_MEDIA_TYPE,
              null,
              data.value());
      return Optional.of(encode(event, data.url()));
    } catch (RejectionException e) {
      return switch (e.rejection()) {
        case NotFound _, Forbidden _, InsufficientScope _ -> Optional.empty();
        default -> throw e;
      };
    }
  }

  /**
   * Returns an event as JSON, without data that is too large.
   *
   * @param url of the data
   */
  byte[] encode(CloudEvent event, String url) {
    byte[] body = encoder.get().encode(event);
    return body.length <= CloudEvent.BYTES_MAX
        ? body
        : encoder.get().encode(event.withReference(url));
  }

  private Data read(Delivery delivery, Caller owner) {
    var id = delivery.resourceId();
    var tenant = owner.tenant();
    return switch (id.substring(0, id.indexOf('_'))) {
      case SessionId.PREFIX -> readItem(delivery, owner);
      case ExecutionId.PREFIX -> {
        var query = new FindExecution(tenant, new ExecutionId(id));
        yield resource("executions", id, find(query, ExecutionView.class, owner));
      }
      case ReportId.PREFIX -> {
        var query = new FindReport(tenant, new ReportId(id));
        yield resource("reports", id, find(query, ReportView.class, owner));
      }
      case SubscriptionId.PREFIX -> {
        var query = new FindSubscription(tenant, new SubscriptionId(id));
        yield resource("subscriptions", id, find(query, SubscriptionView.class, owner));
      }
      default -> throw new IllegalStateException("no query for " + id);
    };
  }

  private static Data resource(String list, String id, Object view) {
    var source = "/api/v1/" + list + "/" + id;
    return new Data(source, null, view, source);
  }

  private Data readItem(Delivery delivery, Caller owner) {
    var session = new SessionId(delivery.resourceId());
    long after = delivery.sequence() - 1;
    var query = new ListSessionEvents(owner.tenant(), session, after, 1);
    List<StreamItem> items =
        await(
            queries.query(
                new GenericMessage<>(query, owner.asMetadata(Ids.random("req"))),
                ResponseTypes.multipleInstancesOf(StreamItem.class)));
    var item = items.getFirst();
    var source = "/api/v1/sessions/" + session;
    var run = item.runId();
    return new Data(
        source,
        run == null ? null : run.value(),
        item,
        source + "/events?format=json&limit=1&after=" + after);
  }

  private <R> R find(Object query, Class<R> type, Caller owner) {
    return await(
        queries.query(
            new GenericMessage<>(query, owner.asMetadata(Ids.random("req"))),
            ResponseTypes.instanceOf(type)));
  }

  private static <R> R await(CompletableFuture<R> response) {
    try {
      return response.get();
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node stops; the delivery is repeated");
    } catch (ExecutionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause())
        if (cause instanceof RejectionException rejection) throw rejection;
      throw new IllegalStateException("the event of a delivery cannot be read", e);
    }
  }
}
