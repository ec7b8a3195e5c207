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
 * The client's own look-up: what it returns was checked, and it is what the client connects to.
 * There is no second look-up that could be answered differently. Even a literal address passes
 * here.
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
        return false; // Else an address that looks resolved would be connected to unseen.
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
