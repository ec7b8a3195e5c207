package io.agentledger.command.support.outbound;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Resolver of the HTTP client: it returns checked addresses only, and the client connects to
 * exactly these. There is no second lookup that could be answered differently. Literal addresses
 * are checked here, too.
 */
final class GuardedResolver extends AddressResolverGroup<InetSocketAddress> {
  private final DestinationPolicy destinations;
  private final Duration timeout;
  private final Executor blocking;

  GuardedResolver(DestinationPolicy destinations, Duration timeout, Executor blocking) {
    this.destinations = destinations;
    this.timeout = timeout;
    this.blocking = blocking;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new AbstractAddressResolver<>(executor, InetSocketAddress.class) {
      @Override
      protected boolean doIsResolved(InetSocketAddress address) {
        return false; // Otherwise a literal address would be connected to unchecked.
      }

      @Override
      protected void doResolve(InetSocketAddress requested, Promise<InetSocketAddress> promise) {
        lookUp(executor(), promise, () -> resolveAddresses(requested).getFirst());
      }

      @Override
      protected void doResolveAll(
          InetSocketAddress requested, Promise<List<InetSocketAddress>> promise) {
        lookUp(executor(), promise, () -> resolveAddresses(requested));
      }
    };
  }

  private <T> void lookUp(EventExecutor loop, Promise<T> promise, Supplier<T> loader) {
    try {
      blocking.execute(
          () -> {
            try {
              promise.trySuccess(loader.get());
            } catch (RuntimeException e) {
              promise.tryFailure(e);
            }
          });
    } catch (RejectedExecutionException e) {
      promise.tryFailure(new OutboundRefusedException(Rule.NAME));
    }
    var timeoutTask =
        loop.schedule(
            () -> promise.tryFailure(new OutboundRefusedException(Rule.NAME)),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    promise.addListener(future -> timeoutTask.cancel(false));
  }

  private List<InetSocketAddress> resolveAddresses(InetSocketAddress requested) {
    return destinations.resolve(requested.getHostString()).stream()
        .map(address -> new InetSocketAddress(address, requested.getPort()))
        .toList();
  }
}
