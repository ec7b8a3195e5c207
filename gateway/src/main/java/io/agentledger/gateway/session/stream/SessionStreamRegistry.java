package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionQuery.ListFacts;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.web.RequestContext;
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
public class SessionStreamRegistry implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStreamRegistry.class);

  /** Facts that are read from the store at once. */
  private static final int PAGE = 64;

  private final MessageGateway bus;
  private final LiveFrameBus lane;
  private final WireJson json;
  private final Clock clock;
  private final StreamProperties settings;
  private final StreamAccessMonitor door;
  private final Map<SessionId, Watched> watched = new HashMap<>();

  SessionStreamRegistry(
      MessageGateway bus,
      LiveFrameBus lane,
      WireJson json,
      Clock clock,
      StreamProperties settings,
      StreamAccessMonitor door) {
    this.bus = bus;
    this.lane = lane;
    this.json = json;
    this.clock = clock;
    this.settings = settings;
    this.door = door;
  }

  /** The session as it stands; fails for whom it is none. Ask before following. */
  public Mono<SessionView> find(RequestContext visit, SessionId session) {
    return bus.ask(visit, new FindSession(visit.tenant(), session), SessionView.class);
  }

  public StreamSubscription<DataBuffer> sse(StreamRequest plan, ClientChannel connection) {
    return new StreamSubscription<>(this, plan, StreamFormat.SSE, connection);
  }

  public StreamSubscription<WebSocketMessage> webSocket(
      StreamRequest plan, ClientChannel connection) {
    return new StreamSubscription<>(this, plan, StreamFormat.WEB_SOCKET, connection);
  }

  public StreamSubscription<DataBuffer> rsocket(StreamRequest plan, ClientChannel connection) {
    return new StreamSubscription<>(this, plan, StreamFormat.RSOCKET, connection);
  }

  /** On the follower's loop. */
  StreamCursor enter(StreamSubscription<?> follower) {
    var plan = follower.plan();
    SessionStreamBuffer log;
    synchronized (watched) {
      var known = watched.get(plan.session());
      if (known == null || known.log.isClosed()) {
        known = new Watched(new SessionStreamBuffer(plan.session(), plan.newest(), json));
        watched.put(plan.session(), known);
        known.feed(plan);
      }
      known.followers.add(follower);
      log = known.log;
    }
    log.add(follower);
    return new StreamCursor(log, plan, new Around(follower));
  }

  /** On the follower's loop. */
  void leave(StreamSubscription<?> follower, StreamCursor cursor) {
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
  Disposable watch(StreamSubscription<?> follower) {
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
    private final SessionStreamBuffer log;
    private final Set<StreamSubscription<?>> followers = new HashSet<>();
    private Disposable looking = () -> {};
    private Runnable deaf = () -> {};
    private Disposable feed = () -> {};

    Watched(SessionStreamBuffer log) {
      this.log = log;
    }

    void feed(StreamRequest plan) {
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
      if (!StreamAccessMonitor.changesRights(fact)) return;
      looking.dispose(); // From now on there is more to look for.
      looking = door.lookAt(log.session(), this::present);
    }

    private List<StreamSubscription<?>> present() {
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
  private final class Around implements StreamCursor.Callbacks {
    private final StreamSubscription<?> follower;
    private final EventExecutor loop;

    Around(StreamSubscription<?> follower) {
      this.follower = follower;
      this.loop = follower.loop();
    }

    @Override
    public Mono<List<EncodedItem>> read(long after) {
      var plan = follower.plan();
      var query = new ListFacts(plan.visit().tenant(), plan.session(), after, PAGE);
      return bus.askAll(plan.visit(), query, StreamItem.class)
          .map(facts -> StreamItemEncoder.encode(json, facts));
    }

    @Override
    public EncodedItem line(StreamItem.Body body) {
      var session = follower.plan().session();
      return StreamItemEncoder.single(
          json, StreamItem.frame(session, null, null, clock.instant(), body));
    }

    @Override
    public Problem problem(Throwable failure) {
      return ProblemMapper.of(failure, follower.plan().visit().requestId());
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
