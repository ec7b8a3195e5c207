package io.agentledger.query.ops;

import io.agentledger.api.ops.DeadLetterView;
import io.agentledger.api.ops.OpsQuery.FindProjectionRebuild;
import io.agentledger.api.ops.OpsQuery.ListDeadLetters;
import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.ops.DeadLetterReader.DeadLetterEntry;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.ops.ProjectionRebuilds;
import io.agentledger.query.support.CursorCodec;
import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;

/** Handles queries about projections. Blocks its caller on the database. */
class ProjectionQueryHandler {
  private final ProjectionControl projections;
  private final ProjectionRebuilds rebuilds;
  private final DeadLetterReader letters;
  private final EventStore store;
  private final CursorCodec cursorCodec;

  ProjectionQueryHandler(
      ProjectionControl projections,
      ProjectionRebuilds rebuilds,
      DeadLetterReader letters,
      EventStore store,
      CursorCodec cursorCodec) {
    this.projections = projections;
    this.rebuilds = rebuilds;
    this.letters = letters;
    this.store = store;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  List<ProjectionView> list(ListProjections query) {
    long head = head();
    return projections.names().stream().map(name -> view(projections.state(name), head)).toList();
  }

  @QueryHandler
  ProjectionRebuildView find(FindProjectionRebuild query) {
    return rebuilds
        .find(query.projection(), head())
        .orElseThrow(
            () -> new RejectionException(new OpsRejection.RebuildNotFound(query.projection())));
  }

  private long head() {
    TrackingToken lastToken = store.createHeadToken();
    return lastToken == null ? -1 : lastToken.position().orElse(-1);
  }

  private ProjectionView view(ProjectionControl.ProjectionState state, long head) {
    return new ProjectionView(
        state.name(),
        state.position(),
        head,
        state.running(),
        state.replaying(),
        letters.count(state.name()));
  }

  /**
   * Lists dead letters oldest first; returns a raw type, because Axon finds no handler with a
   * parameterized one.
   */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListDeadLetters query) {
    String projection = query.projection();
    if (!projections.names().contains(projection))
      throw new RejectionException(new Rejection.NotFound("projection", projection));
    var after = cursorCodec.decode(query.page(), "dead_letters", projection).orElse(" ");
    int space = after.indexOf(' ');
    int limit = query.page().limit();
    var deadLetterEntries =
        letters.page(projection, after.substring(0, space), after.substring(space + 1), limit + 1);
    var shown =
        deadLetterEntries.size() > limit ? deadLetterEntries.subList(0, limit) : deadLetterEntries;
    return new Page<>(
        shown.stream().map(ProjectionQueryHandler::view).toList(),
        deadLetterEntries.size() > limit ? cursor(projection, shown.getLast()) : null);
  }

  private String cursor(String projection, DeadLetterEntry letter) {
    return cursorCodec.encode(letter.enqueuedAt() + " " + letter.id(), "dead_letters", projection);
  }

  private static DeadLetterView view(DeadLetterEntry letter) {
    return new DeadLetterView(
        letter.id(),
        letter.projection(),
        letter.sequence(),
        letter.event(),
        letter.cause(),
        Instant.parse(letter.enqueuedAt()));
  }
}
