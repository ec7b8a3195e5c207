package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.usage.PassedIds;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.model.usage.UsageMeter;
import io.agentledger.command.support.SocketOwner;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * The model gateway. It opens one Unix socket for each process and identifies the process by its
 * socket; it holds the key, counts usage and enforces limits. Mount the socket's directory into a
 * sandbox, never the socket itself, because after a restart the path is a new file.
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
  private final boolean simulated;
  private final LoopResources loops;
  private final Set<ModelSocket> sockets = ConcurrentHashMap.newKeySet();

  /** Creates a gateway without budgets. */
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
    this.simulated = upstream.upstream() != Upstream.ANTHROPIC && !settings.rehearsalPrices();
    this.limits =
        new ExchangeHandler.Limits(settings.bodyMax().toBytes(), settings.exchangeCountMax());
    this.loops = LoopResources.create("model-gateway");
  }

  /** Returns the kind of the upstream, which is shown to users. */
  public Upstream upstream() {
    return upstream.upstream();
  }

  /**
   * Opens a process's socket, also again after a restart: a stale file is replaced, the usage file
   * is continued, and the ids of earlier exchanges are read from it. Only the socket's owner and
   * the service can connect.
   */
  public ModelSocket open(Path socket, SocketOwner owner, Path usageFile, ProcessRef processRef)
      throws IOException {
    var listeningSocket = new ListeningSocket(socket, owner, Optional.empty());
    return open(listeningSocket, usageFile, processRef, Optional.empty());
  }

  /**
   * Opens a process's socket: uses the one that the process's supervisor script holds, if there is
   * one; else the service listens itself. Of a holder that starts and a service that does not wait
   * for it any longer, the first binds the path.
   *
   * @param billingContext the run of the first exchanges, some of which may already wait in the
   *     socket's queue; empty if no run was started
   * @throws IOException if the path cannot be bound, or has a holder that does not hand it over
   */
  public ModelSocket open(
      ListeningSocket listeningSocket,
      Path usageFile,
      ProcessRef processRef,
      Optional<BillingContext> billingContext)
      throws IOException {
    Path socket = listeningSocket.path();
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
      var context =
          new ExchangeHandler.Context(
              processRef, file, passedIds, config, processBudget, simulated);
      var exchanges = new ExchangeHandler(context, upstream, limits);
      billingContext.ifPresent(exchanges::bindRun);
      return new ModelSocket(listen(listeningSocket, exchanges), exchanges, context, sockets);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private ModelSocket.Listener listen(ListeningSocket socket, ExchangeHandler exchanges)
      throws IOException {
    SocketOwner.Admission admission = socket.owner().admission();
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    HttpServer server =
        HttpServer.create()
            .doOnChannelInit((observer, channel, remote) -> admission.closeIfForeign(channel))
            .doOnConnection(connection -> connections.add(connection.channel()))
            .httpRequestDecoder(spec -> spec.maxHeaderSize(HEADER_BYTES_MAX))
            .idleTimeout(IDLE_MAX)
            .requestTimeout(REQUEST_MAX)
            .handle(exchanges::handle);
    Optional<FileDescriptor> held = receive(socket);
    if (held.isEmpty()) {
      try {
        return new ModelSocket.Listener(socket.path(), bind(server, socket), connections, false);
      } catch (ChannelBindException taken) {
        held = receive(socket); // A holder was faster.
        if (held.isEmpty()) throw new IOException("cannot listen on " + socket.path(), taken);
      }
    }
    return new ModelSocket.Listener(socket.path(), listen(server, held.get()), connections, true);
  }

  private Optional<FileDescriptor> receive(ListeningSocket socket) {
    return socket.holder().flatMap(holder -> holder.receive(loops));
  }

  private DisposableServer listen(HttpServer server, FileDescriptor held) {
    return server
        .runOn(SocketHolder.listenOn(held, loops), true)
        .bindAddress(() -> new DomainSocketAddress("held"))
        .bindNow();
  }

  /** Binds with the JDK's transport, which is available everywhere and reports the peer's user. */
  private DisposableServer bind(HttpServer server, ListeningSocket socket) throws IOException {
    if (socket.holder().filter(SocketHolder::isStarting).isEmpty()) {
      Files.deleteIfExists(socket.path()); // Left by a killed service; bind would fail.
    }
    DisposableServer bound =
        server
            .runOn(loops, false)
            .bindAddress(() -> UnixDomainSocketAddress.of(socket.path()))
            .bindNow();
    socket.owner().restrict(socket.path());
    return bound;
  }

  @Override
  public void close() {
    sockets.forEach(ModelSocket::close);
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(Duration.ofSeconds(5));
  }
}
