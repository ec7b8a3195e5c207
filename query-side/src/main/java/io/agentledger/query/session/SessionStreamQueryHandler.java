package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.query.session.SessionFollower.Sources;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.queryhandling.QueryHandler;
import reactor.core.publisher.Flux;

/**
 * Streams a session's events from the event store, past events joined with live ones, or lists a
 * range of them.
 */
class SessionStreamQueryHandler {
  private final Sources sources;
  private final StreamItemMapperFactory streamItemMapperFactory;

  SessionStreamQueryHandler(Sources sources, StreamItemMapperFactory streamItemMapperFactory) {
    this.sources = sources;
    this.streamItemMapperFactory = streamItemMapperFactory;
  }

  /** Emits events on a separate thread with backpressure; never blocks the subscriber. */
  @QueryHandler
  Flux<StreamItem> follow(FollowSession query, Caller caller) {
    return Flux.create(
        sink ->
            new SessionFollower(
                    sources,
                    streamItemMapperFactory,
                    new SessionFollower.FollowRequest(query, caller),
                    sink)
                .start());
  }

  /**
   * Returns at most {@link PageRequest#LIMIT_MAX} events; blocks its caller. Rejects a position
   * after the newest event.
   */
  @QueryHandler
  List<StreamItem> list(ListSessionEvents query, Caller caller) {
    var mainThread = sources.accessCheck().require(caller, query.sessionId());
    String session = query.sessionId().value();
    var eventLookback = sources.lookback(session, query.after());
    eventLookback.rememberMainThread(mainThread);
    var streamItemMapper = streamItemMapperFactory.create(eventLookback);
    int limit = Math.clamp(query.limit(), 1, PageRequest.LIMIT_MAX);
    var events = readEvents(session, query.after(), limit);
    var items = new ArrayList<StreamItem>();
    while (items.size() < limit && events.hasNext())
      items.add(streamItemMapper.toItem(events.next()));
    if (items.isEmpty()) requireNotBeyondEnd(session, query.after());
    return items;
  }

  /** Reads events, without a query if this node has as many. */
  private Iterator<? extends DomainEventMessage<?>> readEvents(
      String session, long after, int limit) {
    return sources
        .store()
        .committedEvents(session, after)
        .filter(events -> events.size() >= limit)
        .<Iterator<? extends DomainEventMessage<?>>>map(List::iterator)
        .orElseGet(() -> sources.store().readEvents(session, after).asStream().iterator());
  }

  private void requireNotBeyondEnd(String session, long after) {
    long newest = sources.store().lastSequenceNumberFor(session).map(last -> last + 1).orElse(0L);
    if (after > newest)
      throw new RejectionException(new SessionRejection.PositionBeyondEnd(newest, "after"));
  }
}
