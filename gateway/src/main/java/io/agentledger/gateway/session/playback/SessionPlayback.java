package io.agentledger.gateway.session.playback;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Done;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.StreamLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Plays the stored events of a session back, each at its distance from the one before, and then
 * {@code done}. Reads a page at a time, and at least every five seconds, so that callers who lose
 * their access get nothing more; they get an {@code error}.
 */
@Component
final class SessionPlayback {
  private static final int PAGE_SIZE = 64;
  private static final Duration READ_INTERVAL = Duration.ofSeconds(5);

  /** Maximum number of playbacks of a user at a time on a node. */
  private static final int PER_USER_MAX = 10;

  private static final StreamItem.Error REVOKED =
      new StreamItem.Error(
          "unauthorized",
          "Your credential has expired or was revoked, or its permissions changed.");

  private final MessageGateway messageGateway;
  private final RevocationMonitor revocationMonitor;
  private final WireJson json;
  private final Clock clock;
  private final StreamLimiter streamLimiter;

  SessionPlayback(
      MessageGateway messageGateway,
      RevocationMonitor revocationMonitor,
      WireJson json,
      Clock clock,
      StreamLimiter streamLimiter) {
    this.messageGateway = messageGateway;
    this.revocationMonitor = revocationMonitor;
    this.json = json;
    this.clock = clock;
    this.streamLimiter = streamLimiter;
  }

  /**
   * Item of a playback.
   *
   * @param json the item with {@code "replay": true}
   */
  record PlayedItem(String type, @Nullable Long sequence, String json) {}

  /**
   * Returns the playback, which can be subscribed to once; fails if the caller may not see the
   * session, if {@code after} is not in it, or if the user has too many playbacks.
   */
  Mono<Flux<PlayedItem>> play(RequestContext context, SessionId id, PlaybackParams params) {
    params.requireValid();
    return messageGateway
        .query(context, new FindSession(context.tenant(), id), SessionView.class)
        .flatMap(session -> locate(context, session, params))
        .map(part -> play(context, id, params, part));
  }

  /** Events {@code (after..last]} of a session. */
  private record Part(long after, long last) {}

  private Mono<Part> locate(RequestContext context, SessionView session, PlaybackParams params) {
    long newest = session.sequence();
    long last = params.until() == null ? newest : Math.min(params.until(), newest);
    if (params.from() != null)
      return countBefore(context, session.id(), params.from(), 0, newest)
          .map(after -> new Part(after, last));
    long after = params.after() == null ? 0 : params.after();
    var part = new Part(after, last);
    if (after <= newest) return Mono.just(part);
    return listEvents(context, session.id(), after, 1).thenReturn(part); // Rejects the position.
  }

  /**
   * Returns the number of events before the time, of which there are {@code low} to {@code high}.
   */
  private Mono<Long> countBefore(
      RequestContext context, SessionId id, Instant time, long low, long high) {
    if (low >= high) return Mono.just(low);
    long middle = (low + high) / 2;
    return listEvents(context, id, middle, 1)
        .flatMap(
            events ->
                !events.isEmpty() && events.getFirst().at().isBefore(time)
                    ? countBefore(context, id, time, middle + 1, high)
                    : countBefore(context, id, time, low, middle));
  }

  private Mono<List<StreamItem>> listEvents(
      RequestContext context, SessionId id, long after, int limit) {
    return messageGateway.queryList(
        context, new ListSessionEvents(context.tenant(), id, after, limit), StreamItem.class);
  }

  private Flux<PlayedItem> play(
      RequestContext context, SessionId id, PlaybackParams params, Part part) {
    var player = new Player(context, id, params, part);
    var events =
        part.after() >= part.last()
            ? Flux.<StreamItem>empty()
            : Flux.defer(player::playNext).repeat(player::hasMore);
    var items =
        Flux.merge(
                1, // More would be played before the error after a revocation.
                events
                    .onErrorResume(failure -> Mono.just(toError(context, id, failure)))
                    .concatWith(
                        Mono.fromSupplier(
                            () -> toItem(id, new Done(null, Done.Reason.PLAYED_BACK)))),
                revocationMonitor
                    .onRevoked(context)
                    .then(Mono.fromSupplier(() -> toItem(id, REVOKED))))
            .takeUntil(item -> !item.hasEvent()) // The last one.
            .map(this::toPlayedItem);
    return streamLimiter.limit(items, "playbacks", context.caller().user(), PER_USER_MAX);
  }

  private StreamItem toError(RequestContext context, SessionId id, Throwable failure) {
    var problem = ProblemMapper.toProblem(failure, context.requestId());
    return toItem(id, new StreamItem.Error(problem.code(), problem.detail()));
  }

  private StreamItem toItem(SessionId id, StreamItem.Body body) {
    return StreamItem.transientEvent(id, null, null, clock.instant(), body);
  }

  private PlayedItem toPlayedItem(StreamItem item) {
    var fields = json.toTree(item);
    fields.put("replay", true);
    return new PlayedItem(item.type(), item.sequence(), json.toText(fields));
  }

  /** Position of one playback. */
  private final class Player {
    private final RequestContext context;
    private final SessionId id;
    private final PlaybackParams params;
    private final long last;
    private final long startNanos = nowNanos();
    private long after;
    private @Nullable Instant previous;
    private Duration offset = Duration.ZERO;

    Player(RequestContext context, SessionId id, PlaybackParams params, Part part) {
      this.context = context;
      this.id = id;
      this.params = params;
      this.after = part.after();
      this.last = part.last();
    }

    /** An event, and how long after the start of the playback it is due. */
    private record DueItem(StreamItem item, long sequence, Duration offset) {}

    boolean hasMore() {
      return after < last;
    }

    /**
     * Plays the events of one page that are due before the next read; later ones are read again,
     * also if the client is slow.
     */
    Flux<StreamItem> playNext() {
      return listEvents(context, id, after, PAGE_SIZE)
          .flatMapMany(
              page -> {
                if (page.isEmpty()) after = last;
                if (page.isEmpty()) return Flux.empty();
                var nextRead = elapsed().plus(READ_INTERVAL);
                var due = findDue(page, nextRead);
                return due.isEmpty()
                    ? Mono.delay(READ_INTERVAL).then(Mono.<StreamItem>empty())
                    : Flux.fromIterable(due)
                        .takeWhile(item -> elapsed().compareTo(nextRead) < 0)
                        .concatMap(this::play, 0);
              });
    }

    private List<DueItem> findDue(List<StreamItem> page, Duration nextRead) {
      var due = new ArrayList<DueItem>();
      var before = previous;
      var itemOffset = offset;
      for (var item : page) {
        var sequence = item.sequence();
        if (sequence == null || sequence > last) break;
        if (before != null) itemOffset = itemOffset.plus(params.gap(before, item.at()));
        if (itemOffset.compareTo(nextRead) > 0) break;
        due.add(new DueItem(item, sequence, itemOffset));
        before = item.at();
      }
      return due;
    }

    private Mono<StreamItem> play(DueItem due) {
      var wait = due.offset().minus(elapsed());
      var item =
          wait.isPositive() ? Mono.delay(wait).thenReturn(due.item()) : Mono.just(due.item());
      return item.doOnNext(
          played -> {
            after = due.sequence();
            previous = played.at();
            offset = due.offset();
          });
    }

    private Duration elapsed() {
      return Duration.ofNanos(nowNanos() - startNanos);
    }

    private static long nowNanos() {
      return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
  }
}
