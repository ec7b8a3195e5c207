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
import io.agentledger.projection.template.TemplateRowRepository.Counted;
import io.agentledger.projection.template.TemplateRowRepository.Reader;
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
  private static final TemplateDefinition NOTHING =
      new TemplateDefinition(
          ContentReader.UNAVAILABLE_TEXT,
          List.of(),
          new io.agentledger.api.shared.Json("{}"),
          null);

  private final Tables tables;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  TemplateQueryHandler(Tables tables, ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
    this.tables = tables;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record Tables(
      TemplateRowRepository templates,
      TemplateVersionRowRepository versions,
      ContentReader opened) {}

  private static Reader reader(Caller caller) {
    return new Reader(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListTemplates query, Caller caller) {
    var reader = reader(caller);
    String[] list = {
      "templates",
      reader.tenant(),
      reader.user(),
      query.order().name(),
      Boolean.toString(query.includeArchived())
    };
    var page =
        query.order() == Order.NEWEST ? newest(query, reader, list) : mostUsed(query, reader, list);
    return page.map(this::view);
  }

  private Page<Counted> newest(ListTemplates query, Reader reader, String[] list) {
    var after = NewestFirstPosition.after(cursorCodec, query.page(), list);
    var limit = CursorCodec.oneMore(query.page());
    var rows =
        tables.templates().newest(reader, query.includeArchived(), after.at(), after.id(), limit);
    return cursorCodec.page(
        rows,
        query.page(),
        row -> new NewestFirstPosition(row.template().createdAt(), row.template().id()),
        list);
  }

  private Page<Counted> mostUsed(ListTemplates query, Reader reader, String[] list) {
    var place = cursorCodec.place(query.page(), list).orElse(Long.MAX_VALUE + " ");
    int space = place.indexOf(' ');
    var rows =
        tables
            .templates()
            .mostUsed(
                reader,
                query.includeArchived(),
                Long.parseLong(place.substring(0, space)),
                place.substring(space + 1),
                CursorCodec.oneMore(query.page()));
    return cursorCodec.page(
        rows, query.page(), row -> row.uses() + " " + row.template().id(), list);
  }

  @QueryHandler
  TemplateView find(FindTemplate query, Caller caller) {
    return view(required(query.templateId(), caller));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTemplateVersions query, Caller caller) {
    required(query.templateId(), caller);
    var id = query.templateId();
    String[] list = {"template_versions", query.tenant().value(), id.value()};
    long before = cursorCodec.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    var rows = tables.versions().page(id.value(), before, CursorCodec.oneMore(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.key().sequence(), list)
        .map(row -> view(id, row));
  }

  private Counted required(TemplateId id, Caller caller) {
    readModelAccess.await(id, tables.templates()::sequenceOf);
    return tables
        .templates()
        .find(reader(caller), id.value())
        .orElseThrow(() -> new RejectionException(new NotFound("template", id.value())));
  }

  private TemplateDefinition terms(TemplateId id, @Nullable SealedContent sealed) {
    return tables
        .opened()
        .map(id, sealed, text -> JSON.readValue(text, TemplateDefinition.class))
        .orElse(NOTHING);
  }

  private TemplateView view(Counted counted) {
    var row = counted.template();
    var id = new TemplateId(row.id());
    var definition = terms(id, row.terms());
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
        counted.uses(),
        counted.lastUsedAt(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private TemplateVersionView view(TemplateId id, TemplateVersionRow row) {
    var definition = terms(id, row.terms());
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
