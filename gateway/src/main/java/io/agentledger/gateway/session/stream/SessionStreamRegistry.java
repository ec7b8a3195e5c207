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

  private final MessageGateway messageGateway;
  private final LiveFrameBus liveFrameBus;
  private final WireJson json;
  private final Clock clock;
  private final StreamProperties streamProperties;
  private final StreamAccessMonitor door;
  private final Map<SessionId, Watched> watched = new HashMap<>();

  SessionStreamRegistry(
      MessageGateway messageGateway,
      LiveFrameBus liveFrameBus,
      WireJson json,
      Clock clock,
      StreamProperties streamProperties,
      StreamAccessMonitor door) {
    this.messageGateway = messageGateway;
    this.liveFrameBus = liveFrameBus;
    this.json = json;
    this.clock = clock;
    this.streamProperties = streamProperties;
    this.door = door;
  }

  /** The session as it stands; fails for whom it is none. Ask before following. */
  public Mono<SessionView> find(RequestContext context, SessionId session) {
    return messageGateway.query(
        context, new FindSession(context.tenant(), session), SessionView.class);
  }

  public StreamSubscription<DataBuffer> sse(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return new StreamSubscription<>(this, streamRequest, StreamFormat.SSE, clientChannel);
  }

  public StreamSubscription<WebSocketMessage> webSocket(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return new StreamSubscription<>(this, streamRequest, StreamFormat.WEB_SOCKET, clientChannel);
  }

  public StreamSubscription<DataBuffer> rsocket(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return new StreamSubscription<>(this, streamRequest, StreamFormat.RSOCKET, clientChannel);
  }

  /** On the follower's loop. */
  StreamCursor subscribe(StreamSubscription<?> subscription) {
    var streamRequest = subscription.plan();
    SessionStreamBuffer sessionStreamBuffer;
    synchronized (watched) {
      var known = watched.get(streamRequest.session());
      if (known == null || known.sessionStreamBuffer.isClosed()) {
        known =
            new Watched(
                new SessionStreamBuffer(streamRequest.session(), streamRequest.newest(), json));
        watched.put(streamRequest.session(), known);
        known.feed(streamRequest);
      }
      known.streamSubscriptions.add(subscription);
      sessionStreamBuffer = known.sessionStreamBuffer;
    }
    sessionStreamBuffer.add(subscription);
    return new StreamCursor(sessionStreamBuffer, streamRequest, new Around(subscription));
  }

  /** On the follower's loop. */
  void unsubscribe(StreamSubscription<?> subscription, StreamCursor cursor) {
    cursor.stop();
    cursor.log().remove(subscription);
    synchronized (watched) {
      var known = watched.get(cursor.log().session());
      if (known == null || known.sessionStreamBuffer != cursor.log()) return;
      known.streamSubscriptions.remove(subscription);
      if (!known.streamSubscriptions.isEmpty()) return;
      Mono.delay(streamProperties.linger()).subscribe(later -> closeIfLonely(known));
    }
  }

  private void closeIfLonely(Watched lonely) {
    synchronized (watched) {
      if (!lonely.streamSubscriptions.isEmpty()
          || !watched.remove(lonely.sessionStreamBuffer.session(), lonely)) return;
    }
    lonely.close();
  }

  /** Ends the stream of who may not have it any more; until it is disposed of. */
  Disposable watch(StreamSubscription<?> subscription) {
    return door.watch(subscription);
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
    private final SessionStreamBuffer sessionStreamBuffer;
    private final Set<StreamSubscription<?>> streamSubscriptions = new HashSet<>();
    private Disposable looking = () -> {};
    private Runnable deaf = () -> {};
    private Disposable feed = () -> {};

    Watched(SessionStreamBuffer sessionStreamBuffer) {
      this.sessionStreamBuffer = sessionStreamBuffer;
    }

    void feed(StreamRequest streamRequest) {
      var context =
          streamRequest.visit().asSystem(); // The first follower may leave before the others.
      deaf = liveFrameBus.listen(sessionStreamBuffer.session(), this::onFrame);
      feed =
          Flux.defer(
                  () ->
                      messageGateway.stream(
                          context,
                          new FollowSession(
                              context.tenant(),
                              sessionStreamBuffer.session(),
                              sessionStreamBuffer.newestFact())))
              .concatWith(Mono.error(() -> new IllegalStateException("the stream ended")))
              .doOnNext(this::append)
              .retryWhen(streamProperties.retry())
              .subscribe(item -> {}, sessionStreamBuffer::close);
    }

    private void append(StreamItem item) {
      sessionStreamBuffer.append(item);
      if (!StreamAccessMonitor.changesRights(item)) return;
      looking.dispose(); // From now on there is more to look for.
      looking = door.watch(sessionStreamBuffer.session(), this::present);
    }

    private List<StreamSubscription<?>> present() {
      synchronized (watched) {
        return List.copyOf(streamSubscriptions);
      }
    }

    /** On the sender's thread, which must not suffer for us. */
    private void onFrame(StreamItem frame) {
      try {
        sessionStreamBuffer.append(frame);
      } catch (RuntimeException fault) {
        LOG.atWarn()
            .addKeyValue("sessionId", sessionStreamBuffer.session())
            .setCause(fault)
            .log("a frame is lost");
      }
    }

    void close() {
      deaf.run();
      feed.dispose();
      looking.dispose();
      sessionStreamBuffer.close(null);
    }
  }

  /** What one follower's cursor needs. */
  private final class Around implements StreamCursor.Callbacks {
    private final StreamSubscription<?> subscription;
    private final EventExecutor loop;

    Around(StreamSubscription<?> subscription) {
      this.subscription = subscription;
      this.loop = subscription.loop();
    }

    @Override
    public Mono<List<EncodedItem>> read(long after) {
      var streamRequest = subscription.plan();
      var query =
          new ListFacts(streamRequest.visit().tenant(), streamRequest.session(), after, PAGE);
      return messageGateway
          .queryList(streamRequest.visit(), query, StreamItem.class)
          .map(items -> StreamItemEncoder.encode(json, items));
    }

    @Override
    public EncodedItem line(StreamItem.Body body) {
      var session = subscription.plan().session();
      return StreamItemEncoder.single(
          json, StreamItem.frame(session, null, null, clock.instant(), body));
    }

    @Override
    public Problem problem(Throwable failure) {
      return ProblemMapper.toProblem(failure, subscription.plan().visit().requestId());
    }

    @Override
    public void then(Runnable task) {
      loop.execute(
          () -> {
            task.run();
            subscription.drain();
          });
    }
  }
}
