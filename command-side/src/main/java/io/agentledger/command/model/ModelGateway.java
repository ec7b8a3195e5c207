package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.usage.PassedIds;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.model.usage.UsageMeter;
import io.agentledger.command.support.SocketOwner;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The model gateway. It opens one Unix socket for each process and knows the process by its socket;
 * the key, the counting and the limits are on this side of it. Mount the socket's directory into a
 * sandbox, never the socket itself: after a restart the same path is a new file.
 */
public final class ModelGateway implements AutoCloseable {
  private static final int PATH_BYTES_MAX = 107; // sun_path holds 108 with its final zero.
  private static final Duration IDLE_MAX = Duration.ofMinutes(2);
  private static final Duration REQUEST_MAX = Duration.ofMinutes(1);
  private static final int HEADER_BYTES_MAX = 32 * 1024;

  private final UpstreamCircuit upstream;
  private final UsageMeter.Config config;
  private final ExchangeHandler.Limits limits;
  private final SpendingLimiter spendingLimiter;
  private final LoopResources loops;
  private final Set<ModelSocket> sockets = ConcurrentHashMap.newKeySet();

  /** Where nobody has budgets. */
  public ModelGateway(ModelUpstream upstream, UsageMeter.Config config, ModelSettings settings) {
    this(upstream, config, settings, SpendingLimiter.UNLIMITED);
  }

  public ModelGateway(
      ModelUpstream upstream,
      UsageMeter.Config config,
      ModelSettings settings,
      SpendingLimiter spendingLimiter) {
    this(
        new UpstreamCircuit(
            upstream, UpstreamCircuit.newBreaker(), config.clock(), settings.outageTimeout()),
        config,
        settings,
        spendingLimiter);
  }

  ModelGateway(
      UpstreamCircuit upstream,
      UsageMeter.Config config,
      ModelSettings settings,
      SpendingLimiter spendingLimiter) {
    this.spendingLimiter = spendingLimiter;
    this.upstream = upstream;
    this.config = config;
    this.limits =
        new ExchangeHandler.Limits(settings.bodyMax().toBytes(), settings.exchangeCountMax());
    this.loops = LoopResources.create("model-gateway");
  }

  /** Where answers come from, for every label. */
  public Upstream upstream() {
    return upstream.upstream();
  }

  /**
   * Opens a process's socket, or opens it again after a restart: a stale file is replaced, the
   * usage file goes on where it was, and the ids that were passed on are known again. Nobody but
   * its owner and the service gets in.
   */
  public ModelSocket open(Path socket, SocketOwner owner, Path usageFile, ProcessRef processRef)
      throws IOException {
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      throw new IOException("socket path is longer than " + PATH_BYTES_MAX + " bytes: " + socket);
    }
    for (ModelSocket old : sockets) {
      if (old.path().equals(socket)) old.close();
    }
    var file = UsageFile.open(usageFile, config.clock());
    try {
      var processBudget = new ProcessBudget(processRef.sessionId(), spendingLimiter);
      processBudget.restore(usageFile);
      var passedIds = new PassedIds(usageFile);
      var context = new ExchangeHandler.Context(processRef, file, passedIds, config, processBudget);
      var exchanges = new ExchangeHandler(context, upstream, limits);
      return new ModelSocket(bind(socket, owner, exchanges), exchanges, context, sockets);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** By the JDK's transport: it tells who is at the other end. */
  private ModelSocket.Listener bind(Path socket, SocketOwner owner, ExchangeHandler exchanges)
      throws IOException {
    SocketOwner.Admission admission = owner.admission();
    Files.deleteIfExists(socket); // A killed service leaves it, and bind says "in use".
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    DisposableServer server =
        HttpServer.create()
            .doOnChannelInit((observer, channel, remote) -> admission.closeIfForeign(channel))
            .doOnConnection(connection -> connections.add(connection.channel()))
            .runOn(loops, false)
            .bindAddress(() -> UnixDomainSocketAddress.of(socket))
            .httpRequestDecoder(spec -> spec.maxHeaderSize(HEADER_BYTES_MAX))
            .idleTimeout(IDLE_MAX)
            .requestTimeout(REQUEST_MAX)
            .handle(exchanges::handle)
            .bindNow();
    owner.restrict(socket);
    return new ModelSocket.Listener(socket, server, connections);
  }

  @Override
  public void close() {
    sockets.forEach(ModelSocket::close);
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(Duration.ofSeconds(5));
  }
}
