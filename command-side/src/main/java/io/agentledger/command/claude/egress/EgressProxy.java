package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostPattern;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.DnsResolver;
import io.agentledger.command.support.outbound.OutboundSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.unit.DataSize;

/**
 * Egress proxy: beside the model gateway, the only connection from the sandboxes to a network.
 * Opens Unix sockets for each process whose session has network access, and identifies the process
 * by its socket. Uses Netty directly, because a tunnel replaces the HTTP handlers of an open
 * connection, which Reactor Netty's servers do not support.
 */
public final class EgressProxy implements AutoCloseable {
  private static final String DISABLED =
      "must be closed: this installation permits no network access for sessions";

  private static final int LOOPS = 2;
  private static final int THREADS = 16;
  private static final int WAITING_MAX = 256;
  private static final int LINE_BYTES_MAX = 4096;
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  private final EgressSettings settings;
  private final boolean enabled;
  private final HostAccessRules hostAccessRules;
  private final EgressAuthorizer egressAuthorizer;
  private final SessionCommandGateway sessionCommandGateway;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          LOOPS, new DefaultThreadFactory("egress", true), NioIoHandler.newFactory());
  private final ThreadPoolExecutor blocking = newBlockingPool();
  private final Set<EgressSocket> sockets = ConcurrentHashMap.newKeySet();

  /** Services that the proxy uses. */
  public record Dependencies(
      HostPolicies policies, DnsResolver resolver, SessionCommandGateway commandGateway) {}

  /**
   * @param sandboxed whether there are sandboxes; without them the rules could not be enforced
   */
  public EgressProxy(EgressSettings settings, boolean sandboxed, Dependencies dependencies) {
    this.enabled = settings.enabled() && sandboxed;
    this.settings = settings;
    this.hostAccessRules = new HostAccessRules(settings, dependencies.policies());
    this.egressAuthorizer =
        new EgressAuthorizer(
            hostAccessRules,
            new DestinationPolicy(outboundSettings(settings), dependencies.resolver()));
    this.sessionCommandGateway = dependencies.commandGateway();
  }

  /**
   * Returns the outbound settings for agents. Networks that the operator permits for webhooks and
   * MCP servers are not permitted for agents.
   */
  private static OutboundSettings outboundSettings(EgressSettings settings) {
    return new OutboundSettings(
        Set.of(),
        settings.allowedNetworks(),
        List.of(),
        settings.connectTimeout(),
        settings.connectTimeout(),
        settings.connectTimeout(),
        DataSize.ofBytes(0),
        0);
  }

  private static ThreadPoolExecutor newBlockingPool() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("egress-admission-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Returns whether sessions with this network setting have network access on this node. */
  public boolean isOpenFor(Network network) {
    return enabled && !(network instanceof Network.Closed);
  }

  /**
   * Returns why a WebFetch call cannot reach its host, as text for the agent; empty if it can. The
   * addresses are checked with each connection. May block.
   */
  public Optional<String> findFetchDenial(
      Subject subject, Network network, Destination destination) {
    if (!isOpenFor(network)) return Optional.of("the session's environment has no network");
    try {
      hostAccessRules.requireAllowed(EgressClient.WEB_FETCH, subject, network, destination);
      return Optional.empty();
    } catch (EgressDeniedException refused) {
      return Optional.of(refused.rule());
    }
  }

  /**
   * Returns why an environment cannot have this network setting, as the end of a sentence; empty if
   * it can.
   */
  public Optional<String> violation(Network network) {
    return switch (network) {
      case Network.Closed() -> Optional.empty();
      case Network.Limited ignored when !enabled -> Optional.of(DISABLED);
      case Network.Open() when !enabled -> Optional.of(DISABLED);
      case Network.Limited(List<String> hosts) -> patternViolation(hosts);
      case Network.Open() -> Optional.empty();
    };
  }

  private Optional<String> patternViolation(List<String> hosts) {
    for (String line : hosts) {
      Optional<HostPattern> hostPattern = HostPattern.of(line);
      if (hostPattern.isEmpty())
        return Optional.of("names " + line + ", which is not a valid host");
      if (!isPermitted(hostPattern.get()))
        return Optional.of("names " + line + ", which the operator does not permit");
    }
    return Optional.empty();
  }

  private boolean isPermitted(HostPattern requested) {
    List<HostPattern> permitted = settings.allowedPatterns();
    return permitted.isEmpty()
        || permitted.stream().anyMatch(hostPattern -> hostPattern.covers(requested));
  }

  /**
   * Paths of the sockets of a process.
   *
   * @param fetch socket for the CLI itself; empty if it may not fetch pages
   */
  public record Paths(Path commands, Optional<Path> fetch) {}

  /**
   * Opens the sockets of a process; after a restart, replaces stale files. Only their owner and the
   * service can connect.
   */
  public EgressSocket open(Paths paths, SocketOwner owner, EgressContext egressContext)
      throws IOException {
    for (EgressSocket old : sockets) {
      if (old.listensAt(paths.commands())) old.close();
    }
    int connectMillis = (int) settings.connectTimeout().toMillis();
    EgressConnector egressConnector =
        new EgressConnector(egressContext, egressAuthorizer, blocking, connectMillis);
    var connections =
        new EgressSocket.Connections(
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE), new FetchPermits());
    var initializer =
        new ConnectionInitializer(owner.admission(), egressConnector, Optional.empty());
    return new EgressSocket(
        listen(paths, owner, initializer, connections),
        connections,
        egressConnector,
        (run, provenance) ->
            new RunTraffic(egressContext, run, provenance, sessionCommandGateway, settings),
        sockets);
  }

  private List<EgressSocket.Listener> listen(
      Paths paths,
      SocketOwner owner,
      ConnectionInitializer commands,
      EgressSocket.Connections connections)
      throws IOException {
    List<EgressSocket.Listener> listeners = new ArrayList<>();
    ChannelGroup channels = connections.channels();
    try {
      listeners.add(listen(paths.commands(), owner, new ConnectionLimiter(channels), commands));
      if (paths.fetch().isPresent()) {
        var fetches = commands.forFetch(connections.fetchPermits());
        var limiter = new ConnectionLimiter(channels);
        listeners.add(listen(paths.fetch().get(), owner, limiter, fetches));
      }
      return listeners;
    } catch (IOException | RuntimeException failed) {
      listeners.forEach(listener -> listener.channel().close());
      throw failed;
    }
  }

  private EgressSocket.Listener listen(
      Path socket,
      SocketOwner owner,
      ConnectionLimiter connectionLimiter,
      ConnectionInitializer initializer)
      throws IOException {
    Files.deleteIfExists(socket);
    Channel channel = bind(socket, connectionLimiter, initializer);
    owner.restrict(socket);
    return new EgressSocket.Listener(socket, channel);
  }

  private Channel bind(
      Path socket, ConnectionLimiter connectionLimiter, ConnectionInitializer initializer)
      throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerDomainSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, settings.connections())
            .handler(connectionLimiter)
            .childHandler(initializer)
            .bind(UnixDomainSocketAddress.of(socket))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) throw new IOException("cannot listen at " + socket, bound.cause());
    return bound.channel();
  }

  /**
   * Closes accepted connections above the limit of a socket. Counts them in the order in which they
   * are accepted, before each is assigned to an event loop. Each socket has its own limit, so that
   * commands leave connections to the CLI.
   */
  private final class ConnectionLimiter extends ChannelInboundHandlerAdapter {
    private final ChannelGroup connections;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimiter(ChannelGroup connections) {
      this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      var channel = (Channel) accepted;
      if (open.get() >= settings.connections()) {
        channel.unsafe().closeForcibly();
        return;
      }
      open.incrementAndGet();
      channel.closeFuture().addListener(closed -> open.decrementAndGet());
      connections.add(channel);
      context.fireChannelRead(accepted);
    }
  }

  /** Initializes accepted connections. */
  private final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final SocketOwner.Admission admission;
    private final EgressConnector egressConnector;
    private final Optional<FetchPermits> fetchPermits;

    ConnectionInitializer(
        SocketOwner.Admission admission,
        EgressConnector egressConnector,
        Optional<FetchPermits> fetchPermits) {
      this.admission = admission;
      this.egressConnector = egressConnector;
      this.fetchPermits = fetchPermits;
    }

    ConnectionInitializer forFetch(FetchPermits permits) {
      return new ConnectionInitializer(admission, egressConnector, Optional.of(permits));
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(Channel channel) {
      admission.closeIfForeign(channel);
      if (!channel.isOpen()) return;
      long idleMillis = settings.idleTimeout().toMillis();
      channel
          .pipeline()
          .addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS))
          .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, HEADER_BYTES_MAX))
          .addLast(new ProxyRequestHandler(egressConnector, fetchPermits));
    }
  }

  @Override
  public void close() {
    sockets.forEach(EgressSocket::close);
    blocking.shutdownNow();
    loops
        .shutdownGracefully(0, Duration.ofSeconds(3).toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
  }
}
