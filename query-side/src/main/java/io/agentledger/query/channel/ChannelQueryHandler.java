package io.agentledger.query.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChannelQuery.FindChannel;
import io.agentledger.api.channel.ChannelQuery.ListChannelVersions;
import io.agentledger.api.channel.ChannelQuery.ListChannels;
import io.agentledger.api.channel.ChannelVersionView;
import io.agentledger.api.channel.ChannelView;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.channel.ChannelRow;
import io.agentledger.projection.channel.ChannelRowRepository;
import io.agentledger.projection.channel.ChannelRowRepository.ChannelRowFilter;
import io.agentledger.projection.channel.ChannelRowRepository.ChannelViewer;
import io.agentledger.projection.channel.ChannelVersionRow;
import io.agentledger.projection.channel.ChannelVersionRowRepository;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about channels. */
record ChannelQueryHandler(
    ChannelRowRepository channels,
    ChannelVersionRowRepository versions,
    ConfigurationReader configurationReader,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  static final String GROUP = "channel";
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Definition that cannot be decrypted any more. */
  private static final ChannelDefinition UNAVAILABLE =
      new ChannelDefinition(
          ContentReader.UNAVAILABLE_TEXT, Map.of(), null, null, AgentBuffer.DEFAULT, false);

  static ChannelViewer viewer(Caller caller) {
    boolean isAgent = caller.actor().type() == ActorType.AGENT;
    return new ChannelViewer(
        caller.tenant().value(),
        caller.user().value(),
        !isAgent && caller.has(Scope.SESSIONS_READ_ALL),
        isAgent ? caller.actor().id() : "");
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListChannels query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var viewer = viewer(caller);
    var filter = toRowFilter(query.filter());
    String[] cursorScope = {"channels", viewer.toString(), filter.toString()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = channels.page(viewer, filter, after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(this::view);
  }

  private static ChannelRowFilter toRowFilter(ChannelFilter filter) {
    var paused = filter.paused();
    return new ChannelRowFilter(
        Objects.requireNonNullElse(filter.platform(), ""),
        !Boolean.FALSE.equals(paused),
        !Boolean.TRUE.equals(paused),
        Objects.requireNonNullElse(filter.text(), "").toLowerCase(Locale.ROOT),
        filter.includeArchived());
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListChannelVersions query, Caller caller) {
    var id = query.channelId();
    find(id, caller);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  @QueryHandler
  ChannelView find(FindChannel query, Caller caller) {
    return view(find(query.channelId(), caller));
  }

  private ChannelRow find(ChannelId id, Caller caller) {
    return readModelAccess
        .read(GROUP, id, channels::eventCountOf, () -> channels.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private ChannelDefinition definition(ChannelId id, @Nullable SealedContent sealed) {
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, ChannelDefinition.class))
        .orElse(UNAVAILABLE);
  }

  private static <T> @Nullable T first(List<T> list) {
    return list.isEmpty() ? null : list.getFirst();
  }

  private ChannelVersionView view(ChannelId id, ChannelVersionRow row) {
    var properties = row.properties();
    var definition = definition(id, row.definition());
    return new ChannelVersionView(
        row.version(),
        row.name(),
        definition.description(),
        definition.settings(),
        properties.credentials(),
        definition.apiUrl(),
        properties.members(),
        ChannelQueryHandler.<UserId>first(properties.assignee()),
        definition.agent(),
        ChannelQueryHandler.<AgentId>first(properties.agentId()),
        definition.buffer(),
        definition.agentActive(),
        row.paused(),
        row.archived(),
        row.actor(),
        row.at());
  }

  private ChannelView view(ChannelRow row) {
    var id = new ChannelId(row.id());
    var properties = row.properties();
    var definition = definition(id, row.definition());
    return new ChannelView(
        id,
        new UserId(row.owner()),
        "/webhooks/" + properties.platform() + "/" + id,
        row.version(),
        row.name(),
        definition.description(),
        properties.platform(),
        definition.settings(),
        properties.credentials(),
        definition.apiUrl(),
        properties.members(),
        ChannelQueryHandler.<UserId>first(properties.assignee()),
        definition.agent(),
        ChannelQueryHandler.<AgentId>first(properties.agentId()),
        definition.buffer(),
        definition.agentActive(),
        row.paused(),
        row.archivedAt() != null,
        row.createdAt(),
        row.updatedAt());
  }
}
