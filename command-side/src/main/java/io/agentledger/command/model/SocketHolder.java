package io.agentledger.command.model;

import io.agentledger.command.support.SocketOwner;
import io.agentledger.store.DurableFiles;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Holder of a listening socket outside of this service: the script {@code hold-socket} of a
 * process. Connections that arrive while the service is down wait in the socket's queue. Needs
 * netty's native transport for Linux, which can receive a descriptor; where that or perl is missing
 * the service listens by itself.
 *
 * @param path socket on which the holder hands over the descriptor
 * @param startTimeout how long the holder may take to start; zero if it must be running already
 */
public record SocketHolder(Path path, Duration startTimeout) {
  private static final Path PERL = Path.of("/usr/bin/perl");
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(10); // Of one that listens.

  /** Returns whether this host supports a holder. */
  public static boolean isSupported() {
    return Epoll.isAvailable() && Files.isExecutable(PERL);
  }

  /** Returns whether a holder may bind the socket at any time. */
  boolean isStarting() {
    return isSupported() && !startTimeout.isZero();
  }

  /**
   * Writes the request file of a holder that is about to start.
   *
   * @param request the file that {@code hold-socket} reads
   */
  public void request(Path request, Path socket, SocketOwner owner) throws IOException {
    Files.deleteIfExists(path); // From now on only the new holder answers there.
    Files.deleteIfExists(socket); // The holder and the service bind it only if there is none.
    String lines = socket + "\n" + path + "\n" + owner.uid() + "\n" + owner.gid() + "\n";
    DurableFiles.write(request, lines.getBytes(StandardCharsets.UTF_8));
  }

  /** Receives the listening descriptor; empty if there is no holder. */
  Optional<FileDescriptor> receive(LoopResources loops) {
    if (!isSupported()) return Optional.empty();
    long deadlineNanos = System.nanoTime() + startTimeout.toNanos();
    while (true) {
      try {
        return Optional.of(receive(loops.onServer(true)));
      } catch (IOException nobody) {
        if (System.nanoTime() >= deadlineNanos) return Optional.empty();
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  private FileDescriptor receive(EventLoopGroup loop) throws IOException {
    var received = new CompletableFuture<FileDescriptor>();
    Channel channel =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainSocketChannel.class)
            .option(
                EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
            .handler(new DescriptorReader(received))
            .connect(new DomainSocketAddress(path.toString()))
            .addListener(
                connected -> {
                  if (!connected.isSuccess()) received.completeExceptionally(connected.cause());
                })
            .channel();
    try {
      return received.get(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no process holds " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      channel.close();
    }
  }

  private static final class DescriptorReader extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<FileDescriptor> received;

    DescriptorReader(CompletableFuture<FileDescriptor> received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
      var descriptor = (FileDescriptor) message;
      if (!received.complete(descriptor)) descriptor.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      received.completeExceptionally(new IOException("closed without a descriptor"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      received.completeExceptionally(cause);
      context.close();
    }
  }

  /**
   * Returns event loops whose server channel is the received descriptor, which is already
   * listening.
   */
  static LoopResources listenOn(FileDescriptor descriptor, LoopResources loops) {
    return new LoopResources() {
      @Override
      public EventLoopGroup onServer(boolean useNative) {
        return loops.onServer(useNative);
      }

      @Override
      public EventLoopGroup onServerSelect(boolean useNative) {
        return loops.onServerSelect(useNative);
      }

      @Override
      public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
        var server = new EpollServerDomainSocketChannel(descriptor.intValue(), true);
        server.pipeline().addFirst(new BoundAlready());
        return type.cast(server);
      }

      @Override
      public Mono<Void> disposeLater() {
        return Mono.empty();
      }
    };
  }

  private static final class BoundAlready extends ChannelOutboundHandlerAdapter {
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
      promise.setSuccess();
    }
  }
}
