package io.agentledger.query.trigger;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.InboundDeliveryView;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.FindInboundDelivery;
import io.agentledger.api.trigger.TriggerQuery.FindTrigger;
import io.agentledger.api.trigger.TriggerQuery.ListInboundDeliveries;
import io.agentledger.api.trigger.TriggerQuery.ListTriggerVersions;
import io.agentledger.api.trigger.TriggerQuery.ListTriggers;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerVersionView;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.trigger.InboundDeliveryRow;
import io.agentledger.projection.trigger.InboundDeliveryRowRepository;
import io.agentledger.projection.trigger.InboundDeliveryRowRepository.DeliveryFilter;
import io.agentledger.projection.trigger.TriggerRow;
import io.agentledger.projection.trigger.TriggerRowRepository;
import io.agentledger.projection.trigger.TriggerRowRepository.TriggerRowFilter;
import io.agentledger.projection.trigger.TriggerRowRepository.TriggerViewer;
import io.agentledger.projection.trigger.TriggerVersionRow;
import io.agentledger.projection.trigger.TriggerVersionRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about triggers and the webhooks that they received. */
record TriggerQueryHandler(
    TriggerRowRepository triggers,
    TriggerVersionRowRepository versions,
    InboundDeliveryRowRepository deliveries,
    ConfigurationReader configurationReader,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  private static final String GROUP = "trigger";
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Definition that cannot be decrypted any more. */
  private static final TriggerDefinition UNAVAILABLE =
      new TriggerDefinition(
          ContentReader.UNAVAILABLE_TEXT,
          null,
          TriggerDefinition.PREFIX_DEFAULT,
          List.of(),
          null,
          null,
          Map.of(),
          List.of(),
          null,
          null,
          null);

  private static TriggerViewer viewer(Caller caller) {
    return new TriggerViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListTriggers query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var viewer = viewer(caller);
    var filter = toRowFilter(query.filter());
    String[] cursorScope = {"triggers", viewer.tenant(), viewer.user(), filter.toString()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = triggers.page(viewer, filter, after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(this::view);
  }

  private static TriggerRowFilter toRowFilter(TriggerFilter filter) {
    var paused = filter.paused();
    return new TriggerRowFilter(
        Objects.requireNonNullElse(filter.provider(), ""),
        filter.taskId() == null ? "" : filter.taskId().value(),
        !Boolean.FALSE.equals(paused),
        !Boolean.TRUE.equals(paused),
        Objects.requireNonNullElse(filter.text(), "").toLowerCase(Locale.ROOT),
        filter.includeArchived());
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTriggerVersions query, Caller caller) {
    var id = query.triggerId();
    find(id, caller);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  @QueryHandler
  TriggerView find(FindTrigger query, Caller caller) {
    return view(find(query.triggerId(), caller));
  }

  private TriggerRow find(TriggerId id, Caller caller) {
    return readModelAccess
        .read(GROUP, id, triggers::eventCountOf, () -> triggers.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListInboundDeliveries query, Caller caller) {
    find(query.triggerId(), caller);
    var statuses =
        query.statuses().isEmpty() ? EnumSet.allOf(DeliveryStatus.class) : query.statuses();
    var eventType = Objects.requireNonNullElse(query.eventType(), "");
    var since = Objects.requireNonNullElse(query.since(), Instant.EPOCH);
    var filter =
        new DeliveryFilter(
            query.tenant().value(), query.triggerId().value(), OrderedCopy.of(statuses), eventType);
    String[] cursorScope = {
      "inbound_deliveries", filter.trigger(), EnumSet.copyOf(statuses) + "", eventType, since + ""
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = deliveries.page(filter, since, after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.receivedAt(), row.deliveryId()),
            cursorScope)
        .map(row -> view(row, null));
  }

  /** The payload is shown to the owner and admins. */
  @QueryHandler
  InboundDeliveryView find(FindInboundDelivery query, Caller caller) {
    var trigger = query.triggerId();
    boolean isOwn = find(trigger, caller).owner().equals(caller.user().value());
    boolean mayRead = isOwn || caller.has(Scope.SESSIONS_WRITE_ALL);
    var row =
        deliveries
            .find(query.tenant().value(), trigger.value(), query.deliveryId().value())
            .orElseThrow(() -> new RejectionException(NotFound.of(query.deliveryId())));
    var payload =
        deliveries
            .payloadOf(row.deliveryId())
            .map(json -> JSON.readValue(json, SealedContent.class))
            .map(content -> contentReader.text(trigger, content))
            .orElse(null);
    return view(row, mayRead ? payload : null);
  }

  private static InboundDeliveryView view(InboundDeliveryRow row, @Nullable String payload) {
    return new InboundDeliveryView(
        new InboundDeliveryId(row.deliveryId()),
        new TriggerId(row.triggerId()),
        row.providerDeliveryId(),
        row.eventType(),
        row.status(),
        row.attempt(),
        row.outcome(),
        row.sourceAddress(),
        row.payloadBytes(),
        payload,
        row.receivedAt(),
        row.processedAt());
  }

  private TriggerDefinition definition(TriggerId id, @Nullable SealedContent sealed) {
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, TriggerDefinition.class))
        .orElse(UNAVAILABLE);
  }

  private TriggerVersionView view(TriggerId id, TriggerVersionRow row) {
    var properties = row.properties();
    var definition = definition(id, row.definition());
    return new TriggerVersionView(
        row.version(),
        row.name(),
        definition.description(),
        properties.provider(),
        properties.providerDefault(),
        properties.signature(),
        properties.taskId(),
        definition.condition(),
        definition.prefix(),
        definition.commands(),
        definition.prompt(),
        definition.concurrencyKey(),
        properties.concurrency(),
        definition.variables(),
        definition.ownIdentities(),
        definition.priority(),
        definition.flow(),
        row.paused(),
        row.archived(),
        row.actor(),
        row.at());
  }

  private TriggerView view(TriggerRow row) {
    var id = new TriggerId(row.id());
    var properties = row.properties();
    var definition = definition(id, row.definition());
    return new TriggerView(
        id,
        new UserId(row.owner()),
        row.name(),
        definition.description(),
        properties.provider(),
        "/webhooks/" + properties.provider() + "/" + id,
        properties.providerDefault(),
        properties.signature(),
        properties.taskId(),
        definition.condition(),
        definition.prefix(),
        definition.commands(),
        definition.prompt(),
        definition.concurrencyKey(),
        properties.concurrency(),
        definition.variables(),
        definition.ownIdentities(),
        definition.priority(),
        definition.flow(),
        row.paused(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }
}
