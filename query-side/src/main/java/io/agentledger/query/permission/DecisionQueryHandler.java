package io.agentledger.query.permission;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.PendingActionView;
import io.agentledger.api.permission.PermissionQuery.ListDecisions;
import io.agentledger.api.permission.PermissionQuery.ListPending;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.permission.DecisionRow;
import io.agentledger.projection.permission.DecisionRowRepository;
import io.agentledger.projection.session.PendingActionRow;
import io.agentledger.projection.session.PendingActionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.SessionVisibility;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/** Answers what waits for somebody, and what people decided. */
class DecisionQueryHandler {
  private final Tables tables;
  private final SessionVisibility sessionVisibility;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;

  DecisionQueryHandler(
      Tables tables,
      SessionVisibility sessionVisibility,
      ContentReader contentReader,
      CursorCodec cursorCodec) {
    this.tables = tables;
    this.sessionVisibility = sessionVisibility;
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record Tables(PendingActionRowRepository actions, DecisionRowRepository decisions) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListPending query, Caller caller) {
    String[] list = {"pending", query.tenant().value(), caller.user().value()};
    var place = cursorCodec.place(query.page(), list).orElse(Instant.EPOCH + " ");
    int space = place.indexOf(' ');
    var rows =
        tables
            .actions()
            .page(
                SessionVisibility.reader(caller),
                Instant.parse(place.substring(0, space)),
                place.substring(space + 1),
                CursorCodec.oneMore(query.page()));
    return cursorCodec
        .page(rows, query.page(), row -> row.since() + " " + row.id(), list)
        .map(this::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListDecisions query, Caller caller) {
    sessionVisibility.require(caller, query.sessionId());
    String session = query.sessionId().value();
    String[] list = {"decisions", query.tenant().value(), session};
    long after = cursorCodec.place(query.page(), list).map(Long::parseLong).orElse(0L);
    var rows =
        tables
            .decisions()
            .page(query.tenant().value(), session, after, CursorCodec.oneMore(query.page()));
    return cursorCodec.page(rows, query.page(), row -> row.sequence(), list).map(this::view);
  }

  private PendingActionView view(PendingActionRow row) {
    var session = new SessionId(row.sessionId());
    return new PendingActionView(
        session,
        new ActionId(row.id()),
        row.kind().name().toLowerCase(Locale.ROOT),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        new ToolCallId(row.toolCallId()),
        row.tool(),
        Objects.requireNonNullElse(contentReader.json(session, row.input()), Json.NULL),
        row.inputDigest(),
        contentReader.text(session, row.reason()),
        row.since(),
        row.until());
  }

  private DecisionView view(DecisionRow row) {
    var session = new SessionId(row.sessionId());
    @Nullable String actor = row.actor();
    return new DecisionView(
        new ActionId(row.id()),
        new RunId(row.runId()),
        new ToolCallId(row.toolCallId()),
        row.tool(),
        row.inputDigest(),
        contentReader.json(session, row.input()),
        contentReader.text(session, row.asked()),
        row.askedAt(),
        row.outcome(),
        actor == null ? null : Actor.parse(actor),
        row.decidedAt(),
        contentReader.json(session, row.updatedInput()),
        contentReader.text(session, row.reason()),
        row.remembered());
  }
}
