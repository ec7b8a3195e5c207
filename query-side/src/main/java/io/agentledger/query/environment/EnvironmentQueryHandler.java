package io.agentledger.query.environment;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentQuery.FindEnvironment;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentVersionView;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.environment.EnvironmentView.LimitsView;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.environment.EnvironmentRow;
import io.agentledger.projection.environment.EnvironmentRowRepository;
import io.agentledger.projection.environment.EnvironmentVersionRow;
import io.agentledger.projection.environment.EnvironmentVersionRowRepository;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.event.JsonMappers;
import java.util.Map;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about environments and their versions. */
record EnvironmentQueryHandler(
    EnvironmentRowRepository environments,
    EnvironmentVersionRowRepository versions,
    ConfigurationReader configurationReader,
    ContentReader contentReader) {
  private static final String GROUP = "environment";

  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Notes that cannot be decrypted any more. */
  private static final EnvironmentNotes UNAVAILABLE =
      new EnvironmentNotes(ContentReader.UNAVAILABLE_TEXT, Map.of());

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListEnvironments query) {
    var page = configurationReader.list(GROUP, "environments", query, environments);
    var defaultId = environments.findDefault(query.tenant().value());
    return page.map(row -> view(row, defaultId));
  }

  @QueryHandler
  EnvironmentView find(FindEnvironment query) {
    var row = configurationReader.find(GROUP, query.tenant(), query.environmentId(), environments);
    return view(row, environments.findDefault(query.tenant().value()));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListEnvironmentVersions query) {
    var id = query.environmentId();
    configurationReader.find(GROUP, query.tenant(), id, environments);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  private EnvironmentNotes notes(EnvironmentId id, @Nullable SealedContent sealed) {
    if (sealed == null) return EnvironmentNotes.NONE;
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, EnvironmentNotes.class))
        .orElse(UNAVAILABLE);
  }

  private EnvironmentView view(EnvironmentRow row, Optional<String> defaultId) {
    var id = new EnvironmentId(row.id());
    var notes = notes(id, row.notes());
    var definition = row.definition();
    return new EnvironmentView(
        id,
        row.name(),
        notes.description(),
        notes.metadata(),
        EnvironmentSnapshot.EnvironmentType.LOCAL,
        defaultId.filter(row.id()::equals).isPresent(),
        definition.network(),
        LimitsView.from(definition.limits()),
        definition.variables(),
        definition.mounts(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private EnvironmentVersionView view(EnvironmentId id, EnvironmentVersionRow row) {
    var notes = notes(id, row.notes());
    var definition = row.definition();
    return new EnvironmentVersionView(
        row.event(),
        row.version(),
        row.name(),
        notes.description(),
        notes.metadata(),
        definition.network(),
        LimitsView.from(definition.limits()),
        definition.variables(),
        definition.mounts(),
        row.archived(),
        row.actor(),
        row.at());
  }
}
