package io.agentledger.query.template;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.ListTemplateVersions;
import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.template.TemplateRowRepository;
import io.agentledger.projection.template.TemplateRowRepository.TemplateViewer;
import io.agentledger.projection.template.TemplateRowRepository.TemplateWithUsage;
import io.agentledger.projection.template.TemplateVersionRow;
import io.agentledger.projection.template.TemplateVersionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what is asked about templates, from the read models. Blocks its caller on the database,
 * and a few seconds on the projection, so that nobody is shown less than they were told before.
 */
class TemplateQueryHandler {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** What cannot be opened any more says nothing. */
  private static final TemplateDefinition UNAVAILABLE =
      new TemplateDefinition(
          ContentReader.UNAVAILABLE_TEXT,
          List.of(),
          new io.agentledger.api.shared.Json("{}"),
          null);

  private final TemplateRepositories templateRepositories;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  TemplateQueryHandler(
      TemplateRepositories templateRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.templateRepositories = templateRepositories;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record TemplateRepositories(
      TemplateRowRepository templates,
      TemplateVersionRowRepository versions,
      ContentReader contentReader) {}

  private static TemplateViewer viewer(Caller caller) {
    return new TemplateViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListTemplates query, Caller caller) {
    var templateViewer = viewer(caller);
    String[] cursorScope = {
      "templates",
      templateViewer.tenant(),
      templateViewer.user(),
      query.order().name(),
      Boolean.toString(query.includeArchived())
    };
    var page =
        query.order() == Order.NEWEST
            ? newest(query, templateViewer, cursorScope)
            : mostUsed(query, templateViewer, cursorScope);
    return page.map(this::view);
  }

  private Page<TemplateWithUsage> newest(
      ListTemplates query, TemplateViewer templateViewer, String[] cursorScope) {
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows =
        templateRepositories
            .templates()
            .pageNewestFirst(
                templateViewer, query.includeArchived(), after.at(), after.id(), limit);
    return cursorCodec.page(
        rows,
        query.page(),
        row -> new NewestFirstPosition(row.template().createdAt(), row.template().id()),
        cursorScope);
  }

  private Page<TemplateWithUsage> mostUsed(
      ListTemplates query, TemplateViewer templateViewer, String[] cursorScope) {
    var position = cursorCodec.decode(query.page(), cursorScope).orElse(Long.MAX_VALUE + " ");
    int space = position.indexOf(' ');
    var rows =
        templateRepositories
            .templates()
            .pageMostUsedFirst(
                templateViewer,
                query.includeArchived(),
                Long.parseLong(position.substring(0, space)),
                position.substring(space + 1),
                CursorCodec.limitPlusOne(query.page()));
    return cursorCodec.page(
        rows, query.page(), row -> row.uses() + " " + row.template().id(), cursorScope);
  }

  @QueryHandler
  TemplateView find(FindTemplate query, Caller caller) {
    return view(findOrReject(query.templateId(), caller));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTemplateVersions query, Caller caller) {
    findOrReject(query.templateId(), caller);
    var id = query.templateId();
    String[] cursorScope = {"template_versions", query.tenant().value(), id.value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    var rows =
        templateRepositories
            .versions()
            .page(id.value(), before, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.key().sequence(), cursorScope)
        .map(row -> view(id, row));
  }

  private TemplateWithUsage findOrReject(TemplateId id, Caller caller) {
    readModelAccess.await(id, templateRepositories.templates()::sequenceOf);
    return templateRepositories
        .templates()
        .find(viewer(caller), id.value())
        .orElseThrow(() -> new RejectionException(new NotFound("template", id.value())));
  }

  private TemplateDefinition definition(TemplateId id, @Nullable SealedContent sealed) {
    return templateRepositories
        .contentReader()
        .map(id, sealed, text -> JSON.readValue(text, TemplateDefinition.class))
        .orElse(UNAVAILABLE);
  }

  private TemplateView view(TemplateWithUsage templateWithUsage) {
    var row = templateWithUsage.template();
    var id = new TemplateId(row.id());
    var definition = definition(id, row.definition());
    return new TemplateView(
        id,
        new UserId(row.owner()),
        row.sharing(),
        row.name(),
        definition.description(),
        definition.variables(),
        definition.session(),
        definition.prompt(),
        row.version(),
        templateWithUsage.uses(),
        templateWithUsage.lastUsedAt(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private TemplateVersionView view(TemplateId id, TemplateVersionRow row) {
    var definition = definition(id, row.definition());
    return new TemplateVersionView(
        row.version(),
        row.sharing(),
        row.name(),
        definition.description(),
        definition.variables(),
        definition.session(),
        definition.prompt(),
        row.archived(),
        Actor.parse(row.actor()),
        row.at());
  }
}
