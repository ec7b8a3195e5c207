package io.agentledger.query.ops;

import io.agentledger.api.ops.DeadLetterView;
import io.agentledger.api.ops.OpsQuery.ListDeadLetters;
import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.ops.DeadLetterReader.Letter;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.query.support.CursorCodec;
import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;

/** Answers what operators ask about projections. Blocks its caller on the database. */
class ProjectionQueryHandler {
  private final ProjectionControl projections;
  private final DeadLetterReader letters;
  private final EventStore store;
  private final CursorCodec cursorCodec;

  ProjectionQueryHandler(
      ProjectionControl projections,
      DeadLetterReader letters,
      EventStore store,
      CursorCodec cursorCodec) {
    this.projections = projections;
    this.letters = letters;
    this.store = store;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  List<ProjectionView> list(ListProjections query) {
    TrackingToken last = store.createHeadToken();
    long head = last == null ? -1 : last.position().orElse(-1);
    return projections.names().stream().map(name -> view(projections.state(name), head)).toList();
  }

  private ProjectionView view(ProjectionControl.State state, long head) {
    return new ProjectionView(
        state.name(),
        state.position(),
        head,
        state.running(),
        state.replaying(),
        letters.count(state.name()));
  }

  /** Oldest first; of a raw type, for Axon finds no handler of a parameterised one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListDeadLetters query) {
    String projection = query.projection();
    if (!projections.names().contains(projection))
      throw new RejectionException(new Rejection.NotFound("projection", projection));
    var after = cursorCodec.place(query.page(), "dead_letters", projection).orElse(" ");
    int space = after.indexOf(' ');
    int limit = query.page().limit();
    var found =
        letters.page(projection, after.substring(0, space), after.substring(space + 1), limit + 1);
    var shown = found.size() > limit ? found.subList(0, limit) : found;
    return new Page<>(
        shown.stream().map(ProjectionQueryHandler::view).toList(),
        found.size() > limit ? cursor(projection, shown.getLast()) : null);
  }

  private String cursor(String projection, Letter letter) {
    return cursorCodec.encode(letter.enqueuedAt() + " " + letter.id(), "dead_letters", projection);
  }

  private static DeadLetterView view(Letter letter) {
    return new DeadLetterView(
        letter.id(),
        letter.projection(),
        letter.sequence(),
        letter.fact(),
        letter.cause(),
        Instant.parse(letter.enqueuedAt()));
  }
}
