package io.agentledger.query.agent;

import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentQuery.FindAgentVersion;
import io.agentledger.api.agent.AgentQuery.ListAgentVersions;
import io.agentledger.api.agent.AgentQuery.ListAgents;
import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.agent.AgentRow;
import io.agentledger.projection.agent.AgentRowRepository;
import io.agentledger.projection.agent.AgentRowRepository.AgentViewer;
import io.agentledger.projection.agent.AgentVersionRow;
import io.agentledger.projection.agent.AgentVersionRowRepository;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about agents and their versions. */
record AgentQueryHandler(
    AgentRowRepository agents,
    AgentVersionRowRepository versions,
    ConfigurationReader configurationReader,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Definition that cannot be decrypted any more. */
  private static final AgentDefinition UNAVAILABLE =
      new AgentDefinition(ContentReader.UNAVAILABLE_TEXT, new Json("{}"), null);

  private static AgentViewer viewer(Caller caller) {
    return new AgentViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListAgents query, Caller caller) {
    readModelAccess.await("agent", query.page());
    var agentViewer = viewer(caller);
    String[] cursorScope = {
      "agents",
      agentViewer.tenant(),
      agentViewer.user(),
      Boolean.toString(query.includeArchived()),
      query.name() == null ? "" : query.name()
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows =
        agents.page(
            agentViewer, query.includeArchived(), query.name(), after.at(), after.id(), limit);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(this::view);
  }

  @QueryHandler
  AgentView find(FindAgent query, Caller caller) {
    return view(find(query.agentId(), caller));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListAgentVersions query, Caller caller) {
    var id = query.agentId();
    find(id, caller);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  @QueryHandler
  AgentVersionView find(FindAgentVersion query, Caller caller) {
    var id = query.agentId();
    find(id, caller);
    return versions
        .find(id.value(), query.version())
        .map(row -> view(id, row))
        .orElseThrow(
            () ->
                new RejectionException(
                    new NotFound("agent_version", query.version() + " of " + id)));
  }

  private AgentRow find(AgentId id, Caller caller) {
    return readModelAccess
        .read("agent", id, agents::eventCountOf, () -> agents.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private AgentDefinition definition(AgentId id, @Nullable SealedContent sealed) {
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, AgentDefinition.class))
        .orElse(UNAVAILABLE);
  }

  private AgentView view(AgentRow row) {
    var id = new AgentId(row.id());
    var definition = definition(id, row.definition());
    return new AgentView(
        id,
        new UserId(row.owner()),
        row.sharing(),
        row.sharedWith(),
        row.name(),
        definition.description(),
        definition.session(),
        definition.instructions(),
        definition.skills(),
        definition.writableFolders(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private AgentVersionView view(AgentId id, AgentVersionRow row) {
    var definition = definition(id, row.definition());
    return new AgentVersionView(
        row.version(),
        row.sharing(),
        row.sharedWith(),
        row.name(),
        definition.description(),
        definition.session(),
        definition.instructions(),
        definition.skills(),
        definition.writableFolders(),
        row.archived(),
        row.actor(),
        row.at());
  }
}
