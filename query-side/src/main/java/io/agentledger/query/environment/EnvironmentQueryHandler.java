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
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.environment.EnvironmentRow;
import io.agentledger.projection.environment.EnvironmentRowRepository;
import io.agentledger.projection.environment.EnvironmentVersionRow;
import io.agentledger.projection.environment.EnvironmentVersionRowRepository;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.Map;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what is asked about environments, from the read models. Blocks its caller on the
 * database, and a few seconds on the projection, so that nobody is shown less than they were told
 * before.
 */
class EnvironmentQueryHandler {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** What cannot be opened any more says nothing. */
  private static final EnvironmentNotes UNAVAILABLE =
      new EnvironmentNotes(ContentReader.UNAVAILABLE_TEXT, Map.of());

  private final EnvironmentRepositories environmentRepositories;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  EnvironmentQueryHandler(
      EnvironmentRepositories environmentRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.environmentRepositories = environmentRepositories;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record EnvironmentRepositories(
      EnvironmentRowRepository environments,
      EnvironmentVersionRowRepository versions,
      ContentReader contentReader) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListEnvironments query) {
    String tenant = query.tenant().value();
    boolean archived = query.includeArchived();
    String[] cursorScope = {"environments", tenant, Boolean.toString(archived)};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var rows =
        environmentRepositories
            .environments()
            .page(tenant, archived, after.at(), after.id(), CursorCodec.limitPlusOne(query.page()));
    var defaultId = environmentRepositories.environments().findDefault(tenant);
    return cursorCodec
        .page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(row -> view(row, defaultId));
  }

  @QueryHandler
  EnvironmentView find(FindEnvironment query) {
    var row = findOrReject(query.tenant(), query.environmentId());
    return view(row, environmentRepositories.environments().findDefault(query.tenant().value()));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListEnvironmentVersions query) {
    findOrReject(query.tenant(), query.environmentId());
    var id = query.environmentId();
    String[] cursorScope = {"environment_versions", query.tenant().value(), id.value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    var rows =
        environmentRepositories
            .versions()
            .page(id.value(), before, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.key().sequence(), cursorScope)
        .map(row -> view(id, row));
  }

  private EnvironmentRow findOrReject(TenantId tenant, EnvironmentId id) {
    readModelAccess.await(id, environmentRepositories.environments()::sequenceOf);
    return environmentRepositories
        .environments()
        .find(tenant.value(), id.value())
        .orElseThrow(() -> new RejectionException(new NotFound("environment", id.value())));
  }

  private EnvironmentNotes notes(EnvironmentId id, @Nullable SealedContent sealed) {
    if (sealed == null) return EnvironmentNotes.NONE;
    return environmentRepositories
        .contentReader()
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
        Actor.parse(row.actor()),
        row.at());
  }
}
