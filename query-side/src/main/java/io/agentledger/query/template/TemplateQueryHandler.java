package io.agentledger.query.template;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.FindTemplateStatistics;
import io.agentledger.api.template.TemplateQuery.FindTemplateVersion;
import io.agentledger.api.template.TemplateQuery.ListTemplateVersions;
import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateStatisticsView;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.template.TemplateRowRepository;
import io.agentledger.projection.template.TemplateRowRepository.TemplateFilter;
import io.agentledger.projection.template.TemplateRowRepository.TemplateViewer;
import io.agentledger.projection.template.TemplateRowRepository.TemplateWithUsage;
import io.agentledger.projection.template.TemplateUsageRowRepository;
import io.agentledger.projection.template.TemplateVersionRow;
import io.agentledger.projection.template.TemplateVersionRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about templates and their versions. */
record TemplateQueryHandler(
    TemplateRowRepository templates,
    TemplateVersionRowRepository versions,
    TemplateUsageRowRepository usages,
    ConfigurationReader configurationReader,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Definition that cannot be decrypted any more. */
  private static final TemplateDefinition UNAVAILABLE =
      new TemplateDefinition(ContentReader.UNAVAILABLE_TEXT, List.of(), new Json("{}"), null);

  private static TemplateViewer viewer(Caller caller) {
    return new TemplateViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListTemplates query, Caller caller) {
    readModelAccess.await("template", query.page());
    var templateViewer = viewer(caller);
    var filter =
        new TemplateFilter(
            query.category() == null ? "" : query.category(), query.includeArchived());
    String[] cursorScope = {
      "templates",
      templateViewer.tenant(),
      templateViewer.user(),
      query.order().name(),
      filter.toString()
    };
    var page =
        query.order() == Order.NEWEST
            ? newest(query, templateViewer, filter, cursorScope)
            : mostUsed(query, templateViewer, filter, cursorScope);
    return page.map(this::view);
  }

  private Page<TemplateWithUsage> newest(
      ListTemplates query,
      TemplateViewer templateViewer,
      TemplateFilter filter,
      String[] cursorScope) {
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var rows = templates.pageNewestFirst(templateViewer, filter, after.at(), after.id(), limit);
    return cursorCodec.page(
        rows,
        query.page(),
        row -> new NewestFirstPosition(row.template().createdAt(), row.template().id()),
        cursorScope);
  }

  private Page<TemplateWithUsage> mostUsed(
      ListTemplates query,
      TemplateViewer templateViewer,
      TemplateFilter filter,
      String[] cursorScope) {
    var position = cursorCodec.decode(query.page(), cursorScope).orElse(Long.MAX_VALUE + " ");
    int space = position.indexOf(' ');
    var rows =
        templates.pageMostUsedFirst(
            templateViewer,
            filter,
            Long.parseLong(position.substring(0, space)),
            position.substring(space + 1),
            CursorCodec.limitPlusOne(query.page()));
    return cursorCodec.page(
        rows, query.page(), row -> row.uses() + " " + row.template().id(), cursorScope);
  }

  @QueryHandler
  TemplateView find(FindTemplate query, Caller caller) {
    return view(find(query.templateId(), caller));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTemplateVersions query, Caller caller) {
    var id = query.templateId();
    find(id, caller);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  @QueryHandler
  TemplateVersionView find(FindTemplateVersion query, Caller caller) {
    var id = query.templateId();
    find(id, caller);
    return versions
        .find(id.value(), query.version())
        .map(row -> view(id, row))
        .orElseThrow(
            () ->
                new RejectionException(
                    new NotFound("template_version", query.version() + " of " + id)));
  }

  @QueryHandler
  TemplateStatisticsView find(FindTemplateStatistics query, Caller caller) {
    var id = query.templateId();
    find(id, caller);
    var statistics =
        usages.statisticsOf(
            viewer(caller), id.value(), query.since(), TemplateStatisticsView.SESSIONS_MAX);
    return new TemplateStatisticsView(
        id,
        query.since(),
        statistics.getSessions(),
        new TemplateStatisticsView.Runs(
            statistics.getRuns(),
            statistics.getCompleted(),
            statistics.getFailed(),
            statistics.getInterrupted()),
        new Money(statistics.getCostNanos()),
        statistics.getLastAt());
  }

  private TemplateWithUsage find(TemplateId id, Caller caller) {
    return readModelAccess
        .read(
            "template",
            id,
            templates::eventCountOf,
            () -> templates.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private TemplateDefinition definition(TemplateId id, @Nullable SealedContent sealed) {
    return contentReader
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
        row.sharedWith(),
        row.name(),
        definition.description(),
        row.category(),
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
        row.sharedWith(),
        row.name(),
        definition.description(),
        definition.variables(),
        definition.session(),
        definition.prompt(),
        row.archived(),
        row.actor(),
        row.at());
  }
}
