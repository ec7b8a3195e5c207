package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.LiveLane;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.FindSession;
import io.agentledger.api.session.SessionQuery.FollowSession;
import io.agentledger.api.session.SessionQuery.ListFacts;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.StreamItem;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Problem;
import io.agentledger.gateway.support.Problems;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The logs of the sessions that somebody watches: opened for the first follower, closed a few
 * seconds after the last one has left.
 */
@Component
public class SessionLogs implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLogs.class);

  /** Facts that are read from the store at once. */
  private static final int PAGE = 64;

  private final Bus bus;
  private final LiveLane lane;
  private final WireJson json;
  private final Clock clock;
  private final StreamSettings settings;
  private final SeeingOut door;
  private final Map<SessionId, Watched> watched = new HashMap<>();

  SessionLogs(
      Bus bus, LiveLane lane, WireJson json, Clock clock, StreamSettings settings, SeeingOut door) {
    this.bus = bus;
    this.lane = lane;
    this.json = json;
    this.clock = clock;
    this.settings = settings;
    this.door = door;
  }

  /** The session as it stands; fails for whom it is none. Ask before following. */
  public Mono<SessionView> find(Visit visit, SessionId session) {
    return bus.ask(visit, new FindSession(visit.tenant(), session), SessionView.class);
  }

  public Follower<DataBuffer> sse(Plan plan, Connection connection) {
    return new Follower<>(this, plan, Shape.SSE, connection);
  }

  public Follower<WebSocketMessage> webSocket(Plan plan, Connection connection) {
    return new Follower<>(this, plan, Shape.WEB_SOCKET, connection);
  }

  public Follower<DataBuffer> rsocket(Plan plan, Connection connection) {
    return new Follower<>(this, plan, Shape.RSOCKET, connection);
  }

  /** On the follower's loop. */
  Cursor enter(Follower<?> follower) {
    var plan = follower.plan();
    SessionLog log;
    synchronized (watched) {
      var known = watched.get(plan.session());
      if (known == null || known.log.isClosed()) {
        known = new Watched(new SessionLog(plan.session(), plan.newest(), json));
        watched.put(plan.session(), known);
        known.feed(plan);
      }
      known.followers.add(follower);
      log = known.log;
    }
    log.add(follower);
    return new Cursor(log, plan, new Around(follower));
  }

  /** On the follower's loop. */
  void leave(Follower<?> follower, Cursor cursor) {
    cursor.stop();
    cursor.log().remove(follower);
    synchronized (watched) {
      var known = watched.get(cursor.log().session());
      if (known == null || known.log != cursor.log()) return;
      known.followers.remove(follower);
      if (!known.followers.isEmpty()) return;
      Mono.delay(settings.linger()).subscribe(later -> closeIfLonely(known));
    }
  }

  private void closeIfLonely(Watched lonely) {
    synchronized (watched) {
      if (!lonely.followers.isEmpty() || !watched.remove(lonely.log.session(), lonely)) return;
    }
    lonely.close();
  }

  /** Ends the stream of who may not have it any more; until it is disposed of. */
  Disposable watch(Follower<?> follower) {
    return door.watch(follower);
  }

  /** How many sessions are watched now, or were a moment ago. */
  public int watchedCount() {
    synchronized (watched) {
      return watched.size();
    }
  }

  @Override
  public void destroy() {
    List<Watched> all;
    synchronized (watched) {
      all = List.copyOf(watched.values());
      watched.clear();
    }
    all.forEach(Watched::close);
  }

  /** One log and what feeds it. */
  private final class Watched {
    private final SessionLog log;
    private final Set<Follower<?>> followers = new HashSet<>();
    private Disposable looking = () -> {};
    private Runnable deaf = () -> {};
    private Disposable feed = () -> {};

    Watched(SessionLog log) {
      this.log = log;
    }

    void feed(Plan plan) {
      var visit = plan.visit().house(); // The first follower may leave before the others.
      deaf = lane.listen(log.session(), this::hear);
      feed =
          Flux.defer(
                  () ->
                      bus.follow(
                          visit,
                          new FollowSession(visit.tenant(), log.session(), log.newestFact())))
              .concatWith(Mono.error(() -> new IllegalStateException("the stream ended")))
              .doOnNext(this::take)
              .retryWhen(settings.retry())
              .subscribe(fact -> {}, log::close);
    }

    private void take(StreamItem fact) {
      log.append(fact);
      if (!SeeingOut.changesRights(fact)) return;
      looking.dispose(); // From now on there is more to look for.
      looking = door.lookAt(log.session(), this::present);
    }

    private List<Follower<?>> present() {
      synchronized (watched) {
        return List.copyOf(followers);
      }
    }

    /** On the sender's thread, which must not suffer for us. */
    private void hear(StreamItem frame) {
      try {
        log.append(frame);
      } catch (RuntimeException fault) {
        LOG.atWarn().addKeyValue("sessionId", log.session()).setCause(fault).log("a frame is lost");
      }
    }

    void close() {
      deaf.run();
      feed.dispose();
      looking.dispose();
      log.close(null);
    }
  }

  /** What one follower's cursor needs. */
  private final class Around implements Cursor.Context {
    private final Follower<?> follower;
    private final EventExecutor loop;

    Around(Follower<?> follower) {
      this.follower = follower;
      this.loop = follower.loop();
    }

    @Override
    public Mono<List<Line>> read(long after) {
      var plan = follower.plan();
      var query = new ListFacts(plan.visit().tenant(), plan.session(), after, PAGE);
      return bus.askAll(plan.visit(), query, StreamItem.class)
          .map(facts -> Pages.encode(json, facts));
    }

    @Override
    public Line line(StreamItem.Body body) {
      var session = follower.plan().session();
      return Pages.single(json, StreamItem.frame(session, null, null, clock.instant(), body));
    }

    @Override
    public Problem problem(Throwable failure) {
      return Problems.of(failure, follower.plan().visit().requestId());
    }

    @Override
    public void then(Runnable task) {
      loop.execute(
          () -> {
            task.run();
            follower.drain();
          });
    }
  }
}
