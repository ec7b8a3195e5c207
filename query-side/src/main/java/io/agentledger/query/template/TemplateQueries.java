package io.agentledger.query.template;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.ListTemplateVersions;
import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateTerms;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.projection.support.Progress;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.template.TemplateRows;
import io.agentledger.projection.template.TemplateRows.Counted;
import io.agentledger.projection.template.TemplateRows.Reader;
import io.agentledger.projection.template.TemplateVersionRow;
import io.agentledger.projection.template.TemplateVersionRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.store.event.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what is asked about templates, from the read models. Blocks its caller on the database,
 * and up to two seconds on the projection, so that nobody is shown less than they were told before.
 */
class TemplateQueries {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final JsonMapper JSON = json();

  /** What cannot be opened any more says nothing. */
  private static final TemplateTerms NOTHING =
      new TemplateTerms(
          Opened.UNAVAILABLE_TEXT, List.of(), new io.agentledger.api.shared.Json("{}"), null);

  private final TemplateRows templates;
  private final TemplateVersionRows versions;
  private final Reading reading;
  private final Cursors cursors;

  TemplateQueries(
      TemplateRows templates, TemplateVersionRows versions, Reading reading, Cursors cursors) {
    this.templates = templates;
    this.versions = versions;
    this.reading = reading;
    this.cursors = cursors;
  }

  /** What stands between a reader and the rows. */
  record Reading(EventStore store, Progress progress, Opened opened) {}

  private static JsonMapper json() {
    var json = JsonMapper.builder();
    Json.configure(json);
    return json.build();
  }

  private static Reader reader(Caller by) {
    return new Reader(by.tenant().value(), by.user().value(), by.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListTemplates query, Caller by) {
    var reader = reader(by);
    boolean archived = query.includeArchived();
    String[] list = {
      "templates", reader.tenant(), reader.user(), query.order().name(), Boolean.toString(archived)
    };
    boolean newest = query.order() == Order.NEWEST;
    var place =
        cursors
            .place(query.page(), list)
            .orElse(newest ? "9999-01-01T00:00:00Z " : Long.MAX_VALUE + " ");
    int space = place.indexOf(' ');
    var first = place.substring(0, space);
    var id = place.substring(space + 1);
    var limit = Cursors.oneMore(query.page());
    var rows =
        newest
            ? templates.newest(reader, archived, Instant.parse(first), id, limit)
            : templates.mostUsed(reader, archived, Long.parseLong(first), id, limit);
    return cursors
        .page(
            rows,
            query.page(),
            row ->
                (newest ? row.template().createdAt() : Long.toString(row.uses()))
                    + " "
                    + row.template().id(),
            list)
        .map(this::view);
  }

  @QueryHandler
  TemplateView find(FindTemplate query, Caller by) {
    return view(required(query.templateId(), by));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListTemplateVersions query, Caller by) {
    required(query.templateId(), by);
    var id = query.templateId();
    String[] list = {"template_versions", query.tenant().value(), id.value()};
    long before = cursors.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    var rows = versions.page(id.value(), before, Cursors.oneMore(query.page()));
    return cursors
        .page(rows, query.page(), row -> "" + row.key().sequence(), list)
        .map(row -> view(id, row));
  }

  private Counted required(TemplateId id, Caller by) {
    await(id);
    return templates
        .find(reader(by), id.value())
        .orElseThrow(() -> new Rejected(new NotFound("template", id.value())));
  }

  /** A reader that was not helped in time gets what is there. */
  private void await(TemplateId id) {
    var wanted = reading.store().lastSequenceNumberFor(id.value());
    if (wanted.isEmpty()) return;
    reading
        .progress()
        .await(() -> templates.sequenceOf(id.value()).orElse(-1L) >= wanted.get(), PATIENCE);
  }

  private TemplateTerms terms(TemplateId id, @Nullable Sealed sealed) {
    return reading
        .opened()
        .map(id, sealed, text -> JSON.readValue(text, TemplateTerms.class))
        .orElse(NOTHING);
  }

  private TemplateView view(Counted counted) {
    var row = counted.template();
    var id = new TemplateId(row.id());
    var terms = terms(id, row.terms());
    return new TemplateView(
        id,
        new UserId(row.owner()),
        row.sharing(),
        row.name(),
        terms.description(),
        terms.variables(),
        terms.session(),
        terms.prompt(),
        row.version(),
        counted.uses(),
        counted.lastUsedAt(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private TemplateVersionView view(TemplateId id, TemplateVersionRow row) {
    var terms = terms(id, row.terms());
    return new TemplateVersionView(
        row.version(),
        row.sharing(),
        row.name(),
        terms.description(),
        terms.variables(),
        terms.session(),
        terms.prompt(),
        row.archived(),
        Actor.parse(row.actor()),
        row.at());
  }
}
