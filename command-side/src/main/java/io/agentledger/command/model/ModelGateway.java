package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.model.usage.UsageMeter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private final ModelUpstream upstream;
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
   * usage file goes on where it was, and what the model had asked for is known again. The socket
   * may be connected to by anyone who can reach its directory.
   */
  public ModelSocket open(Path socket, Path usageFile, ProcessRef processRef) throws IOException {
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
      var context = new ExchangeHandler.Context(processRef, file, config, processBudget);
      var exchanges = new ExchangeHandler(context, upstream, limits);
      UsageFile.requestedToolCalls(usageFile).forEach(exchanges::recordToolCall);
      return new ModelSocket(bind(socket, exchanges), exchanges, file, sockets);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private ModelSocket.Listener bind(Path socket, ExchangeHandler exchanges) throws IOException {
    Files.deleteIfExists(socket); // A killed service leaves it, and bind says "in use".
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    DisposableServer server =
        HttpServer.create()
            .doOnConnection(connection -> connections.add(connection.channel()))
            .runOn(loops)
            .bindAddress(() -> address(socket))
            .httpRequestDecoder(spec -> spec.maxHeaderSize(HEADER_BYTES_MAX))
            .idleTimeout(IDLE_MAX)
            .requestTimeout(REQUEST_MAX)
            .handle(exchanges::handle)
            .bindNow();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    return new ModelSocket.Listener(socket, server, connections);
  }

  /** Each transport knows only its own kind of address. */
  static SocketAddress address(Path socket) {
    return LoopResources.hasNativeSupport()
        ? new DomainSocketAddress(socket.toString())
        : UnixDomainSocketAddress.of(socket);
  }

  @Override
  public void close() {
    sockets.forEach(ModelSocket::close);
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(Duration.ofSeconds(5));
  }
}
