package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.netty.util.concurrent.EventExecutor;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Registry of the session streams with subscriptions: opened for the first subscription, closed a
 * few seconds after the last one has ended. A shutdown ends all streams first, because no other
 * component waits for them, and clients can continue from their last event on another node or
 * later.
 */
@Component
public class SessionStreamRegistry implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStreamRegistry.class);

  /** Number of events that are read from the store at once: for the first time, and at most. */
  private static final int FIRST_PAGE_SIZE = 8;

  private static final int PAGE_SIZE_MAX = 64;

  private final MessageGateway messageGateway;
  private final TransientEventBus transientEventBus;
  private final WireJson json;
  private final Clock clock;
  private final StreamProperties streamProperties;
  private final StreamAccessMonitor streamAccessMonitor;
  private final Map<SessionId, SessionStream> streams = new HashMap<>();

  /** Also before the start, because requests come while runs are recovered. */
  private volatile boolean running = true;

  SessionStreamRegistry(
      MessageGateway messageGateway,
      TransientEventBus transientEventBus,
      WireJson json,
      Clock clock,
      StreamProperties streamProperties,
      StreamAccessMonitor streamAccessMonitor) {
    this.messageGateway = messageGateway;
    this.transientEventBus = transientEventBus;
    this.json = json;
    this.clock = clock;
    this.streamProperties = streamProperties;
    this.streamAccessMonitor = streamAccessMonitor;
  }

  /** Returns a subscription for server-sent events; fails if the caller may not see the session. */
  public Mono<StreamSubscription<DataBuffer>> sseSubscription(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    var format = clientChannel.httpCodec() == null ? StreamFormat.SSE : StreamFormat.CHUNKED_SSE;
    return authorize(streamRequest, format, clientChannel);
  }

  /** Returns a subscription for a WebSocket; fails if the caller may not see the session. */
  public Mono<StreamSubscription<WebSocketMessage>> webSocketSubscription(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return authorize(streamRequest, StreamFormat.WEB_SOCKET, clientChannel);
  }

  /**
   * Returns a subscription for a WebSocket of the origin document; fails if the caller may not see
   * the session.
   */
  public Mono<StreamSubscription<WebSocketMessage>> taskSubscription(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return authorize(streamRequest, new TaskMessageFormat(null), clientChannel);
  }

  /** Returns a subscription for RSocket; fails if the caller may not see the session. */
  public Mono<StreamSubscription<DataBuffer>> rsocketSubscription(
      StreamRequest streamRequest, ClientChannel clientChannel) {
    return authorize(streamRequest, StreamFormat.RSOCKET, clientChannel);
  }

  /**
   * The only place that creates subscriptions: the feed of a stream runs as the system, and its
   * events are not checked for each subscription.
   */
  private <T> Mono<StreamSubscription<T>> authorize(
      StreamRequest streamRequest, StreamFormat<T> streamFormat, ClientChannel clientChannel) {
    if (streamRequest.queryScope() != null)
      return checkAccess(streamRequest)
          .then(
              Mono.fromSupplier(
                  () ->
                      new StreamSubscription<>(this, streamRequest, streamFormat, clientChannel)));
    var context = streamRequest.context();
    return messageGateway
        .query(
            context,
            new FindSession(context.tenant(), streamRequest.sessionId()),
            SessionView.class)
        .delayUntil(session -> requirePosition(streamRequest, session))
        .map(
            session ->
                new StreamSubscription<>(
                    this,
                    streamRequest.positionedIn(session),
                    streamFormat.forSession(session),
                    clientChannel));
  }

  /**
   * Fails if the caller may not see the session. The stream of a query begins with events that are
   * in the store, so it does not wait for the read model.
   */
  private Mono<?> checkAccess(StreamRequest streamRequest) {
    return listEvents(streamRequest, streamRequest.after(), 1);
  }

  /**
   * Rejects a position after the newest event, after which the client would miss events. Only the
   * store decides, because the read model may not contain the newest events yet.
   */
  private Mono<?> requirePosition(StreamRequest streamRequest, SessionView session) {
    return streamRequest.after() > session.sequence() ? checkAccess(streamRequest) : Mono.empty();
  }

  private Mono<List<StreamItem>> listEvents(StreamRequest streamRequest, long after, int limit) {
    var context = streamRequest.context();
    return messageGateway.queryList(
        context,
        new ListSessionEvents(context.tenant(), streamRequest.sessionId(), after, limit),
        StreamItem.class);
  }

  /** Must be called on the subscription's event loop. */
  StreamCursor subscribe(StreamSubscription<?> subscription) {
    var streamRequest = subscription.streamRequest();
    SessionStreamBuffer sessionStreamBuffer;
    synchronized (streams) {
      var stream = streams.get(streamRequest.sessionId());
      if (stream == null || stream.sessionStreamBuffer.isClosed()) {
        stream =
            new SessionStream(
                new SessionStreamBuffer(
                    streamRequest.sessionId(), streamRequest.newestSequence(), json));
        if (running) {
          streams.put(streamRequest.sessionId(), stream);
          stream.startFeed(streamRequest);
        } else {
          stream.close();
        }
      }
      stream.subscriptions.add(subscription);
      sessionStreamBuffer = stream.sessionStreamBuffer;
    }
    sessionStreamBuffer.add(subscription);
    return new StreamCursor(
        sessionStreamBuffer, streamRequest, new SubscriptionCallbacks(subscription));
  }

  /** Must be called on the subscription's event loop. */
  void unsubscribe(StreamSubscription<?> subscription, StreamCursor cursor) {
    cursor.stop();
    cursor.buffer().remove(subscription);
    synchronized (streams) {
      var stream = streams.get(cursor.buffer().session());
      if (stream == null || stream.sessionStreamBuffer != cursor.buffer()) return;
      stream.subscriptions.remove(subscription);
      if (!stream.subscriptions.isEmpty()) return;
      Mono.delay(streamProperties.idleTimeout()).subscribe(tick -> closeIfUnused(stream));
    }
  }

  private void closeIfUnused(SessionStream stream) {
    synchronized (streams) {
      if (!stream.subscriptions.isEmpty()
          || !streams.remove(stream.sessionStreamBuffer.session(), stream)) return;
    }
    stream.close();
  }

  /** Ends the stream when its caller loses access; active until it is disposed of. */
  Disposable monitorAccess(StreamSubscription<?> subscription) {
    return streamAccessMonitor.terminateOnRevocation(subscription);
  }

  /**
   * Returns the number of open streams, including those without subscriptions that are not closed
   * yet.
   */
  public int openStreamCount() {
    synchronized (streams) {
      return streams.size();
    }
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    List<SessionStream> open;
    synchronized (streams) {
      running = false;
      open = List.copyOf(streams.values());
      streams.clear();
    }
    open.forEach(SessionStream::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** One stream with its sources. */
  private final class SessionStream {
    private final SessionStreamBuffer sessionStreamBuffer;
    private final Set<StreamSubscription<?>> subscriptions = new HashSet<>();
    private Disposable accessRecheck = () -> {};
    private Runnable unsubscribeTransient = () -> {};
    private Disposable feed = () -> {};

    SessionStream(SessionStreamBuffer sessionStreamBuffer) {
      this.sessionStreamBuffer = sessionStreamBuffer;
    }

    void startFeed(StreamRequest streamRequest) {
      var context =
          streamRequest.context().asSystem(); // The first subscription may end before the others.
      var queryScope = streamRequest.queryScope();
      unsubscribeTransient =
          transientEventBus.subscribe(
              sessionStreamBuffer.session(),
              queryScope == null ? null : queryScope.runId(),
              this::onTransientEvent);
      feed =
          Flux.defer(
                  () ->
                      messageGateway.stream(
                          context,
                          new FollowSession(
                              context.tenant(),
                              sessionStreamBuffer.session(),
                              sessionStreamBuffer.newestSequence())))
              .concatWith(Mono.error(() -> new IllegalStateException("the stream ended")))
              .doOnNext(this::append)
              .retryWhen(streamProperties.toRetry())
              .subscribe(item -> {}, sessionStreamBuffer::close);
    }

    private void append(StreamItem item) {
      sessionStreamBuffer.append(item);
      if (!StreamAccessMonitor.isSharingChange(item)) return;
      accessRecheck.dispose(); // The new change extends the time of the rechecks.
      accessRecheck =
          streamAccessMonitor.recheckRepeatedly(sessionStreamBuffer.session(), this::subscriptions);
    }

    private List<StreamSubscription<?>> subscriptions() {
      synchronized (streams) {
        return List.copyOf(subscriptions);
      }
    }

    /** Runs on the sender's thread and must neither block nor throw. */
    private void onTransientEvent(StreamItem item) {
      try {
        sessionStreamBuffer.append(item);
      } catch (RuntimeException failure) {
        LOG.atWarn()
            .addKeyValue("sessionId", sessionStreamBuffer.session())
            .setCause(failure)
            .log("a transient event was lost");
      }
    }

    void close() {
      unsubscribeTransient.run();
      feed.dispose();
      accessRecheck.dispose();
      sessionStreamBuffer.close(null);
    }
  }

  /** Callbacks of one subscription's cursor. */
  private final class SubscriptionCallbacks implements StreamCursor.Callbacks {
    private final StreamSubscription<?> subscription;
    private final EventExecutor loop;
    private volatile int pageSize = FIRST_PAGE_SIZE;

    SubscriptionCallbacks(StreamSubscription<?> subscription) {
      this.subscription = subscription;
      this.loop = subscription.loop();
    }

    @Override
    public Mono<List<EncodedItem>> readStore(long after) {
      return listEvents(subscription.streamRequest(), after, pageSize).map(this::encodePage);
    }

    /** Fewer large events are read at once, because those that are too many are read again. */
    private List<EncodedItem> encodePage(List<StreamItem> items) {
      var encodedItems = StreamItemEncoder.encodeFirst(json, items);
      if (encodedItems.size() < items.size()) pageSize = encodedItems.size();
      else pageSize = Math.min(PAGE_SIZE_MAX, 2 * pageSize);
      return encodedItems;
    }

    @Override
    public EncodedItem encode(StreamItem.Body body) {
      var session = subscription.streamRequest().sessionId();
      return StreamItemEncoder.encodeSingle(
          json, StreamItem.transientEvent(session, null, null, clock.instant(), body));
    }

    @Override
    public Problem toProblem(Throwable failure) {
      return ProblemMapper.toProblem(failure, subscription.streamRequest().context().requestId());
    }

    @Override
    public void runAndDrain(Runnable task) {
      loop.execute(
          () -> {
            task.run();
            subscription.drain();
          });
    }
  }
}
